package procpool

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// Linux kills a child with the thread that started it. A thread that asks
// for a child may end all the same.
func TestThreadEnds(t *testing.T) {
	checkLeft(t)
	th := newThread()
	defer close(th)
	var p *process
	var err error
	tid := onLostThread(t, func() { p, err = fork(th, Tasks) })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.open(bounded(t), "sum"); err != nil {
		t.Errorf("the child is dead after the end of thread %d: %v", tid, err)
		return
	}
	if err := p.stop(limit); err != nil {
		t.Error(err)
	}
}

// onLostThread runs f on a thread of its own and returns when that is gone.
func onLostThread(t *testing.T, f func()) (tid int) {
	t.Helper()
	type answer struct {
		tid  int
		main bool
	}
	done := make(chan answer)
	for {
		again := make(chan bool)
		go func() {
			runtime.LockOSThread() // and never unlocked: the thread ends
			id := syscall.Gettid()
			if id != os.Getpid() {
				f()
			}
			done <- answer{id, id == os.Getpid()}
			<-again
		}()
		a := <-done
		if a.main { // the first thread never ends: keep it busy and take another
			defer close(again)
			continue
		}
		close(again)
		for deadline := time.Now().Add(limit); ; runtime.Gosched() {
			if _, err := os.Stat(fmt.Sprintf("/proc/self/task/%d", a.tid)); err != nil {
				return a.tid
			}
			if time.Now().After(deadline) {
				t.Fatalf("thread %d does not end", a.tid)
			}
		}
	}
}

// What a task starts must not hold the worker's pipes: their end would not be
// seen when the worker dies.
func TestPipesAreNotInherited(t *testing.T) {
	const closeOnExec = 0o2000000
	p := start(t, Options{Workers: 1, Spec: "flags"})
	for fd := requestsFD; fd <= lifelineFD; fd++ {
		if flags, err := p.Run(bounded(t), fd, fd+1); flags&closeOnExec == 0 || err != nil {
			t.Errorf("descriptor %d has flags %#o, %v, want %#o among them", fd, flags, err, closeOnExec)
		}
	}
}
