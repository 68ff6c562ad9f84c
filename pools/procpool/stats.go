package procpool

import (
	"context"
	"os"
	"sync/atomic"
	"time"

	"amdahl/pools/procpool/internal/child"
)

// past is what a pool has counted.
type past struct {
	Started    int // workers
	Died       int // of those, without being asked to
	OverMemory int // of those, replaced for their memory
	Retried    int // tasks
	cpu        int64
	tasks      atomic.Int64
	failed     atomic.Int64
}

// Stats is a live view of a pool.
type Stats struct {
	Transport Transport
	Workers   []WorkerStats // that are there, in the order they were started
	Waiting   int           // chunks not given to a worker yet
	Active    int           // calls and maps not finished

	Tasks      int64 // finished, the failed included
	Failed     int64 // of those
	Retried    int   // run again because their worker died
	Started    int   // workers started in all
	Died       int   // workers that died, were killed or (goroutines) abandoned
	OverMemory int   // workers replaced for Options.MemoryLimit
}

// WorkerStats is a live view of one worker.
type WorkerStats struct {
	Name   string        // of the pool, and a number
	Pid    int           // 0 while it is started; of goroutines, of this process
	State  string        // "starting", "idle", "busy" or "retiring"
	Ahead  int           // chunks that it has and has not answered
	Tasks  int           // that it was given
	CPU    time.Duration // used so far; 0 where that is not known (other than Linux)
	Memory int64         // resident, in bytes; 0 where that is not known
}

// Stats looks at the pool. It costs a few system calls a worker.
func (p *Pool) Stats() Stats {
	if p.made() != nil {
		return Stats{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	s := Stats{
		Transport: p.opt.Transport, Waiting: int(p.waiting.Load()), Active: p.active,
		Tasks: p.past.tasks.Load(), Failed: p.past.failed.Load(), Retried: p.past.Retried,
		Started: p.past.Started, Died: p.past.Died, OverMemory: p.past.OverMemory,
	}
	for _, w := range p.workers {
		ws := WorkerStats{Name: w.name, Ahead: w.pending(), Tasks: w.given, State: "busy"}
		switch {
		case w.state == starting:
			ws.State = "starting"
		case w.retiring:
			ws.State = "retiring"
		case w.state == idle:
			ws.State = "idle"
		}
		if w.goroutine {
			ws.Pid = os.Getpid()
		} else if w.proc != nil {
			ws.Pid = w.proc.Pid
			cpu, _ := child.ProcessCPU(ws.Pid)
			ws.CPU, ws.Memory = time.Duration(cpu), child.Resident(ws.Pid)
		}
		s.Workers = append(s.Workers, ws)
	}
	return s
}

var workerCPU = Register("procpool.cpu/v1", func(context.Context, struct{}) (int64, error) { return child.CPUTime(), nil })

// CPUTime is the CPU time that the workers have used so far, the dead included;
// of goroutines that of this process. Where the system does not tell it asks
// the workers, and waits for what they are running.
func (p *Pool) CPUTime(ctx context.Context) (time.Duration, error) {
	if p.opt.Transport == Goroutines {
		return time.Duration(child.CPUTime()), nil
	}
	p.mu.Lock()
	sum := p.past.cpu
	known := true
	for _, w := range p.workers {
		if w.proc != nil {
			cpu, ok := child.ProcessCPU(w.proc.Pid)
			sum += cpu
			known = known && ok
		}
	}
	p.mu.Unlock()
	if !known {
		each, err := Broadcast(ctx, p, workerCPU, struct{}{})
		if err != nil {
			return 0, err
		}
		for _, cpu := range each {
			sum += cpu
		}
	}
	return time.Duration(sum), nil
}
