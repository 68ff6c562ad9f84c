package host_test

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"amdahl/pools/procpool"
	"amdahl/pools/procpool/host"
)

func TestMain(m *testing.M) {
	host.ServeIfWorker(
		host.Role{Name: "echo", Helper: func(ctx context.Context, arg string, ready func(string)) error {
			ready("ready: " + arg)
			<-ctx.Done()
			return nil
		}},
		host.Role{Name: "mute", Helper: func(context.Context, string, func(string)) error {
			return errors.New("no voice")
		}},
		host.Role{Name: "dying", Helper: func(_ context.Context, _ string, ready func(string)) error {
			ready("")
			os.Exit(7)
			return nil
		}},
		host.Role{Name: "silent", Helper: func(context.Context, string, func(string)) error { select {} }},
	)
	os.Exit(m.Run())
}

func TestHelper(t *testing.T) {
	ready, stop, err := host.StartHelper(t.Context(), "echo", "a b, c")
	if err != nil || ready != "ready: a b, c" {
		t.Fatalf("StartHelper = %q, %v", ready, err)
	}
	for range 2 {
		if err := stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
	}
	for role, want := range map[string]string{"mute": "no voice", "nobody": "no role"} {
		if _, _, err := host.StartHelper(t.Context(), role, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", role, err, want)
		}
	}
	_, stop, err = host.StartHelper(t.Context(), "dying", "")
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond) // mostly it has died before stop, and else it dies meanwhile
	if err := stop(); err == nil || !strings.Contains(err.Error(), "exit code 7") {
		t.Errorf("stop of a dead helper: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, _, err := host.StartHelper(ctx, "silent", ""); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a helper that never is ready: %v, want the deadline", err)
	}
}

// TestRoles: a role without a name or a function, and one that stands twice,
// are the caller's bug.
func TestRoles(t *testing.T) {
	helper := func(context.Context, string, func(string)) error { return nil }
	for name, roles := range map[string][]host.Role{
		"no name": {{Helper: helper}}, "no helper": {{Name: "x"}}, "twice": {{Name: "x", Helper: helper}, {Name: "x", Helper: helper}},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			host.ServeIfWorker(roles...)
		}()
	}
}

func TestAborted(t *testing.T) {
	task := func(f func()) (err error) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			defer func() { err = host.Aborted(3, recover()) }()
			f()
		}()
		<-done
		return err
	}
	var p *procpool.PanicError
	if err := task(func() { panic("oh") }); !errors.As(err, &p) || p.Task != 3 || p.Value != "oh" || len(p.Stack) == 0 {
		t.Errorf("a panic: %v", err)
	}
	if err := task(runtime.Goexit); !errors.Is(err, procpool.ErrGoexit) || !strings.Contains(err.Error(), "task 3") {
		t.Errorf("Goexit: %v", err)
	}
}
