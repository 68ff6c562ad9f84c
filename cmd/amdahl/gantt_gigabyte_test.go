package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"
)

var gigabyte = flag.String("gigabyte", "", "draw and list the critical path of this large trace, as kept by go test ./bench/critical -run Gigabyte -gigabyte 1000 -gigabyte-keep FILE, and hold time and memory against their limits; an absolute path; with -test.v")

// The critical path of a trace of 1 GB is listed, and drawn over its goroutines, in at most 30 s
// and 1 GB of memory.
func TestGanttGigabyte(t *testing.T) {
	if *gigabyte == "" {
		t.Skip("draws a large trace; -gigabyte FILE")
	}
	info, err := os.Stat(*gigabyte)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, args := range [][]string{
		{"gantt", "--critical", *gigabyte},
		{"gantt", "--critical", *gigabyte, "-o", filepath.Join(dir, "critical.svg")},
		{"gantt", *gigabyte, "-o", filepath.Join(dir, "processors.svg")},
		{"what-if", "--region", "part", *gigabyte},
	} {
		debug.FreeOSMemory()
		_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // forget the most memory so far
		begin, cpu := time.Now(), spentCPU()
		var stdout, stderr bytes.Buffer
		if status := run(t.Context(), args, strings.NewReader(""), &stdout, &stderr); status != 0 {
			t.Errorf("%q: exit status %d: %s", args, status, &stderr)
			continue
		}
		gb := float64(info.Size()) / 1e9
		took := time.Since(begin).Seconds() / gb
		cpu = (spentCPU() - cpu) / gb
		most := mostMemory()
		t.Logf("%-70.70s %5.1f s for 1 GB, %5.1f s of CPU, at most %.0f MB of memory", strings.Join(args, " "), took, cpu, most/1e6)
		if took > 30 || most > 1e9 {
			t.Errorf("%q: %.1f s for 1 GB, %.0f MB", args, took, most/1e6)
		}
	}
}

// spentCPU is the CPU time of this process so far, in s; 0 where the system does not say.
func spentCPU() float64 {
	text, _ := os.ReadFile("/proc/self/stat")
	f := strings.Fields(string(text))
	if len(f) < 15 {
		return 0
	}
	user, _ := strconv.ParseFloat(f[13], 64)
	system, _ := strconv.ParseFloat(f[14], 64)
	return (user + system) / 100
}

// mostMemory is the most memory that this process had, in bytes; 0 where the system does not
// say.
func mostMemory() float64 {
	text, _ := os.ReadFile("/proc/self/status")
	_, after, _ := strings.Cut(string(text), "VmHWM:")
	kb, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(strings.SplitN(after, "\n", 2)[0]), " kB"), 64)
	return kb * 1024
}
