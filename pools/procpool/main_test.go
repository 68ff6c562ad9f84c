//go:build unix

package procpool

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// limit bounds every wait of a test; it is reached only by a failure.
const limit = 30 * time.Second

// modeVariable makes the test binary another program, see TestMain.
const modeVariable = "PROCPOOL_TEST_MODE"

func TestMain(m *testing.M) {
	mode := os.Getenv(modeVariable)
	if mode == "no hook" {
		_, err := Start(context.Background(), Options{Workers: 1})
		fmt.Println(err)
		os.Exit(0)
	}
	ServeIfWorker(
		Role{Name: Tasks, Tasks: openTasks},
		Role{Name: "family", Tasks: openTasks, Children: true},
		Role{Name: "echo", Helper: echo},
		Role{Name: "stubborn", Helper: func(_ context.Context, _ string, ready func(string)) error {
			ready("")
			select {}
		}},
		Role{Name: "loser", Helper: func(_ context.Context, arg string, ready func(string)) error {
			return errors.New("lost " + arg)
		}},
		Role{Name: "quitter", Helper: func(context.Context, string, func(string)) error { return nil }},
		Role{Name: "late", Helper: func(ctx context.Context, _ string, ready func(string)) error {
			ready("")
			<-ctx.Done()
			return errors.New("could not tidy up")
		}},
	)
	switch mode {
	case "exit", "wait": // a parent that does not call Close
		p, err := Start(context.Background(), Options{Workers: 1, Spec: "hold " + os.Args[1]})
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		go p.Run(context.Background(), 0, 1)
		io.Copy(io.Discard, os.Stdin) // until the test has seen the task
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func echo(ctx context.Context, arg string, ready func(string)) error {
	ready("I heard " + arg)
	ready("again")
	<-ctx.Done()
	return nil
}

// tasks is what a worker of the tests does: a word, and its argument.
type tasks struct{ what, arg string }

func openTasks(_ context.Context, spec string) (Task, error) {
	what, arg, _ := strings.Cut(spec, " ")
	switch what {
	case "refuse":
		return nil, errors.New("refused: " + arg)
	case "crash":
		panic("crashed: " + arg)
	case "hold-open":
		hold(context.Background(), arg)
	}
	return tasks{what, arg}, nil
}

func (t tasks) Counters() map[string]int64 {
	if t.what != "count" {
		return nil
	}
	return map[string]int64{"one": 1, "pid": int64(os.Getpid())}
}

func (t tasks) Close() error {
	switch t.what {
	case "close-error":
		return errors.New("cannot close: " + t.arg)
	case "close-never":
		select {}
	}
	return nil
}

func (t tasks) Do(ctx context.Context, i int) (uint64, error) {
	bad := strconv.Itoa(i) == t.arg
	switch t.what {
	case "pid":
		return uint64(os.Getpid()), nil
	case "group":
		return uint64(syscall.Getpgrp() - os.Getpid()), nil
	case "input":
		n, err := io.Copy(io.Discard, os.Stdin)
		return uint64(n), err
	case "variable":
		return uint64(len(os.Getenv(roleVariable))), nil
	case "flags": // of descriptor i, on Linux
		info, err := os.ReadFile(fmt.Sprintf("/proc/self/fdinfo/%d", i))
		if err != nil {
			return 0, err
		}
		_, rest, _ := strings.Cut(string(info), "flags:")
		return strconv.ParseUint(strings.Fields(rest)[0], 8, 64)
	case "start":
		p, err := Start(ctx, Options{Workers: 1, Spec: "pid"})
		if err != nil {
			return 0, err
		}
		defer p.Close()
		return p.Run(ctx, 0, 1)
	case "chatter":
		line := strings.Repeat("x", 1023) + "\n"
		for range 512 { // far more than a pipe holds
			fmt.Print(line)
			fmt.Fprint(os.Stderr, line)
		}
	case "burn":
		for start := cpuTime(); cpuTime() < start+burn; {
		}
	case "hold":
		return 0, hold(ctx, t.arg)
	case "deaf": // does not listen to ctx
		return 0, hold(context.Background(), t.arg)
	case "spin": // nor lets anybody else run
		go hold(context.Background(), t.arg)
		for {
			i++
		}
	case "fail":
		if bad {
			return 0, errors.New(strings.Repeat("long ", maxText))
		}
	case "exit":
		if bad {
			fmt.Println("printed before the end")
			fmt.Fprintln(os.Stderr, "last words")
			os.Exit(3)
		}
	case "panic":
		if bad {
			panic(strings.Repeat("long ", maxText))
		}
	case "goexit":
		if bad {
			runtime.Goexit()
		}
	case "garbage":
		if bad {
			os.NewFile(repliesFD, "replies").WriteString("what is this? not a frame, surely")
			<-ctx.Done()
		}
	case "other":
		if bad {
			os.NewFile(repliesFD, "replies").Write(appendPair(nil, kindSum, uint64(i+1), 0))
		}
	}
	return uint64(i), nil
}

// burn is the CPU time in ns of a "burn" task.
const burn = int64(5 * time.Millisecond)

// hold tells the pid to the test behind the address, and holds on until the
// test lets go or ctx ends.
func hold(ctx context.Context, addr string) error {
	c, err := new(net.Dialer).DialContext(ctx, "unix", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.SetReadDeadline(time.Unix(1, 0)) })()
	fmt.Fprintln(c, os.Getpid())
	io.Copy(io.Discard, c)
	return ctx.Err()
}

// A holder is the other side of hold.
type holder struct {
	net.Listener
	addr string
}

func newHolder(t *testing.T) holder {
	dir, err := os.MkdirTemp("", "hold") // t.TempDir may be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", dir+"/s")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		l.Close()
		os.RemoveAll(dir)
	})
	l.(*net.UnixListener).SetDeadline(time.Now().Add(limit))
	return holder{l, dir + "/s"}
}

// next waits for a task to hold on. gone waits until its process has let go,
// which it does at the latest when it dies.
func (h holder) next(t *testing.T) (pid int, gone func()) {
	t.Helper()
	c, err := h.Accept()
	if err != nil {
		t.Fatalf("no task arrived: %v", err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(limit))
	r := bufio.NewReader(c)
	if _, err := fmt.Fscanf(r, "%d\n", &pid); err != nil {
		t.Fatalf("no pid: %v", err)
	}
	return pid, func() {
		t.Helper()
		if _, err := r.ReadByte(); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("process %d is alive", pid)
		}
	}
}

func bounded(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

// start starts a pool that is closed at the end of the test, after which no
// goroutine and no descriptor may be left. Grace is the limit unless given.
func start(t testing.TB, o Options) *Pool {
	t.Helper()
	if o.Grace == 0 {
		o.Grace = limit
	}
	checkLeft(t)
	p, err := Start(bounded(t), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return p
}

// checkLeft checks at the end of the test that no goroutine and no open file
// is left that was not there when it was called.
func checkLeft(t testing.TB) {
	files := func() int {
		entries, _ := os.ReadDir("/dev/fd")
		return len(entries)
	}
	goroutines, opened := runtime.NumGoroutine(), files()
	t.Cleanup(func() {
		for deadline := time.Now().Add(limit); runtime.NumGoroutine() > goroutines || files() > opened; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				buf := make([]byte, 1<<20)
				t.Fatalf("left: %d goroutines, %d files; before: %d, %d\n%s", runtime.NumGoroutine(), files(), goroutines, opened, buf[:runtime.Stack(buf, true)])
			}
		}
	})
}

// alive says whether there is a process, or a zombie, with the pid.
func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }
