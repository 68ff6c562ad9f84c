//go:build unix

package main

import (
	"bufio"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// writeSeries writes benchmark text of many series of five levels.
func writeSeries(tb testing.TB, file string, series, samples int) {
	f, err := os.Create(file)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	defer w.Flush()
	fmt.Fprintln(w, "goos: linux\ngoarch: amd64")
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range series {
		sigma := 0.2 * rng.Float64()
		for _, n := range []int{1, 2, 4, 8, 16} {
			for range samples {
				t := 1e6 * (sigma + (1-sigma)/float64(n)) * math.Exp(0.03*rng.NormFloat64())
				fmt.Fprintf(w, "BenchmarkS/c=%d/workers=%d-16 \t 100\t%.0f ns/op\n", i, n, t)
			}
		}
	}
}

// spent runs a program and returns its CPU time for each series, in µs, and the
// most memory that it had, in MB.
func spent(tb testing.TB, series int, name string, args ...string) (cpu, memory float64) {
	cmd := exec.CommandContext(tb.Context(), name, args...)
	out, err := os.Create(filepath.Join(tb.TempDir(), "out"))
	if err != nil {
		tb.Fatal(err)
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, os.Stderr
	if err := cmd.Run(); err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	u := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	seconds := cmd.ProcessState.UserTime().Seconds() + cmd.ProcessState.SystemTime().Seconds()
	return 1e6 * seconds / float64(series), float64(u.Maxrss) / 1024 // kB on Linux
}

// BenchmarkSeries fits files of many series of five levels, and gives them to
// benchstat as well: CPU time for each series and the most memory of both.
//
//	go test -run '^$' -bench Series -benchtime 1x ./cmd/amdahl
func BenchmarkSeries(b *testing.B) {
	dir := b.TempDir() // without "=", which benchstat takes for a label
	benchstat := filepath.Join(dir, "benchstat")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", benchstat, "golang.org/x/perf/cmd/benchstat").CombinedOutput(); err != nil {
		b.Skipf("benchstat cannot be built: %v: %s", err, out)
	}
	for _, c := range []struct{ series, samples int }{{1000, 10}, {10000, 10}, {100000, 2}} {
		b.Run(fmt.Sprintf("series=%d/samples=%d", c.series, c.samples), func(b *testing.B) {
			file := filepath.Join(dir, fmt.Sprintf("%d.txt", c.series))
			writeSeries(b, file, c.series, c.samples)
			for b.Loop() {
				cpu, memory := spent(b, c.series, os.Args[0], "amdahl", "fit", file)
				b.ReportMetric(cpu, "cpu-µs/series")
				b.ReportMetric(memory, "MB")
				cpu, memory = spent(b, c.series, benchstat, file)
				b.ReportMetric(cpu, "benchstat-cpu-µs/series")
				b.ReportMetric(memory, "benchstat-MB")
				b.ReportMetric(0, "ns/op")
			}
		})
	}
}
