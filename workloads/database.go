package workloads

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"amdahl/workloads/cores"
)

// Database waits for a database to make a transaction durable: task i writes
// row i, Size bytes that depend on the seed and on i, and commits; then a
// second transaction selects the row. The bytes read must be those written,
// and give the number.
//
// The variants are "sqlite" (default; database_sqlite.go: embedded, a file in
// the scratch directory, one writer at a time) and "postgres"
// (database_postgres.go: a server, which lets many transactions share one
// write to the disk). Options.Addr is for "postgres" only, and holds the data
// source name of the server.
//
// A row is the same whoever writes it, so the processes of one Prepare use
// one database: a task may run again, here or in another process, at the same
// time. What another process has locked is waited for, until ctx ends; a
// commit that has begun is ended first.
//
// Making and checking the bytes is compute. All of database/sql, and the SQLite
// engine, which is Go code in this process, count as waiting: on cores=gil
// and on slow cores they run at the speed of the machine and in parallel, as
// sqlite3 does under CPython, which releases the interpreter lock around it.
var Database = Workload{
	Name:      "database",
	Doc:       "an insert and a select transaction: waiting for a commit",
	Bound:     IO,
	Size:      256,
	MaxSize:   1 << 20,
	TestSize:  101,
	TestLarge: 1 << 20,
	SizeUnit:  "bytes",
	Variants:  []string{"sqlite", Postgres},
	Cost:      3 * time.Millisecond,
	AtOnce:    1,
	Ends:      "one commit at a time",
	Sweeps:    []string{"quick/fixed", "full"},
	Missing: func(variant string) string {
		if variant == Postgres && os.Getenv(PostgresVariable) == "" {
			return PostgresVariable + " is not set: give it the data source name of a server, such as postgres://user:password@localhost/db"
		}
		return ""
	},
	Share: func(ctx context.Context, o *Options) (func() error, error) {
		if o.Variant == Postgres {
			return preparePostgres(ctx, o)
		}
		return prepareSQLite(ctx, o)
	},
	New: func(o Options) (Job, error) {
		open := openSQLite
		if o.Variant == Postgres {
			open = openPostgres
		}
		e, err := open(o)
		if err != nil {
			return nil, err
		}
		return &databaseJob{engine: e, cores: o.Cores, seed: o.Seed, size: o.Size}, nil
	},
}

// The statements, in the SQL that both engines speak. A row counts how often
// it was written: were it written again as it is, SQLite would leave the page
// alone, and have nothing to make durable.
const (
	createTable = "CREATE TABLE tasks (task BIGINT PRIMARY KEY, payload %s NOT NULL, writes BIGINT NOT NULL)"
	upsertTask  = "INSERT INTO tasks AS t (task, payload, writes) VALUES ($1, $2, 1)" +
		" ON CONFLICT (task) DO UPDATE SET payload = excluded.payload, writes = t.writes + 1"
	findTask = "SELECT payload FROM tasks WHERE task = $1"
)

// An engine is one kind of database, opened in this process.
type engine struct {
	writer, reader *sql.DB
	upsert, find   string // statements; $1 is the task, $2 the payload

	// busy says whether err means that others are in the way, and that
	// trying again will do. What has not gone away after patience is passed
	// on; 0 is as long as ctx lives.
	busy     func(err error) bool
	patience time.Duration

	explain func(err error) error // adds what to do about it
	close   func() error
}

type databaseJob struct {
	*engine
	cores cores.Cores
	seed  uint64
	size  int
}

func (j *databaseJob) Do(ctx context.Context, i int) (sum uint64, err error) {
	if sum, err = j.run(ctx, i); err != nil {
		return 0, taskError(ctx, "database", i, j.explain(err))
	}
	return sum, nil
}

func (j *databaseJob) run(ctx context.Context, i int) (sum uint64, err error) {
	payload := make([]byte, j.size)
	err = compute(ctx, j.cores, func() error {
		data := newStream(j.seed, i)
		data.fill(payload)
		return nil
	})
	if err != nil {
		return 0, err
	}
	err = j.transact(ctx, j.writer, nil, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, j.upsert, i, payload)
		return err
	})
	if err != nil {
		return 0, err
	}
	var got []byte
	err = j.transact(ctx, j.reader, &sql.TxOptions{ReadOnly: true}, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, j.find, i).Scan(&got)
	})
	if err != nil {
		return 0, err
	}
	err = compute(ctx, j.cores, func() error {
		if !bytes.Equal(got, payload) {
			return errors.New("the row does not hold the bytes written: do jobs with other options use the same database?")
		}
		var d digest
		d.bytes(got)
		sum = uint64(d)
		return nil
	})
	return sum, err
}

// transact runs f in a transaction of db and commits. It keeps one connection
// while it is in the way of others, so that where there is one connection
// only, one task of this process tries again and the rest queue behind it.
func (e *engine) transact(ctx context.Context, db *sql.DB, o *sql.TxOptions, f func(*sql.Tx) error) error {
	var conn *sql.Conn
	err := e.retry(ctx, func() (err error) {
		conn, err = db.Conn(ctx)
		return err
	})
	if err != nil {
		return err
	}
	defer conn.Close() // waits for a rollback that the end of ctx has started
	return e.retry(ctx, func() error {
		tx, err := conn.BeginTx(ctx, o)
		if err != nil {
			return err
		}
		if err := f(tx); err != nil {
			_ = tx.Rollback() // what f met with says more
			return err
		}
		return tx.Commit()
	})
}

// The pauses between two tries double from the first to the last. Nobody
// says when the database is free, so the last bounds what a task waits in
// vain, and the processors that many waiting processes use.
const (
	firstPause = time.Millisecond
	lastPause  = 8 * time.Millisecond
)

// retry calls f until it is not busy.
func (e *engine) retry(ctx context.Context, f func() error) error {
	start := time.Now()
	for wait := firstPause; ; wait = min(2*wait, lastPause) {
		err := f()
		if err == nil || !e.busy(err) || e.patience > 0 && time.Since(start) > e.patience {
			return err
		}
		// Half of it by chance, so that those who wait do not wake together.
		if err := pause(ctx, wait/2+rand.N(wait/2)); err != nil {
			return err
		}
	}
}

func (j *databaseJob) Close() error {
	if err := j.close(); err != nil {
		return fmt.Errorf("workloads: database: %w", err)
	}
	return nil
}
