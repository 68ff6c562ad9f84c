package remote

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"amdahl/pools"
)

// serverRole is the role of a NATS server that can be killed: a process of its own. Its
// argument is the port, 0 is a free one, and the directory of its files.
const serverRole = "nats-server"

func serveNATS(ctx context.Context, arg string, ready func(line string)) error {
	var port int
	var dir string
	if _, err := fmt.Sscan(arg, &port, &dir); err != nil {
		return err
	}
	if port == 0 {
		port = server.RANDOM_PORT
	}
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: port, NoLog: true, NoSigs: true, JetStream: true, StoreDir: dir})
	if err != nil {
		return err
	}
	s.Start()
	if !s.ReadyForConnections(readyTime) {
		return fmt.Errorf("the server does not accept connections at port %d", port)
	}
	_, at, _ := strings.Cut(s.Addr().String(), ":")
	ready(fmt.Sprintf("%d %s", os.Getpid(), at))
	<-ctx.Done()
	s.Shutdown()
	s.WaitForShutdown()
	return nil
}

// A killable is a NATS server in a process of its own.
type killable struct {
	t         *testing.T
	dir       string
	pid, port int
	stop      func() error
}

func (k *killable) start() {
	k.t.Helper()
	line, stop, err := pools.StartHelper(context.Background(), serverRole, fmt.Sprintf("%d %s", k.port, k.dir))
	if err == nil {
		k.stop = stop
		_, err = fmt.Sscan(line, &k.pid, &k.port)
	}
	if err != nil {
		k.t.Fatal(err)
	}
}

// kill is kill -9. It returns when the process is gone.
func (k *killable) kill() {
	k.t.Helper()
	p, err := os.FindProcess(k.pid)
	if err == nil {
		err = p.Kill()
	}
	if err != nil {
		k.t.Fatal(err)
	}
	_ = k.stop() // its error is that it was killed
}

// The server is killed in the middle of a Run and started again, twice: with work queues in
// memory, which it has lost then, and in files, which it has not. No task is lost or
// counted twice, and nothing is left on the server.
func TestServerKilled(t *testing.T) {
	for _, queue := range Queues {
		for _, files := range []bool{false, true} {
			if files && queue != Pull {
				continue // they keep nothing in the server
			}
			t.Run(fmt.Sprintf("queue=%s/files=%t", queue, files), func(t *testing.T) {
				leavesNoGoroutine(t)
				s := &killable{t: t, dir: t.TempDir()}
				s.start()
				t.Cleanup(func() { _ = s.stop() })
				url := fmt.Sprintf("nats://127.0.0.1:%d", s.port)
				h := hubAt(t, Options{Server: Access{URL: url}, Files: files, Lease: 300 * time.Millisecond, Patience: limit})
				joins(t, Access{URL: h.URL()})
				joins(t, Access{URL: h.URL()})
				p, err := h.Open(bounded(t), 2, job("2ms"), Shape{Queue: queue, Chunk: 1})
				if err != nil {
					t.Fatal(err)
				}
				run := begin(t, p, 300)
				for _, left := range []int{200, 100} {
					run.unanswered(left)
					s.kill()
					s.start()
				}
				run.right()
				rightNow(t, p, 20)
				if err := p.Close(); err != nil {
					t.Error(err)
				}
				if left := streams(t, url); len(left) > 0 {
					t.Errorf("work queues are left: %v", left)
				}
			})
		}
	}
}
