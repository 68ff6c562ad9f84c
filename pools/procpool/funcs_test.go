package procpool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"weak"
)

type none = struct{}

type pair struct{ X, Y int }

// An argument with a pointer in it goes through the codec.
type person struct {
	Name string
	Tags []string
	Age  map[string]int
}

type typedError struct{ Code int }

func (e *typedError) Error() string { return fmt.Sprintf("code %d", e.Code) }

var errSentinel = RegisterSentinel("test/sentinel", errors.New("a sentinel"))

func init() { RegisterError(&typedError{}) }

var (
	square  = Register("square/v1", func(_ context.Context, x int) (int, error) { return x * x, nil })
	power   = Register("power/v1", func(_ context.Context, p pair) (int, error) { return pow(p.X, p.Y), nil })
	greet   = Register("greet/v1", func(_ context.Context, p person) (person, error) { p.Name = "hello " + p.Name; return p, nil })
	upper   = Register("upper/v1", func(_ context.Context, s string) (string, error) { return strings.ToUpper(s), nil })
	echo    = Register("echo/v1", func(_ context.Context, b []byte) ([]byte, error) { return b, nil })
	length  = Register("length/v1", func(_ context.Context, b []byte) (int, error) { return len(b), nil })
	floats  = Register("floats/v1", func(_ context.Context, f []float64) ([]float64, error) { slices.Reverse(f); return f, nil })
	pid     = Register("pid/v1", func(context.Context, int) (int, error) { return os.Getpid(), nil })
	nothing = Register("nothing/v1", func(_ context.Context, x int) (int, error) { return x, nil })

	// nap sleeps for ms milliseconds, whatever happens; wait obeys.
	nap = Register("nap/v1", func(_ context.Context, ms int) (int, error) {
		time.Sleep(time.Duration(ms) * time.Millisecond)
		return ms, nil
	})
	wait = Register("wait/v1", func(ctx context.Context, ms int) (int, error) {
		select {
		case <-time.After(time.Duration(ms) * time.Millisecond):
			return ms, nil
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	})

	// misbehave ends the task in the way named.
	misbehave = Register("misbehave/v1", func(_ context.Context, how string) (string, error) {
		switch how {
		case "error":
			return "", errors.New("an error")
		case "typed":
			return "", fmt.Errorf("wrapped: %w", &typedError{42})
		case "sentinel":
			return "", fmt.Errorf("wrapped: %w", errSentinel)
		case "notexist":
			_, err := os.Open("/does/not/exist")
			return "", err
		case "huge":
			return "", errors.New(strings.Repeat("x", 1<<20))
		case "panic error":
			panic(&typedError{7})
		case "panic string":
			panic("a string")
		case "panic struct":
			panic(pair{1, 2})
		case "panic nil":
			panic(nil)
		case "panic runtime":
			var p *pair
			p.X = 1
		case "goexit":
			runtime.Goexit()
		case "fatal":
			concurrentMapWrites()
		case "noise":
			fmt.Println("noise on stdout")
			fmt.Fprintln(os.Stderr, "noise on stderr")
		case "close stdio":
			os.Stdout.Close()
			os.Stderr.Close()
		case "devour": // until the system says no
			limitData(512 << 20)
			debug.SetGCPercent(-1)
			for {
				hoard = append(hoard, make([]byte, 16<<20))
				clear(hoard[len(hoard)-1])
			}
		}
		return how, nil
	})
	exit    = Register("exit/v1", func(_ context.Context, code int) (int, error) { os.Exit(code); return 0, nil })
	killMe  = Register("kill/v1", func(_ context.Context, sig int) (int, error) { suicide(syscall.Signal(sig)); return 0, nil })
	killPid = Register("killpid/v1", func(_ context.Context, pid int) (int, error) {
		kill(pid, syscall.SIGKILL)
		return pid, nil
	})
	// once dies the first time that it sees its argument as a file name.
	once = Register("once/v1", func(_ context.Context, file string) (int, error) {
		if f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL, 0o600); err == nil {
			f.Close()
			suicide(syscall.SIGKILL)
		}
		return 1, nil
	})
	// touch makes a file, so that others see that it ran.
	touch = Register("touch/v1", func(_ context.Context, file string) (int, error) {
		return 0, os.WriteFile(file, nil, 0o600)
	})
	// meet makes a file in dir and returns when there are n.
	meet = Register("meet/v1", func(ctx context.Context, m meeting) (int, error) {
		os.WriteFile(fmt.Sprintf("%s/%d", m.Dir, m.Me), nil, 0o600)
		for {
			if d, _ := os.ReadDir(m.Dir); len(d) >= m.N {
				return m.Me, nil
			}
			if ctx.Err() != nil {
				return 0, ctx.Err()
			}
			time.Sleep(time.Millisecond)
		}
	})
	getenv = Register("getenv/v1", func(_ context.Context, name string) (string, error) { return os.Getenv(name), nil })
	fds    = Register("fds/v1", func(context.Context, none) ([]byte, error) {
		var out []string
		d, _ := os.ReadDir("/proc/self/fd")
		for _, e := range d {
			to, _ := os.Readlink("/proc/self/fd/" + e.Name())
			out = append(out, e.Name()+" "+to)
		}
		return []byte(strings.Join(out, "\n")), nil
	})
	grow = Register("grow/v1", func(_ context.Context, mb int) (int, error) {
		hoard = append(hoard, touched(mb))
		return mb, nil
	})
	gulp = Register("gulp/v1", func(_ context.Context, mb int) (int, error) {
		b := touched(mb)
		time.Sleep(enough)
		return int(b[0]), nil
	})
	nested = Register("nested/v1", func(ctx context.Context, depth int) (int, error) {
		if depth == 0 {
			return 42, nil
		}
		p, err := Start(ctx, Options{Workers: 1})
		if err != nil {
			return 0, err
		}
		defer p.Close()
		return Call(ctx, p, nestedSelf, depth-1)
	})
	nestedNap = Register("nestednap/v1", func(ctx context.Context, file string) (int, error) {
		p, err := Start(ctx, Options{Workers: 1})
		if err != nil {
			return 0, err
		}
		pid, _ := Call(ctx, p, pid, 0)
		os.WriteFile(file, fmt.Append(nil, pid), 0o600)
		return Call(ctx, p, nap, 60_000)
	})

	initCount atomic.Int64
	setUp     = Register("setup/v1", func(_ context.Context, how string) (int, error) {
		initCount.Add(1)
		switch how {
		case "error":
			return 0, &typedError{5}
		case "exit":
			os.Exit(9)
		case "panic":
			panic("in the initializer")
		default:
			AtExit(func() { os.WriteFile(how, []byte("bye"), 0o600) })
		}
		return 0, nil
	})
	setUps = Register("setups/v1", func(context.Context, none) (int64, error) { return initCount.Load(), nil })

	// kept remembers its argument weakly and says whether the last is gone.
	kept = Register("kept/v1", func(_ context.Context, p *person) (bool, error) {
		runtime.GC()
		gone := lastArg.Value() == nil
		lastArg = weak.Make(p)
		return gone, nil
	})
	lastArg weak.Pointer[person]
	hoard   [][]byte
)

type meeting struct {
	Dir   string
	Me, N int
}

// nestedSelf is nested, which cannot name itself.
var nestedSelf *Func[int, int]

func init() { nestedSelf = nested }

func pow(x, n int) int {
	r := 1
	for range n {
		r *= x
	}
	return r
}

func suicide(sig syscall.Signal) {
	kill(os.Getpid(), sig)
	time.Sleep(enough)
}

// touched is memory, of which every page is written to.
func touched(mb int) []byte {
	b := make([]byte, mb<<20)
	for i := 0; i < len(b); i += 4096 {
		b[i] = 1
	}
	return b
}

func concurrentMapWrites() {
	m := map[int]int{}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				m[i&15] = i
			}
		})
	}
	wg.Wait()
}

// jsonCodec shows that a codec of the user's is used.
type jsonCodec struct{ used atomic.Int64 }

func (c *jsonCodec) Name() string { return "json" }
func (c *jsonCodec) Marshal(v any) ([]byte, error) {
	c.used.Add(1)
	return json.Marshal(v)
}
func (c *jsonCodec) Unmarshal(b []byte, v any) error { return json.Unmarshal(b, v) }

var codecJSON = &jsonCodec{}

func init() { RegisterCodec(codecJSON) }

// A slowArg takes longer to encode than workers wait.
type slowArg struct{}

func (slowArg) GobEncode() ([]byte, error) { time.Sleep(30 * time.Millisecond); return []byte{1}, nil }
func (*slowArg) GobDecode([]byte) error    { return nil }

var takeSlow = Register("takeslow/v1", func(context.Context, slowArg) (int, error) { return 1, nil })

var ignoreTerm = Register("ignoreterm/v1", func(_ context.Context, g gate) (gate, error) {
	signal.Ignore(syscall.SIGTERM)
	return g, g.pass(context.Background())
})
