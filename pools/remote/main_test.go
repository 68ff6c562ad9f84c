package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"amdahl/pools"
	"amdahl/pools/pooltest"
)

// program is what the tests run, here and in nodes.
var program = Program{
	Build: "test", Catalogue: "tests",
	Open: func(ctx context.Context, spec string) (pools.Task, error) {
		if !strings.HasPrefix(spec, "{") {
			return nil, errors.New("not of the catalogue")
		}
		return pooltest.Tasks(ctx, spec)
	},
	CPU: func() int64 { return int64(time.Since(started)) }, // whatever grows
}

var started = time.Now()

func TestMain(m *testing.M) {
	os.Setenv("GORACE", "atexit_sleep_ms=0") // or a process takes a second to end
	pools.ServeIfWorker(append(Roles(program),
		pools.Role{Name: sleepRole, Helper: nodeWith(sleeping)}, pools.Role{Name: serverRole, Helper: serveNATS})...)
	if os.Getenv("AMDAHL_TEST_JOIN") != "" && len(os.Args) == 3 && os.Args[1] == "-join" { // a command that a test launches
		url := os.Args[2]
		if url == "-" {
			line, err := io.ReadAll(os.Stdin)
			if err != nil {
				panic(err)
			}
			url = strings.TrimSpace(string(line))
		}
		if err := Join(context.Background(), sleeping, JoinOptions{Server: Access{URL: url}, Again: true}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// sleeping runs tasks that sleep. Its spec is their length.
var sleeping = Program{
	Build: "test", Catalogue: "sleep",
	Open: func(_ context.Context, spec string) (pools.Task, error) {
		d, err := time.ParseDuration(spec)
		return &sleep{d}, err
	},
	Check: func(_ context.Context, spec string) (uint64, error) { return uint64(len(spec)), nil },
}

const sleepRole = "sleeping-node"

type sleep struct{ d time.Duration }

func (s *sleep) Do(ctx context.Context, i int) (uint64, error) {
	select {
	case <-time.After(s.d):
		return uint64(i)*uint64(i) + 1, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (s *sleep) Counters() map[string]int64 { return nil }
func (s *sleep) Close() error               { return nil }

// sumOf is the sum of the tasks [0, n).
func sumOf(n int) (sum uint64) {
	for i := range n {
		sum += uint64(i)*uint64(i) + 1
	}
	return sum
}

// startSleeping starts a node of the program sleeping. That it was killed is no
// error at its end.
func startSleeping(ctx context.Context, url string) (func() error, error) {
	_, stop, err := pools.StartHelper(ctx, sleepRole, url)
	return func() error {
		err := leftIsFine(stop())
		if err != nil && strings.Contains(err.Error(), "killed") {
			return nil
		}
		return err
	}, err
}

// nodeWith is a node of another program.
func nodeWith(p Program) func(context.Context, string, func(string)) error {
	return func(ctx context.Context, url string, ready func(string)) error {
		return Join(ctx, p, JoinOptions{Server: Access{URL: url}, Ready: func(int) { ready("ready") }})
	}
}

// limit bounds every wait of a test; it is reached only by a failure.
const limit = 3 * time.Minute

func bounded(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

// newHub makes a hub, and at the end of the test closes it and checks that no
// goroutine and no file is left.
func newHub(t testing.TB, p Program, o Options) *Hub {
	t.Helper()
	leavesNoGoroutine(t)
	if o.Say == nil {
		o.Say = func(line string) { t.Log(line) }
	}
	h, err := NewHub(p, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		if h.server != nil && o.Dir == "" {
			if _, err := os.Stat(h.server.dir); !os.IsNotExist(err) {
				t.Errorf("files are left in %s: %v", h.server.dir, err)
			}
		}
	})
	return h
}

// until waits for a condition.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it never came: %s", what)
		}
	}
}
