package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"amdahl/pools"
	"amdahl/pools/remote"
)

// natsCalls is what it costs to hand out one empty task to a remote worker and to get
// its answer, under each queue, beside the round trip of NATS itself: a request of eight
// bytes to another process, over a server of the same kind in this process.
func natsCalls() []peer {
	out := []peer{{"call", "floor-nats", 1, 1, 0, openNATS}}
	for _, queue := range remote.Queues {
		out = append(out, peer{"call", "remote-" + queue, 1, 1, 0, func(ctx context.Context, _ peer) (func(int) (time.Duration, error), func(), error) {
			return openRemoteCall(ctx, queue)
		}})
	}
	return out
}

// openRemoteCall has one worker, which may have one range of tasks.
func openRemoteCall(ctx context.Context, queue string) (func(int) (time.Duration, error), func(), error) {
	h, err := remote.NewHub(emptyProgram, remote.Options{Start: remote.StartLocal(pools.StartHelper)})
	if err != nil {
		return nil, nil, err
	}
	pl, err := h.Open(ctx, 1, pools.Job{Spec: "empty"}, remote.Shape{Queue: queue})
	if err != nil {
		h.Close()
		return nil, nil, err
	}
	op := func(i int) error {
		sum, err := pl.Run(ctx, i, i+1)
		return check(int(sum), i, err)
	}
	return func(n int) (time.Duration, error) { return timed(n, op) }, func() { h.Close() }, nil
}

// natsSubject is what the child of openNATS replies to.
const natsSubject = "echo"

// openNATS starts a server in this process and a child that sends back what it gets.
func openNATS(context.Context, peer) (func(int) (time.Duration, error), func(), error) {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoLog: true, NoSigs: true})
	if err != nil {
		return nil, nil, err
	}
	s.Start()
	stop := func() { s.Shutdown(); s.WaitForShutdown() }
	fail := func(err error) (func(int) (time.Duration, error), func(), error) {
		stop()
		return nil, nil, err
	}
	if !s.ReadyForConnections(10 * time.Second) {
		return fail(fmt.Errorf("the NATS server does not accept connections"))
	}
	cmd := child("nats")
	cmd.Env = append(cmd.Env, natsVariable+"="+s.ClientURL())
	in, err := cmd.StdinPipe()
	if err != nil {
		return fail(err)
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return fail(err)
	}
	stop = func() { in.Close(); _ = cmd.Wait(); s.Shutdown(); s.WaitForShutdown() }
	var ready string
	if _, err := fmt.Fscanln(out, &ready); err != nil {
		return fail(fmt.Errorf("the child of floor-nats is not ready: %w", err))
	}
	nc, err := nats.Connect(s.ClientURL())
	if err != nil {
		return fail(err)
	}
	var b [8]byte
	op := func(i int) error {
		binary.LittleEndian.PutUint64(b[:], uint64(i))
		m, err := nc.Request(natsSubject, b[:], 10*time.Second)
		if err != nil {
			return err
		}
		if len(m.Data) != len(b) {
			return fmt.Errorf("%d bytes came back, want %d", len(m.Data), len(b))
		}
		return check(int(binary.LittleEndian.Uint64(m.Data)), i, nil)
	}
	return func(n int) (time.Duration, error) { return timed(n, op) }, func() { nc.Close(); stop() }, nil
}

// natsVariable tells the child of openNATS where the server is.
const natsVariable = "PEERS_NATS"

// echoNATS is main of that child. It ends with its standard input.
func echoNATS() {
	nc, err := nats.Connect(os.Getenv(natsVariable))
	if err == nil {
		_, err = nc.Subscribe(natsSubject, func(m *nats.Msg) { _ = m.Respond(m.Data) })
	}
	if err == nil {
		err = nc.Flush()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	nc.Close()
}
