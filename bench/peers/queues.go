package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hibiken/asynq"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"amdahl/pools"
	"amdahl/pools/remote"
)

// queueTasks is how many empty tasks go through a queue in one operation.
const queueTasks = 200

// queues is our remote workers with a range for each task, other people's queues of
// tasks where their servers are installed, and gRPC without a queue. All send each task as
// a message of its own to a server on this machine. The workers of remote and of gRPC are
// other processes; those of asynq (Redis) and River (PostgreSQL) are goroutines of this
// one, which spares them a process and no message.
func queues() []peer {
	var out []peer
	for _, queue := range remote.Queues {
		out = append(out, levels("queue", "remote-"+queue, queueTasks, func(ctx context.Context, p peer) (func(int) (time.Duration, error), func(), error) {
			return openRemote(ctx, p, queue)
		})...)
	}
	out = append(out, levels("queue", "grpc", queueTasks, openGRPC)...)
	if redis, err := exec.LookPath("redis-server"); err == nil {
		out = append(out, levels("queue", "asynq", queueTasks, func(ctx context.Context, p peer) (func(int) (time.Duration, error), func(), error) {
			return openAsynq(ctx, p, redis)
		})...)
	}
	if hasPostgres() {
		out = append(out, levels("queue", "river", queueTasks, func(ctx context.Context, p peer) (func(int) (time.Duration, error), func(), error) {
			dsn, err := ownPostgres()
			if err != nil {
				return nil, nil, err
			}
			return openRiver(ctx, p, dsn)
		})...)
	}
	return out
}

// emptyProgram is the empty task in a node of remote workers.
var emptyProgram = remote.Program{
	Build: "peers", Catalogue: "empty",
	Open: func(context.Context, string) (pools.Task, error) { return emptyTask{}, nil },
}

func openRemote(ctx context.Context, p peer, queue string) (func(int) (time.Duration, error), func(), error) {
	h, err := remote.NewHub(emptyProgram, remote.Options{Start: remote.StartLocal(pools.StartHelper)})
	if err != nil {
		return nil, nil, err
	}
	pl, err := h.Open(ctx, p.workers, pools.Job{Spec: "empty"}, remote.Shape{Queue: queue, Chunk: 1, Prefetch: 15})
	if err != nil {
		h.Close()
		return nil, nil, err
	}
	op := func(int) error {
		sum, err := pl.Run(ctx, 0, queueTasks)
		return check(int(sum), queueTasks*(queueTasks-1)/2, err)
	}
	return func(n int) (time.Duration, error) { return timed(n, op) }, func() { h.Close() }, nil
}

// sameMethod is the one method of the gRPC service: it returns its argument.
const sameMethod = "/peers.Service/Same"

var serviceDesc = grpc.ServiceDesc{
	ServiceName: "peers.Service", HandlerType: (*any)(nil),
	Methods: []grpc.MethodDesc{{MethodName: "Same", Handler: func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		var n wrapperspb.UInt64Value
		err := decode(&n)
		return &n, err
	}}},
}

// serveGRPC is main of a gRPC server: it prints its address, and ends with its standard
// input.
func serveGRPC() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	s := grpc.NewServer()
	s.RegisterService(&serviceDesc, nil)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		s.Stop()
	}()
	fmt.Println(l.Addr())
	_ = s.Serve(l)
}

// openGRPC has a server process for each worker, and 16 calls under way at each, as many
// as our workers may have ranges.
func openGRPC(ctx context.Context, p peer) (func(int) (time.Duration, error), func(), error) {
	const window = 16
	var conns []*grpc.ClientConn
	var stops []func()
	stop := func() {
		for _, s := range stops {
			s()
		}
	}
	for range p.workers {
		cmd := child("grpc")
		in, err := cmd.StdinPipe()
		if err != nil {
			stop()
			return nil, nil, err
		}
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			stop()
			return nil, nil, err
		}
		stops = append(stops, func() { in.Close(); _ = cmd.Wait() })
		var addr string
		if _, err = fmt.Fscanln(out, &addr); err == nil {
			var c *grpc.ClientConn
			if c, err = grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials())); err == nil {
				conns = append(conns, c)
				stops = append([]func(){func() { c.Close() }}, stops...)
			}
		}
		if err != nil {
			stop()
			return nil, nil, err
		}
	}
	op := func(int) error {
		var next, sum atomic.Int64
		var wg sync.WaitGroup
		errs := make(chan error, window*len(conns))
		for _, c := range conns {
			for range window {
				wg.Go(func() {
					for i := next.Add(1) - 1; i < queueTasks; i = next.Add(1) - 1 {
						var got wrapperspb.UInt64Value
						if err := c.Invoke(ctx, sameMethod, wrapperspb.UInt64(uint64(i)), &got); err != nil {
							errs <- err
							return
						}
						sum.Add(int64(got.Value))
					}
				})
			}
		}
		wg.Wait()
		close(errs)
		return check(int(sum.Load()), queueTasks*(queueTasks-1)/2, <-errs)
	}
	return func(n int) (time.Duration, error) { return timed(n, op) }, stop, nil
}

// A counted is how handlers of tasks tell that all have run.
type counted struct {
	left atomic.Int64
	done chan struct{}
}

func (c *counted) begin() { c.done = make(chan struct{}); c.left.Store(queueTasks) }
func (c *counted) one() {
	if c.left.Add(-1) == 0 {
		close(c.done)
	}
}

func (c *counted) wait(ctx context.Context) error {
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Minute):
		return fmt.Errorf("%d of %d tasks have not run in a minute", c.left.Load(), queueTasks)
	}
}

// openAsynq starts a Redis server that keeps nothing, on a socket of its own.
func openAsynq(ctx context.Context, p peer, redis string) (func(int) (time.Duration, error), func(), error) {
	dir, err := os.MkdirTemp("", "peers-redis")
	if err != nil {
		return nil, nil, err
	}
	socket := filepath.Join(dir, "s")
	cmd := exec.Command(redis, "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", dir)
	if err := cmd.Start(); err != nil {
		os.RemoveAll(dir)
		return nil, nil, err
	}
	at := asynq.RedisClientOpt{Network: "unix", Addr: socket}
	for range 500 {
		if _, err = os.Stat(socket); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	client := asynq.NewClient(at)
	server := asynq.NewServer(at, asynq.Config{Concurrency: p.workers, TaskCheckInterval: time.Millisecond, LogLevel: asynq.FatalLevel})
	var c counted
	if err == nil {
		err = server.Start(asynq.HandlerFunc(func(context.Context, *asynq.Task) error { c.one(); return nil }))
	}
	stop := func() {
		client.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		os.RemoveAll(dir)
	}
	if err != nil {
		stop()
		return nil, nil, err
	}
	task := asynq.NewTask("empty", nil)
	op := func(int) error {
		c.begin()
		for range queueTasks {
			if _, err := client.EnqueueContext(ctx, task); err != nil {
				return err
			}
		}
		return c.wait(ctx)
	}
	return func(n int) (time.Duration, error) { return timed(n, op) }, func() { server.Shutdown(); stop() }, nil
}

// riverArgs is the empty task of River.
type riverArgs struct{}

func (riverArgs) Kind() string { return "empty" }

type riverWorker struct {
	river.WorkerDefaults[riverArgs]
	counted *counted
}

func (w *riverWorker) Work(context.Context, *river.Job[riverArgs]) error { w.counted.one(); return nil }

// riverSchema is the schema that River's tables have while it is measured.
const riverSchema = "amdahl_peers_river"

func openRiver(ctx context.Context, p peer, dsn string) (func(int) (time.Duration, error), func(), error) {
	db, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, nil, err
	}
	drop := func() {
		_, _ = db.Exec(context.Background(), "DROP SCHEMA IF EXISTS "+riverSchema+" CASCADE")
		db.Close()
	}
	fail := func(err error) (func(int) (time.Duration, error), func(), error) {
		drop()
		return nil, nil, err
	}
	if _, err := db.Exec(ctx, "DROP SCHEMA IF EXISTS "+riverSchema+" CASCADE; CREATE SCHEMA "+riverSchema); err != nil {
		return fail(err)
	}
	driver, quiet := riverpgxv5.New(db), slog.New(slog.DiscardHandler)
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Schema: riverSchema, Logger: quiet})
	if err != nil {
		return fail(err)
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fail(err)
	}
	var c counted
	workers := river.NewWorkers()
	river.AddWorker(workers, &riverWorker{counted: &c})
	client, err := river.NewClient(driver, &river.Config{
		Schema: riverSchema, Workers: workers, Logger: quiet, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: p.workers}},
		FetchCooldown: time.Millisecond, FetchPollInterval: 10 * time.Millisecond,
	})
	if err != nil {
		return fail(err)
	}
	if err := client.Start(ctx); err != nil {
		return fail(err)
	}
	jobs := make([]river.InsertManyParams, queueTasks)
	for i := range jobs {
		jobs[i].Args = riverArgs{}
	}
	op := func(int) error {
		c.begin()
		if _, err := client.InsertMany(ctx, jobs); err != nil {
			return err
		}
		return c.wait(ctx)
	}
	return func(n int) (time.Duration, error) { return timed(n, op) }, func() { _ = client.StopAndCancel(context.Background()); drop() }, nil
}
