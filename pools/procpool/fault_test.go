//go:build unix

package procpool

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A dead worker fails the Run at once, says what it died of, and is replaced
// by the next Run.
func TestWorkerKilled(t *testing.T) {
	h := newHolder(t)
	p := start(t, Options{Workers: 2, Spec: "hold " + h.addr})
	for range 3 {
		end := make(chan error)
		go func() {
			_, err := p.Run(bounded(t), 0, 2)
			end <- err
		}()
		pid, gone := h.next(t)
		_, otherGone := h.next(t)
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		err := <-end
		w, ok := errors.AsType[*WorkerError](err)
		if !ok || w.Pid != pid || w.Reason != "signal: killed" || w.Task < 0 || w.Task > 1 {
			t.Errorf("Run: %v, want process %d, signal: killed, a task", err, pid)
		}
		gone()
		otherGone() // its context was cancelled
		if alive(pid) {
			t.Errorf("process %d is a zombie", pid)
		}
	}
}

func TestFaultyTask(t *testing.T) {
	tests := []struct {
		spec string
		died bool
		want []string
	}{
		{"exit 5", true, []string{"exit status 3", "while it ran task 5", "printed before the end", "last words"}},
		{"garbage 5", true, []string{"corrupt frame: length", "while it ran task 5"}},
		{"other 5", true, []string{"corrupt frame: answer to task 6, want task 5"}},
		{"panic 5", false, []string{"task 5 (process ", "panicked: long long", "tasks.Do"}},
		{"goexit 5", false, []string{"task 5 (process ", "runtime.Goexit"}},
		{"fail 5", false, []string{"task 5 (process ", "long long"}},
	}
	for _, tt := range tests {
		t.Run(tt.spec, func(t *testing.T) {
			p := start(t, Options{Workers: 1, Spec: tt.spec})
			pid := p.workers[0].pid()
			for range 2 {
				_, err := p.Run(bounded(t), 0, 10)
				if err == nil {
					t.Fatal("Run: no error")
				}
				for _, want := range tt.want {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("Run: %.300v, want %q in it", err, want)
					}
				}
				if _, died := errors.AsType[*WorkerError](err); died != tt.died {
					t.Errorf("Run: worker died: %v, want %v", died, tt.died)
				}
				if sum, err := p.Run(bounded(t), 0, 3); sum != 3 || err != nil {
					t.Errorf("Run after the fault = %d, %v, want 3", sum, err)
				}
			}
			if same := p.workers[0].pid() == pid; same == tt.died {
				t.Errorf("the same worker: %v, want %v", same, !tt.died)
			}
		})
	}
}

// A task that does not obey a cancel costs its worker the life.
func TestDeafWorker(t *testing.T) {
	for _, spec := range []string{"deaf ", "spin "} {
		t.Run(spec, func(t *testing.T) {
			h := newHolder(t)
			p := start(t, Options{Workers: 1, Spec: spec + h.addr, Grace: 20 * time.Millisecond})
			for range 2 {
				ctx, cancel := context.WithCancel(bounded(t))
				end := make(chan error)
				go func() {
					_, err := p.Run(ctx, 0, 1)
					end <- err
				}()
				pid, gone := h.next(t)
				cancel()
				if err := <-end; err != context.Canceled {
					t.Errorf("Run: %v, want %v", err, context.Canceled)
				}
				gone()
				if alive(pid) {
					t.Errorf("process %d is left", pid)
				}
			}
		})
	}
}

// An obedient worker survives a cancel.
func TestCancelKeepsWorker(t *testing.T) {
	h := newHolder(t)
	p := start(t, Options{Workers: 1, Spec: "hold " + h.addr, Grace: limit})
	want := p.workers[0].pid()
	for range 3 {
		ctx, cancel := context.WithCancel(bounded(t))
		end := make(chan error)
		go func() {
			_, err := p.Run(ctx, 0, 1)
			end <- err
		}()
		pid, _ := h.next(t)
		cancel()
		if err := <-end; err != context.Canceled || pid != want {
			t.Errorf("Run: %v in process %d, want %v in %d", err, pid, context.Canceled, want)
		}
	}
}

// A worker that died while it had nothing to do is replaced in silence.
func TestIdleWorkerDies(t *testing.T) {
	p := start(t, Options{Workers: 2, Spec: "sum"})
	syscall.Kill(p.workers[1].pid(), syscall.SIGTERM)
	<-p.workers[1].gone
	if sum, err := p.Run(bounded(t), 0, 10); sum != 45 || err != nil {
		t.Errorf("Run = %d, %v, want 45", sum, err)
	}
}

func TestCloseErrors(t *testing.T) {
	tests := []struct {
		spec  string
		grace time.Duration
		want  string
	}{
		{"close-error the lid", limit, "exit status 1; its last output:\ncannot close: the lid"},
		{"close-never", 20 * time.Millisecond, "did not exit within 20ms: killed"},
	}
	for _, tt := range tests {
		checkLeft(t)
		p, err := Start(bounded(t), Options{Workers: 1, Spec: tt.spec, Grace: tt.grace})
		if err != nil {
			t.Fatal(err)
		}
		pid := p.workers[0].pid()
		if err := p.Close(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Close: %v, want %q", err, tt.want)
		}
		if alive(pid) {
			t.Errorf("process %d is left", pid)
		}
	}
}

// A worker does not outlive its parent, however that ends.
func TestParentEnds(t *testing.T) {
	tests := []struct {
		mode string
		end  func(cmd *exec.Cmd, release func())
	}{
		{"exit", func(_ *exec.Cmd, release func()) { release() }},
		{"wait", func(cmd *exec.Cmd, _ func()) { cmd.Process.Kill() }},
	}
	for _, tt := range tests {
		t.Run(tt.mode, func(t *testing.T) {
			h := newHolder(t)
			cmd := exec.CommandContext(bounded(t), os.Args[0], h.addr)
			cmd.Env = append(os.Environ(), modeVariable+"="+tt.mode)
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			pid, gone := h.next(t)
			if pid == cmd.Process.Pid {
				t.Fatal("the task ran in the parent")
			}
			tt.end(cmd, func() { in.Close() })
			cmd.Wait()
			gone()
		})
	}
}

// The lifeline alone ends a worker, where the system does not do it, even in
// the middle of a task.
func TestLifeline(t *testing.T) {
	h := newHolder(t)
	p := start(t, Options{Workers: 1, Spec: "spin " + h.addr})
	end := make(chan error)
	go func() {
		_, err := p.Run(bounded(t), 0, 1)
		end <- err
	}()
	_, gone := h.next(t)
	p.workers[0].lifeline.Close()
	gone()
	if err := <-end; err == nil || !strings.Contains(err.Error(), "exit status 1") {
		t.Errorf("Run: %v, want exit status 1", err)
	}
}

func TestNoHook(t *testing.T) {
	cmd := exec.CommandContext(bounded(t), os.Args[0])
	cmd.Env = append(os.Environ(), modeVariable+"=no hook")
	out, err := cmd.CombinedOutput()
	if want := "call ServeIfWorker first thing in main"; err != nil || !strings.Contains(string(out), want) {
		t.Errorf("Start said %q, %v, want %q", out, err, want)
	}
}

func TestVariableByAccident(t *testing.T) {
	cmd := exec.CommandContext(bounded(t), os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+Tasks)
	out, err := cmd.CombinedOutput()
	if want := "unset the variable"; cmd.ProcessState.ExitCode() != 2 || !strings.Contains(string(out), want) {
		t.Errorf("%q, %v, want %q, exit status 2", out, err, want)
	}
}

func TestBadRoles(t *testing.T) {
	open := func(context.Context, string) (Task, error) { return nil, nil }
	for _, roles := range [][]Role{
		{{Name: "neither"}},
		{{Name: "both", Tasks: open, Helper: echo}},
		{{Tasks: open}},
		{{Name: "twice", Tasks: open}, {Name: "twice", Helper: echo}},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("ServeIfWorker(%+v) did not panic", roles)
				}
			}()
			ServeIfWorker(roles...)
		}()
	}
}
