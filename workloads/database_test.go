package workloads

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

// errBusy is what the fake engine meets with when others are in the way.
var errBusy = errors.New("busy")

func TestRetry(t *testing.T) {
	failed := errors.New("failed")
	for _, tt := range []struct {
		name     string
		patience time.Duration
		answers  []error // of the tries; the last one repeats
		want     error
		tries    int
	}{
		{"at once", 0, []error{nil}, nil, 1},
		{"at the third", 0, []error{errBusy, errBusy, nil}, nil, 3},
		{"another error", 0, []error{errBusy, failed}, failed, 2},
		{"patience", time.Nanosecond, []error{errBusy}, errBusy, 1},
	} {
		e := &engine{busy: func(err error) bool { return errors.Is(err, errBusy) }, patience: tt.patience}
		tries := 0
		err := e.retry(t.Context(), func() error {
			tries++
			return tt.answers[min(tries, len(tt.answers))-1]
		})
		if !errors.Is(err, tt.want) || tries != tt.tries {
			t.Errorf("%s: %v after %d tries, want %v after %d", tt.name, err, tries, tt.want, tt.tries)
		}
	}
	e := &engine{busy: func(error) bool { return true }}
	ctx, cancel := context.WithCancel(t.Context())
	tries := 0
	err := e.retry(ctx, func() error {
		if tries++; tries == 3 {
			cancel()
		}
		return errBusy
	})
	if !errors.Is(err, context.Canceled) || tries != 3 {
		t.Errorf("cancelled: %v after %d tries, want %v after 3", err, tries, context.Canceled)
	}
}

// eachDatabase runs f for each kind of database, prepared.
func eachDatabase(t *testing.T, f func(t *testing.T, w Workload, o Options)) {
	for _, v := range Database.Variants {
		t.Run(v, func(t *testing.T) {
			w := variant(t, Database, v)
			f(t, w, prepare(t, w, Options{}))
		})
	}
}

// Every task has one row, and every run of a task writes it.
func TestDatabaseWritesARowForEachRun(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w Workload, o Options) {
		job := open(t, w, o).(*databaseJob)
		var running sync.WaitGroup
		for i := range 30 {
			running.Go(func() { do(t, job, i%10) })
		}
		running.Wait()
		if rows, writes := counted(t, job); rows != 10 || writes != 30 {
			t.Errorf("10 tasks, run thrice: %d rows and %d writes, want 10 and 30", rows, writes)
		}
	})
}

// counted returns how many rows there are and how often they were written.
func counted(t *testing.T, j *databaseJob) (rows, writes int) {
	t.Helper()
	table := strings.TrimSuffix(strings.TrimPrefix(j.find, "SELECT payload"), "WHERE task = $1")
	if err := j.reader.QueryRow("SELECT count(*), sum(writes) "+table).Scan(&rows, &writes); err != nil {
		t.Fatal(err)
	}
	return rows, writes
}

// A transaction that waits for a lock goes on when it is free, and ends soon
// after ctx.
func TestDatabaseWaitsForALock(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w Workload, o Options) {
		job, other := open(t, w, o).(*databaseJob), open(t, w, o).(*databaseJob)
		want := do(t, job, 3)
		tx, err := other.writer.Begin()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(other.upsert, 3, []byte("to be rolled back")); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, cancel)
		var running sync.WaitGroup
		for range 8 {
			running.Go(func() {
				if _, err := job.Do(ctx, 3); !errors.Is(err, context.Canceled) {
					t.Errorf("cancelled while it waits for a lock: error %v, want %v", err, context.Canceled)
				}
			})
		}
		running.Wait()

		time.AfterFunc(20*time.Millisecond, func() {
			if err := tx.Rollback(); err != nil {
				t.Error(err)
			}
		})
		for range 8 {
			running.Go(func() {
				if got := do(t, job, 3); got != want {
					t.Errorf("sum %#x, want %#x", got, want)
				}
			})
		}
		running.Wait()
		if _, writes := counted(t, job); writes != 9 {
			t.Errorf("%d writes, want 9: those that ended left none", writes)
		}
	})
}
