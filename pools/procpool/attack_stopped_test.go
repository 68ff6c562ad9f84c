package procpool

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func attackStopped(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	short := Tune(p, Tuning{TaskTimeout: 300 * time.Millisecond})
	stopped := pidsOf(p)[0]
	halt(t, stopped)
	within(t, "a call that ends by its context", func() { Call(limited(t, 200*time.Millisecond), short, square, 3) })
	within(t, "Call", func() { works(t, p) })
	within(t, "Submit", func() { Submit(t.Context(), p, square, 3).Get(t.Context()) })
	eventually(t, "the stopped worker is gone", func() bool { return !alive(stopped) })
	halt(t, pidsOf(p)[0])
	within(t, "another one", func() { Call(limited(t, 200*time.Millisecond), short, square, 3) })
	within(t, "Close", func() { p.Close() })
	return "it was replaced, and Close returned"
}

// stopMid returns many MiB and stops its process while they are sent.
var stopMid = Register("stopmid/v1", func(_ context.Context, after int) ([]byte, error) {
	if after >= 0 {
		time.AfterFunc(time.Duration(after)*time.Millisecond, func() { kill(os.Getpid(), sigStop) })
	}
	return make([]byte, fewer(64, 8)<<20), nil
})

func attackStopMid(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	failed := 0
	for _, after := range []int{0, 1, 5} {
		within(t, "Call", func() {
			if _, err := Call(limited(t, 3*time.Second), Tune(p, Tuning{TaskTimeout: 400 * time.Millisecond}), stopMid, after); err != nil {
				failed++
			}
		})
	}
	within(t, "a call afterwards", func() { works(t, p) })
	return fmt.Sprintf("%d of 3 calls failed by their time limit, all returned", failed)
}

func attackStopMidSubmit(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	for _, after := range []int{0, 1, 5} {
		within(t, "Get", func() {
			Submit(limited(t, 500*time.Millisecond), p, stopMid, after).Get(t.Context())
		})
	}
	within(t, "Terminate", func() { p.Terminate() })
	return "all ended by their context"
}

func attackStopStarting(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	holdStarts(t, func(pid int) { kill(pid, sigStop) })
	kill(pidsOf(p)[0], syscall.SIGKILL)
	eventually(t, "another is started", func() bool { return p.Stats().Started == 2 })
	time.Sleep(50 * time.Millisecond)
	within(t, "Close", func() { p.Close() })
	return "Close returned after the grace"
}

func attackStopSurplus(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 2, Grace: attackGrace})
	holdStarts(t, func(pid int) { kill(pid, sigStop) })
	kill(pidsOf(p)[1], syscall.SIGKILL)
	eventually(t, "another is started", func() bool { return p.Stats().Started == 3 })
	time.Sleep(50 * time.Millisecond)
	p.Resize(1)
	within(t, "Close", func() { p.Close() })
	return "Close returned after the grace"
}

// A stuckWriter never returns while the test runs.
type stuckWriter struct{ release chan struct{} }

func (w stuckWriter) Write(b []byte) (int, error) { <-w.release; return len(b), nil }

var say = Register("say/v1", func(_ context.Context, n int) (int, error) {
	fmt.Fprint(os.Stderr, strings.Repeat("x", n))
	return n, nil
})

func attackStuckWriter(t *testing.T, tr Transport) string {
	w := stuckWriter{make(chan struct{})}
	t.Cleanup(func() { close(w.release) })
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace, Stderr: w})
	q := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	r := begin(t, tr, Options{Workers: 1, Grace: attackGrace, Stderr: w}) // shares it
	within(t, "a task that says little", func() { must[int](t)(Call(t.Context(), p, say, 10)) })
	within(t, "a worker that ends", func() {
		_, err := Call(t.Context(), p, exit, 3)
		wantDeath(t, err, 3, 0, "exit code 3")
	})
	within(t, "a task that says much", func() { Call(limited(t, 500*time.Millisecond), p, say, 300_000) })
	within(t, "another pool", func() { must[int](t)(Call(t.Context(), q, say, 200_000)) })
	within(t, "another pool with the same writer", func() { Call(limited(t, 500*time.Millisecond), r, say, 200_000) })
	for _, p := range []*Pool{p, q, r} {
		within(t, "Terminate", func() { p.Terminate() })
	}
	return "calls returned by their context, the other pool was as ever"
}

func attackStuckFile(t *testing.T, tr Transport) string {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace, Stderr: w})
	within(t, "a task that logs much", func() { Call(limited(t, 500*time.Millisecond), p, say, 300_000) })
	within(t, "Terminate", func() { p.Terminate() })
	w.Close() // the goroutine in Write returns
	return "returned by its context"
}

type panickingWriter struct{ how string }

func (w *panickingWriter) Write([]byte) (int, error) {
	if w.how == "Goexit" {
		runtime.Goexit()
	}
	panic("in Write")
}

func attackPanickingWriter(t *testing.T, tr Transport) string {
	for _, how := range []string{"panic", "Goexit"} {
		w := &panickingWriter{how}
		p := begin(t, tr, Options{Workers: 1, Stdout: w, Stderr: w})
		q := begin(t, tr, Options{Workers: 1, Stdout: w, Stderr: w})
		for _, p := range []*Pool{p, q, p} {
			within(t, "a task that prints", func() { must[string](t)(Call(t.Context(), p, misbehave, "noise")) })
		}
		within(t, "Close", func() { p.Close() })
		within(t, "Close", func() { q.Close() })
	}
	return "tasks do not notice"
}

// spawn starts a process that outlives the worker and holds its output, and
// exits.
var spawn = Register("spawn/v1", func(_ context.Context, file string) (int, error) {
	if file != "" {
		os.WriteFile(file, fmt.Append(nil, hold(file)), 0o600)
	}
	os.Exit(3)
	return 0, nil
})

// hold starts a process that has all descriptors of this one, as a fork
// without exec does, and returns its number.
func hold(string) int {
	c := exec.Command("sleep", "300")
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	for fd := 3; fd < 16; fd++ {
		if f := dup(fd); f != nil {
			c.ExtraFiles = append(c.ExtraFiles, f)
		}
	}
	setGroup(c)
	if c.Start() != nil {
		return 0
	}
	return c.Process.Pid
}

func attackHeldDescriptors(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	file := t.TempDir() + "/pid"
	within(t, "a worker whose descriptors another process holds exits", func() {
		_, err := Call(t.Context(), p, spawn, file)
		wantDeath(t, err, 3, 0, "exit code 3")
	})
	within(t, "a call afterwards", func() { works(t, p) })
	within(t, "Terminate", func() { p.Terminate() })
	pid := readPid(t, file)
	if !alive(pid) {
		t.Error("the process that was to hold them is gone")
	}
	kill(pid, syscall.SIGKILL)
	return "its death was seen at once"
}

func attackMaxChunk(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 2})
	within(t, "Map", func() {
		out, err := Map(t.Context(), Tune(p, Tuning{Chunk: math.MaxInt}), square, upTo(100))
		if err != nil || !slices.Equal(out, squares(100)) {
			t.Errorf("Map = %v, %v", out, err)
		}
	})
	within(t, "Ordered", func() {
		n := 0
		for x, err := range Ordered(t.Context(), Tune(p, Tuning{Chunk: math.MaxInt, Window: maxWindow}), square, slices.Values(upTo(100))) {
			if err != nil || x != n*n {
				t.Fatalf("Ordered: %v, %v", x, err)
			}
			n++
		}
	})
	return "all in one chunk"
}

// scrawl writes to every descriptor that its process may have.
var scrawl = Register("scrawl/v1", func(_ context.Context, text []byte) (int, error) {
	for fd := 3; fd < 16; fd++ {
		writeTo(fd, text)
	}
	time.Sleep(50 * time.Millisecond)
	return 1, nil
})

func attackJunk(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	died := 0
	for _, text := range []string{"hello world, this is a log line of a C library\n", strings.Repeat("\x00", 64), strings.Repeat("\xff", 100), "x"} {
		within(t, "a task that writes on its descriptors", func() {
			if _, err := Call(limited(t, 2*time.Second), p, scrawl, []byte(text)); err != nil {
				died++
			}
		})
		within(t, "a call afterwards", func() { works(t, p) })
	}
	return fmt.Sprintf("%d of 4 tasks failed, nothing else", died)
}

func attackJunkHeader(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, kind := range []byte{frameOK, frameMixed, frameFault, frameRetire, 0, 200} {
		for _, bits := range []int{0, 20, 33, 40, 47} {
			var b [16]byte
			binary.LittleEndian.PutUint64(b[:], uint64(1)<<bits<<16|uint64(kind))
			binary.LittleEndian.PutUint64(b[8:], 1<<32)
			Call(limited(t, 2*time.Second), p, scrawl, b[:])
		}
	}
	runtime.ReadMemStats(&after)
	if grown := after.Sys - min(after.Sys, before.Sys); grown > 64<<20 {
		t.Errorf("headers of 16 bytes made this process grow by %d MiB", grown>>20)
	}
	within(t, "a call afterwards", func() { works(t, p) })
	return "no memory was taken for what never came"
}
