package main

import (
	"context"
	"fmt"
	"time"

	"amdahl/pools/procpool"
)

const (
	mapTasks = 1 << 16 // empty tasks in one map
	bigCount = 16      // arguments of 1 MiB in one operation
)

var (
	same   = procpool.Register("peers.same/v1", func(_ context.Context, x int) (int, error) { return x, nil })
	length = procpool.Register("peers.length/v1", func(_ context.Context, b []byte) (int, error) { return len(b), nil })
	echo   = procpool.Register("peers.echo/v1", func(_ context.Context, b []byte) ([]byte, error) { return b, nil })
)

// procpools is our own.
func procpools() []peer {
	var out []peer
	for _, tr := range []procpool.Transport{procpool.Ring, procpool.Pipe, procpool.Goroutines} {
		open := func(ctx context.Context, p peer) (func(int) (time.Duration, error), func(), error) {
			return openProcpool(ctx, p, tr)
		}
		name := "procpool-" + tr.String()
		for _, p := range workload(name, open) {
			if tr != procpool.Goroutines || p.op == "call" {
				out = append(out, p)
			}
		}
	}
	return out
}

// workload is what is asked of every pool of processes.
func workload(name string, open func(context.Context, peer) (func(int) (time.Duration, error), func(), error)) []peer {
	return []peer{
		{"call", name, 1, 1, 0, open},
		{"map", name, 1, mapTasks, 0, open},
		{"map", name, 2, mapTasks, 0, open},
		{"mapdefault", name, 2, mapTasks, 0, open},
		{"args", name, 2, bigCount, bigCount << 20, open},
		{"echo", name, 2, bigCount, 2 * bigCount << 20, open},
		{"start", name, 4, 4, 0, open},
	}
}

func openProcpool(ctx context.Context, p peer, tr procpool.Transport) (func(int) (time.Duration, error), func(), error) {
	o := procpool.Options{Workers: p.workers, Transport: tr}
	if p.op == "start" {
		return func(n int) (total time.Duration, err error) {
			for range n {
				t := time.Now()
				pool, err := procpool.Start(ctx, o)
				total += time.Since(t)
				if err != nil {
					return 0, err
				}
				pool.Close()
			}
			return total, nil
		}, func() {}, nil
	}
	pool, err := procpool.Start(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	stop := func() { pool.Close() }
	ints, want := make([]int, mapTasks), 0
	for i := range ints {
		ints[i] = i
		want += i
	}
	big := make([][]byte, bigCount)
	for i := range big {
		big[i] = make([]byte, 1<<20)
	}
	one := procpool.Tune(pool, procpool.Tuning{Chunk: 1})
	op := map[string]func(i int) error{
		"call": func(i int) error {
			got, err := procpool.Call(ctx, pool, same, i)
			return check(got, i, err)
		},
		"map":        func(int) error { return sumOf(ctx, one, ints, want) },
		"mapdefault": func(int) error { return sumOf(ctx, pool, ints, want) },
		"args": func(int) error {
			got, err := procpool.Map(ctx, one, length, big)
			return check(len(got), bigCount, err)
		},
		"echo": func(int) error {
			got, err := procpool.Map(ctx, one, echo, big)
			return check(len(got), bigCount, err)
		},
	}[p.op]
	return func(n int) (time.Duration, error) { return timed(n, op) }, stop, nil
}

func sumOf(ctx context.Context, ex procpool.Executor, in []int, want int) error {
	got, err := procpool.Map(ctx, ex, same, in)
	sum := 0
	for _, x := range got {
		sum += x
	}
	return check(sum, want, err)
}

func check(got, want int, err error) error {
	if err == nil && got != want {
		err = fmt.Errorf("wrong answer: %d, want %d", got, want)
	}
	return err
}
