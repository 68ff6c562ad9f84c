package procpool

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"amdahl/pools/procpool/internal/child"
)

// testErrors: what a task returns or panics with comes back with its type
// where that can be.
func testErrors(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 1})
	get := func(how string) error {
		for i, call := range []func() error{
			func() error { _, err := Call(t.Context(), p, misbehave, how); return err },
			func() error { return must[*Future[string]](t)(Submit(t.Context(), p, misbehave, how), nil).wait() },
			func() error { _, err := Map(t.Context(), p, misbehave, []string{"ok", how, "ok"}); return err },
		} {
			err := call()
			if err == nil {
				t.Errorf("%s, way %d: no error", how, i)
			}
			if i == 2 {
				return err
			}
		}
		return nil
	}
	var te *typedError
	if err := get("typed"); !errors.As(err, &te) || te.Code != 42 || !strings.Contains(err.Error(), "wrapped: code 42") {
		t.Errorf("typed: %v", err)
	}
	if err := get("sentinel"); !errors.Is(err, errSentinel) {
		t.Errorf("sentinel: %v", err)
	}
	var pe *fs.PathError
	if err := get("notexist"); !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &pe) || pe.Path != "/does/not/exist" {
		t.Errorf("not exist: %v", err)
	}
	if err := get("goexit"); !errors.Is(err, ErrGoexit) {
		t.Errorf("Goexit: %v", err)
	}
	for how, want := range map[string]string{
		"panic string": "a string", "panic struct": "{1 2}", "panic error": "code 7", "panic nil": "panic called with nil", "panic runtime": "nil pointer dereference",
	} {
		err := get(how)
		var p *PanicError
		if !errors.As(err, &p) || !strings.Contains(p.Error(), want) || !strings.Contains(string(p.Stack), "funcs_test.go") || p.Task != 1 {
			t.Fatalf("%s: %v; want a PanicError with %q and the line in its stack", how, err, want)
		}
		if (p.Pid != 0) != (tr != Goroutines) || p.Pid == os.Getpid() {
			t.Errorf("%s: pid %d", how, p.Pid)
		}
		te = nil
		if how == "panic error" && (!errors.As(err, &te) || te.Code != 7) {
			t.Errorf("%s: its type is lost: %v", how, err)
		}
		var re runtime.Error
		if (how == "panic runtime" || how == "panic nil") != errors.As(err, &re) {
			t.Errorf("%s: runtime.Error: %v", how, err)
		}
	}
	if tr == Goroutines {
		_, err := Call(t.Context(), p, misbehave, "sentinel")
		if re := (*RemoteError)(nil); errors.As(err, &re) || !errors.Is(err, errSentinel) {
			t.Errorf("in this process: %v, want the very error", err)
		}
	}
	works(t, p)
}

func (f *Future[T]) wait() error { <-f.Done(); return f.Err() }

func testFirstError(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	in := slices.Repeat([]string{"ok"}, 50_000)
	in[10] = "typed"
	_, err := Map(t.Context(), Tune(p, Tuning{Chunk: 1, FirstError: true}), misbehave, in)
	var errs Errors
	if !errors.As(err, &errs) || len(errs) != 1 || errs[0].Task != 10 {
		t.Errorf("got %v, want one error, of task 10", err)
	}
	if n := p.Stats().Tasks; n >= 50_000 {
		t.Errorf("%d tasks ran: the first error stopped nothing", n)
	}
	works(t, p)
}

func testUnknown(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 1})
	late := lateFunc()
	if _, err := Call(t.Context(), p, late, 1); !errors.Is(err, ErrUnknownFunc) || !strings.Contains(err.Error(), "late/v1") {
		t.Errorf("got %v, want ErrUnknownFunc and the name", err)
	}
	works(t, p)
	defer func() {
		if recover() == nil {
			t.Error("registering a name twice did not panic")
		}
	}()
	Register("square/v1", square.call)
}

var lateOnce *Func[int, int]

func lateFunc() *Func[int, int] {
	if lateOnce == nil {
		lateOnce = Register("late/v1", func(_ context.Context, x int) (int, error) { return x, nil })
	}
	return lateOnce
}

func testSkew(t *testing.T, tr Transport) {
	old := programID
	defer func() { programID = old }()
	programID = func() uint64 { return 1 }
	if p, err := Start(t.Context(), Options{Workers: 1, Transport: tr}); err == nil || !strings.Contains(err.Error(), "another build") {
		p.Close()
		t.Errorf("Start: %v, want that it is another build", err)
	}
}

func testCodec(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Codec: codecJSON})
	before := codecJSON.used.Load()
	if got, err := Call(t.Context(), p, greet, person{Name: "Bo", Age: map[string]int{"y": 2}}); err != nil || got.Name != "hello Bo" || got.Age["y"] != 2 {
		t.Errorf("greet = %v, %v", got, err)
	}
	if codecJSON.used.Load() == before {
		t.Error("Options.Codec was not used")
	}
	if _, err := Start(t.Context(), Options{Transport: tr, Codec: &strangeCodec{}}); err == nil || !strings.Contains(err.Error(), "RegisterCodec") {
		t.Errorf("a codec that workers do not know: %v", err)
	}
}

type strangeCodec struct{ jsonCodec }

func (*strangeCodec) Name() string { return "strange" }

func testNested(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 1})
	if got, err := Call(t.Context(), p, nested, maxDepth-1); got != 42 || err != nil {
		t.Errorf("%d deep: %v, %v; want 42", maxDepth, got, err)
	}
	if _, err := Call(t.Context(), p, nested, maxDepth); err == nil || !strings.Contains(err.Error(), "deep") {
		t.Errorf("one deeper: %v, want an error", err)
	}
	// A tree is killed with its root.
	file := filepath.Join(t.TempDir(), "pid")
	f := Submit(t.Context(), p, nestedNap, file)
	eventually(t, "the inner worker runs", func() bool { b, _ := os.ReadFile(file); return len(b) > 0 })
	inner := readPid(t, file)
	kill(pidsOf(p)[0], syscall.SIGKILL)
	if f.wait() == nil {
		t.Error("no error although the worker was killed")
	}
	eventually(t, "the inner worker is gone", func() bool { return !alive(inner) })
}

func testEarlierResults(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 1})
	a, b := Submit(t.Context(), p, square, 3), Submit(t.Context(), p, square, 4)
	c := Submit(t.Context(), p, killMe, int(syscall.SIGSEGV))
	go p.Close()
	if x, err := a.Get(t.Context()); x != 9 || err != nil {
		t.Errorf("%v, %v", x, err)
	}
	if x, err := b.Get(t.Context()); x != 16 || err != nil {
		t.Errorf("%v, %v", x, err)
	}
	wantDeath(t, c.wait(), 2, 0, "SIGSEGV")
	<-p.Done()
}

// testKillAndClose: workers die just before, or after, Close is called.
func testKillAndClose(t *testing.T, tr Transport) {
	for i := range fewer(10, 3) {
		p := begin(t, tr, Options{})
		f := Submit(t.Context(), p, killMe, int(syscall.SIGKILL))
		bad := Submit(t.Context(), p, takeTrap, trap{"encode", "error"})
		if i%2 == 0 {
			kill(pidsOf(p)[0], syscall.SIGKILL)
		}
		p.Close()
		if f.wait() == nil || bad.wait() == nil {
			t.Error("a task without its error")
		}
	}
}

func testCPU(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 1})
	before := must[time.Duration](t)(p.CPUTime(t.Context()))
	must[int](t)(Call(t.Context(), p, burn, 30))
	if used := must[time.Duration](t)(p.CPUTime(t.Context())) - before; used < 10*time.Millisecond {
		t.Errorf("30 ms of work used %v of CPU", used)
	}
	each, err := Broadcast(t.Context(), p, pid, 0)
	if err != nil || len(each) != 1 {
		t.Errorf("Broadcast = %v, %v", each, err)
	}
}

var burn = Register("burn/v1", func(_ context.Context, ms int) (int, error) {
	n := 0
	for end := child.CPUTime() + int64(ms)*1e6; child.CPUTime() < end; {
		n++
	}
	return n, nil
})

// testIdleCPU: a pool with nothing to do does nothing.
func testIdleCPU(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 4})
	must[[]int](t)(Map(t.Context(), p, square, upTo(10_000)))
	// They wait awake for a short while, and then for good: some interval is quiet.
	least := time.Hour
	for range 20 {
		before := must[time.Duration](t)(p.CPUTime(t.Context()))
		time.Sleep(300 * time.Millisecond)
		if least = min(least, must[time.Duration](t)(p.CPUTime(t.Context()))-before); least <= 30*time.Millisecond {
			return
		}
	}
	t.Errorf("4 idle workers used %v of CPU or more in each 300 ms", least)
}
