package procpool

import (
	"context"
	"os"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	ServeIfWorker(Role{Name: "echo", Helper: func(ctx context.Context, arg string, ready func(string)) error {
		ready("ready: " + arg)
		<-ctx.Done()
		return nil
	}})
	os.Exit(m.Run())
}

var square = Register("square/v1", func(_ context.Context, x int) (int, error) { return x * x, nil })

// begin starts a pool that ends with the test, on each transport.
func begin(t testing.TB, o Options) *Pool {
	t.Helper()
	p, err := Start(t.Context(), o)
	if err != nil {
		t.Fatalf("Start(%+v): %v", o, err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		p.Shutdown(ctx)
	})
	return p
}
