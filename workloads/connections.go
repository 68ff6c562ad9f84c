package workloads

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"time"

	"amdahl/workloads/cores"
)

// Connections waits for a connection of a pool: a task runs one query through
// database/sql, which holds one of 8 connections for Size microseconds, as a
// database that takes so long to answer would. The driver is in this process
// and only waits. Up to 8 workers all queries overlap; from there on they
// queue, and more workers change nothing: the bottleneck law, with n* = 8. A
// pool of connections that is smaller than the pool of workers is a frequent
// reason why a service does not scale.
//
// The number of a task is what its query returned, which depends on the seed
// and on the task. Worker processes have a pool of connections each.
var Connections = Workload{
	Name:      "connections",
	Doc:       "a query through a pool of 8 connections, each busy until it is answered",
	Bound:     IO,
	Size:      5000,
	MaxSize:   60_000_000,
	TestSize:  200,
	TestLarge: 60_000_000,
	SizeUnit:  "microseconds",
	Cost:      5200 * time.Microsecond,
	AtOnce:    poolConnections,
	Ends:      "8 connections: n* = 8",
	Whole:     true,
	Sweeps:    []string{"full/fixed"},
	New: func(o Options) (Job, error) {
		db := sql.OpenDB(waitingServer{o.Seed, time.Duration(o.Size) * time.Microsecond})
		db.SetMaxOpenConns(poolConnections)
		db.SetMaxIdleConns(poolConnections)
		return &connectionsJob{o.Cores, o.Seed, db}, nil
	},
}

// poolConnections is how many connections the pool has.
const poolConnections = 8

type connectionsJob struct {
	cores cores.Cores
	seed  uint64
	db    *sql.DB
}

func (j *connectionsJob) Do(ctx context.Context, i int) (sum uint64, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	var got int64
	err = j.db.QueryRowContext(ctx, "answer", int64(i)).Scan(&got)
	if err == nil {
		err = compute(ctx, j.cores, func() error {
			s := newStream(j.seed, i)
			if sum = s.next(); uint64(got) != sum {
				return errors.New("the query returned the answer of another task")
			}
			return nil
		})
	}
	if err != nil {
		return 0, taskError(ctx, "connections", i, err)
	}
	return sum, nil
}

func (j *connectionsJob) Close() error { return j.db.Close() }

// A waitingServer is a driver.Connector for connections that answer late. One
// query, "answer", has a number as its argument.
type waitingServer struct {
	seed uint64
	wait time.Duration
}

func (s waitingServer) Connect(context.Context) (driver.Conn, error) { return waitingConn(s), nil }
func (s waitingServer) Driver() driver.Driver                        { return s }
func (s waitingServer) Open(string) (driver.Conn, error)             { return waitingConn(s), nil }

// A waitingConn is one connection.
type waitingConn waitingServer

var errQueriesOnly = errors.New("this driver has one query, \"answer\", and nothing else")

func (c waitingConn) Prepare(string) (driver.Stmt, error) { return nil, errQueriesOnly }
func (c waitingConn) Begin() (driver.Tx, error)           { return nil, errQueriesOnly }
func (c waitingConn) Close() error                        { return nil }

func (c waitingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if query != "answer" || len(args) != 1 {
		return nil, errQueriesOnly
	}
	i, ok := args[0].Value.(int64)
	if !ok {
		return nil, errQueriesOnly
	}
	if err := pause(ctx, c.wait); err != nil {
		return nil, err
	}
	s := newStream(c.seed, int(i))
	return &oneRow{value: int64(s.next())}, nil
}

// oneRow is the answer: one row with one number.
type oneRow struct {
	value int64
	read  bool
}

func (r *oneRow) Columns() []string { return []string{"answer"} }
func (r *oneRow) Close() error      { return nil }
func (r *oneRow) Next(to []driver.Value) error {
	if r.read {
		return io.EOF
	}
	r.read, to[0] = true, r.value
	return nil
}
