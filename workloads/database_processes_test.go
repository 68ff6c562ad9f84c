package workloads

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// workerVariable makes this program a worker process of the test below: it
// holds a spec.
const workerVariable = "AMDAHL_TEST_WORKER"

const processTasks = 64 // of each process, all at once

func TestMain(m *testing.M) {
	if spec := os.Getenv(workerVariable); spec != "" {
		if err := work(spec); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// work runs the tasks of a spec all at once and prints the sum.
func work(spec string) error {
	job, err := Open(spec)
	if err != nil {
		return err
	}
	sums, errs := make([]uint64, processTasks), make([]error, processTasks)
	var running sync.WaitGroup
	for i := range processTasks {
		running.Go(func() { sums[i], errs[i] = job.Do(context.Background(), i) })
	}
	running.Wait()
	total := uint64(0)
	for i, err := range errs {
		if err != nil {
			return err
		}
		total += sums[i]
	}
	if err := job.Close(); err != nil {
		return err
	}
	fmt.Println(total)
	return nil
}

// Eight processes with sixty-four tasks each at once write the same rows: no
// lock is an error, and no write is lost.
func TestDatabaseProcesses(t *testing.T) {
	const processes = 8
	eachDatabase(t, func(t *testing.T, w Workload, o Options) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		spec := Spec(w, o)
		outs := make([]string, processes)
		var running sync.WaitGroup
		for k := range processes {
			running.Go(func() {
				cmd := exec.CommandContext(ctx, os.Args[0])
				cmd.Env = append(os.Environ(), workerVariable+"="+spec, "GORACE=atexit_sleep_ms=0")
				out, err := cmd.CombinedOutput()
				if err != nil {
					t.Errorf("process %d: %v: %s", k, err, out)
				}
				outs[k] = strings.TrimSpace(string(out))
			})
		}
		running.Wait()
		job, want := open(t, w, o).(*databaseJob), uint64(0)
		for i := range processTasks {
			want += do(t, job, i)
		}
		for k, got := range outs {
			if got != fmt.Sprint(want) {
				t.Errorf("process %d: sum %s, want %d", k, got, want)
			}
		}
		if rows, writes := counted(t, job); rows != processTasks || writes != processTasks*(processes+1) {
			t.Errorf("%d rows and %d writes, want %d and %d", rows, writes, processTasks, processTasks*(processes+1))
		}
	})
}
