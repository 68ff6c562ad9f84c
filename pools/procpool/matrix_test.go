package procpool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"amdahl/pools/procpool/internal/child"
)

// A trap is an argument or a result that goes off when it is encoded or
// decoded.
type trap struct{ At, How string }

var home = os.Getpid() // where a trap must not kill

func (tr trap) spring() error {
	here := os.Getpid() == home && !workerProcess
	switch {
	case tr.How == "error":
		return errors.New("sprung trap")
	case tr.How == "exit" && here:
		runtime.Goexit()
	case tr.How == "exit":
		os.Exit(3)
	case tr.How == "crash" && here, tr.How == "panic":
		var p *pair
		p.X++
	case tr.How == "crash":
		suicide(syscall.SIGSEGV)
	}
	return nil
}

var workerProcess = os.Getenv(child.Variable) != ""

func (tr trap) GobEncode() ([]byte, error) {
	if tr.At == "encode" {
		if err := tr.spring(); err != nil {
			return nil, err
		}
	}
	return []byte(tr.At + "," + tr.How), nil
}

func (tr *trap) GobDecode(b []byte) error {
	tr.At, tr.How, _ = strings.Cut(string(b), ",")
	if tr.At == "decode" {
		return tr.spring()
	}
	return nil
}

var (
	takeTrap = Register("taketrap/v1", func(_ context.Context, tr trap) (int, error) { return 1, nil })
	makeTrap = Register("maketrap/v1", func(_ context.Context, p [2]string) (trap, error) { return trap{p[0], p[1]}, nil })
)

// TestCrashMatrix: whatever goes wrong with a task, at whatever stage, is an
// error of that task alone, of the right kind, with the cause in its text.
func TestCrashMatrix(t *testing.T) {
	codecErr := func(op, text string) func(error) error {
		return func(err error) error {
			var ce *CodecError
			if !errors.As(err, &ce) || ce.Op != op || ce.Type != "procpool.trap" || !strings.Contains(err.Error(), text) {
				return fmt.Errorf("want a CodecError, op %q, type procpool.trap, text %q", op, text)
			}
			return nil
		}
	}
	died := func(code int, sig syscall.Signal, text string) func(error) error {
		return func(err error) error {
			var we *WorkerError
			if !errors.As(err, &we) || we.ExitCode != code || we.Signal != sig || !strings.Contains(err.Error(), text) {
				return fmt.Errorf("want a WorkerError, code %d, signal %d, text %q", code, sig, text)
			}
			return nil
		}
	}
	segv := died(2, 0, "SIGSEGV") // the Go runtime catches it, prints, and exits with 2
	cells := []struct {
		stage, how string
		run        func(ctx context.Context, p *Pool) error
		check      func(error) error
	}{
		{"argument encode", "error", sendTrap("encode", "error"), codecErr("encode argument", "sprung trap")},
		{"argument encode", "exit", sendTrap("encode", "exit"), codecErr("encode argument", "Goexit")},
		{"argument encode", "crash", sendTrap("encode", "crash"), codecErr("encode argument", "nil pointer")},
		{"argument decode", "error", sendTrap("decode", "error"), codecErr("decode argument", "sprung trap")},
		{"argument decode", "exit", sendTrap("decode", "exit"), died(3, 0, "exit code 3")},
		{"argument decode", "crash", sendTrap("decode", "crash"), segv},
		{"call", "error", misbehaves("error"), func(err error) error {
			if re := (*RemoteError)(nil); !errors.As(err, &re) || re.Text != "an error" {
				return errors.New("want a RemoteError")
			}
			return nil
		}},
		{"call", "exit", func(ctx context.Context, p *Pool) error { _, err := Call(ctx, p, exit, 5); return err }, died(5, 0, "exit code 5")},
		{"call", "crash", func(ctx context.Context, p *Pool) error {
			_, err := Call(ctx, p, killMe, int(syscall.SIGSEGV))
			return err
		}, segv},
		{"call", "fatal", misbehaves("fatal"), died(2, 0, "fatal error: concurrent map writes")},
		{"result encode", "error", getTrap("encode", "error"), codecErr("encode result", "sprung trap")},
		{"result encode", "exit", getTrap("encode", "exit"), died(3, 0, "exit code 3")},
		{"result encode", "crash", getTrap("encode", "crash"), segv},
		{"result decode", "error", getTrap("decode", "error"), codecErr("decode result", "sprung trap")},
		{"result decode", "exit", getTrap("decode", "exit"), codecErr("decode result", "Goexit")},
		{"result decode", "crash", getTrap("decode", "crash"), codecErr("decode result", "nil pointer")},
	}
	for _, tr := range processes {
		t.Run(tr.String(), func(t *testing.T) {
			guardTest(t)
			p := begin(t, tr, Options{Workers: 1, Procs: 2}) // two: concurrent map writes take two
			for _, c := range cells {
				t.Run(c.stage+"/"+c.how, func(t *testing.T) {
					for range 2 { // it works again and again
						err := c.run(t.Context(), p)
						if err == nil {
							t.Fatal("no error")
						}
						if bad := c.check(err); bad != nil {
							t.Errorf("%v; got %T: %v", bad, err, err)
						}
						works(t, p)
					}
					if got, err := Call(t.Context(), p, greet, person{Name: "you"}); err != nil || got.Name != "hello you" {
						t.Errorf("gob after that: %v, %v", got, err)
					}
				})
			}
		})
	}
}

func sendTrap(at, how string) func(context.Context, *Pool) error {
	return func(ctx context.Context, p *Pool) error { _, err := Call(ctx, p, takeTrap, trap{at, how}); return err }
}

func getTrap(at, how string) func(context.Context, *Pool) error {
	return func(ctx context.Context, p *Pool) error {
		_, err := Submit(ctx, p, makeTrap, [2]string{at, how}).Get(ctx)
		return err
	}
}

func misbehaves(how string) func(context.Context, *Pool) error {
	return func(ctx context.Context, p *Pool) error { _, err := Call(ctx, p, misbehave, how); return err }
}
