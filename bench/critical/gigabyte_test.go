package critical

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"runtime/trace"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	xtrace "golang.org/x/exp/trace"

	"amdahl/bench/transitions"
)

var gigabyte = flag.Int("gigabyte", 0, "record a trace of this many MB and follow it: 1000 takes some 2 GB in the temporary directory; with -test.v")

var gigabyteKeep = flag.String("gigabyte-keep", "", "keep the trace of -gigabyte in this file, as for go test ./cmd/amdahl -run Gigabyte -gigabyte FILE; an absolute path")

var gigabyteFloor = flag.Bool("gigabyte-floor", false, "read the trace of -gigabyte by golang.org/x/exp/trace, too")

// A trace of 1 GB is followed in at most 30 s and in 1 GB of memory. It measures for a minute:
//
//	go test ./bench/critical -run Gigabyte -gigabyte 1000 -v
func TestGigabyte(t *testing.T) {
	if *gigabyte == 0 {
		t.Skip("records and follows a large trace; -gigabyte 1000")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "large.trace")
	if *gigabyteKeep != "" {
		file = *gigabyteKeep
	}
	size := talk(t, file, int64(*gigabyte)*1e6)
	mb := float64(size) / 1e6
	open := func() *os.File {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	timed := func(name string, do func(f *os.File) error) {
		f := open()
		debug.FreeOSMemory()
		_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // forget the most memory so far
		begin, cpu := time.Now(), spent()
		if err := do(f); err != nil {
			t.Fatal(name, err)
		}
		took := time.Since(begin).Seconds()
		cpu = spent() - cpu
		t.Logf("%-28s %6.1f s, %6.1f s of CPU for %.0f MB; for 1 GB %4.1f s, %4.1f s of CPU; %s", name, took, cpu, mb, took/mb*1000, cpu/mb*1000, most())
	}
	timed("goroutines alone", func(f *os.File) error {
		r, err := transitions.NewReader(f)
		var e transitions.Event
		n := 0
		for err == nil {
			if err = r.Read(&e); err == nil {
				n++
			}
		}
		t.Logf("%.1f million changes", float64(n)/1e6)
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err
	})
	timed("the critical path", func(f *os.File) error {
		_, err := Find(f, Options{Temp: dir})
		return err
	})
	timed("what if", func(f *os.File) error {
		_, err := WhatIf(f, Question{Region: "part", Times: 0.5})
		return err
	})
	if *gigabyteFloor {
		timed("golang.org/x/exp/trace alone", func(f *os.File) error {
			in, err := xtrace.NewReader(bufio.NewReaderSize(f, 1<<20))
			for err == nil {
				_, err = in.ReadEvent()
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		})
	}
}

// spent is the CPU time of this process so far, in s; 0 where the system does not say.
func spent() float64 {
	text, err := os.ReadFile("/proc/self/stat")
	f := strings.Fields(string(text))
	if err != nil || len(f) < 15 {
		return 0
	}
	user, _ := strconv.ParseFloat(f[13], 64)
	system, _ := strconv.ParseFloat(f[14], 64)
	return (user + system) / 100
}

// most is the most memory that this process had, where the system says so.
func most() string {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "memory unknown"
	}
	_, after, _ := strings.Cut(string(text), "VmHWM:")
	line, _, _ := strings.Cut(after, "\n")
	return "at most " + strings.TrimSpace(line) + " of memory"
}

// talk traces goroutines that pass tokens through channels and wait for a lock, until the
// trace has so many bytes.
func talk(t *testing.T, file string, bytes int64) int64 {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := trace.Start(f); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	var mu sync.Mutex
	for i := range 4 {
		there, back := make(chan int), make(chan int)
		all.Go(func() {
			defer close(there)
			for n := 0; ctx.Err() == nil; n++ {
				there <- n
				<-back
				if n%100 == i {
					trace.WithRegion(ctx, "part", func() {
						mu.Lock()
						time.Sleep(0)
						mu.Unlock()
					})
				}
			}
		})
		all.Go(func() {
			for n := range there {
				back <- n
			}
		})
	}
	for size := int64(0); size < bytes; {
		time.Sleep(50 * time.Millisecond)
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		size = info.Size()
	}
	stop()
	all.Wait()
	trace.Stop()
	info, err := f.Stat()
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(fmt.Errorf("writing the trace: %w", err))
	}
	return info.Size()
}
