package poolmap_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	poolmap "lab"
	"lab/procpool"
	"lab/procs"
)

// Real worker processes: this program, started again. The package procpool, which this suite
// measures with, starts and kills them.

// exits is the length of a task that ends its process.
const exits = -1

// do is what a worker process does with a message: it sleeps for the first number and for the length of
// each task, and squares the arguments. After the first number come argument and
// length of each task, in nanoseconds.
var do = procpool.Register("message/v1", func(_ context.Context, m []int64) ([]int64, error) {
	begin := time.Now()
	until := time.Duration(m[0])
	var results []int64
	for part := range slices.Chunk(m[1:], 2) {
		if part[1] == exits {
			os.Exit(3)
		}
		until += time.Duration(part[1])
		results = append(results, part[0]*part[0])
	}
	time.Sleep(time.Until(begin.Add(until)))
	return results, nil
})

// A worker process serves here, and never returns.
func init() { procpool.ServeIfWorker() }

// A starter starts worker processes, and counts them.
type starter struct {
	message time.Duration
	length  func(arg int) time.Duration
	started atomic.Int64
	ended   atomic.Int64
}

// A process is one worker process.
type process struct {
	*starter
	pool *procpool.Pool
	end  sync.Once
}

// start starts a process.
func (s *starter) start() procs.Worker {
	pool, err := procpool.Start(context.Background(), procpool.Options{Workers: 1, Name: "lab", Stderr: io.Discard})
	if err != nil {
		panic(fmt.Sprintf("a worker process cannot be started: %v", err))
	}
	s.started.Add(1)
	return &process{starter: s, pool: pool}
}

func (p *process) Kill() {
	p.end.Do(func() {
		p.pool.Terminate() // what a killed process leaves is of no interest
		p.ended.Add(1)
	})
}

func (p *process) Do(args []int) ([]int, error) {
	m := []int64{int64(p.message)}
	for _, arg := range args {
		m = append(m, int64(arg), int64(p.length(arg)))
	}
	got, err := do.Call(context.Background(), p.pool, m)
	if err != nil {
		p.Kill()
		return nil, errors.Join(procs.ErrDied, err)
	}
	results := make([]int, len(got))
	for i, v := range got {
		results[i] = int(v)
	}
	return results, nil
}

// BenchmarkMap maps your tasks with 1 to 4 real worker processes, in chunks of 1 to 64. What a
// message and a task take follows from your sealed predictions: amdahl lab measure writes
// the file seed.
func BenchmarkMap(b *testing.B) {
	text, err := os.ReadFile("seed")
	if err != nil {
		b.Fatal("no file seed: predict first (amdahl lab predict), then measure with amdahl lab measure")
	}
	seed, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		b.Fatal("the file seed holds no number: amdahl lab measure writes it")
	}
	w := procs.Of(seed)
	args := numbers(procs.Tasks)
	for chunk := 1; chunk <= 64; chunk *= 4 {
		for n := 1; n <= 4; n *= 2 {
			b.Run(fmt.Sprintf("chunk=%d/workers=%d", chunk, n), func(b *testing.B) {
				s := &starter{message: w.Message, length: func(arg int) time.Duration { return w.Lengths[arg] }}
				pool := poolmap.New(n, s.start)
				for b.Loop() {
					results, err := pool.Map(args, chunk)
					if err != nil {
						b.Fatal(err)
					}
					for i, v := range results {
						if v != i*i {
							b.Fatalf("the result of %d is %d: does amdahl lab check pass?", i, v)
						}
					}
				}
				pool.Close()
				if started, ended := s.started.Load(), s.ended.Load(); ended < started {
					b.Fatalf("Close left %d of %d worker processes", started-ended, started)
				}
				b.ReportMetric(float64(w.Sum(0, procs.Tasks)), "work-ns/op")
				b.ReportMetric(float64(len(w.Chunks(chunk))), "messages/op")
			})
		}
	}
}
