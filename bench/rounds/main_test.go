package rounds

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"testing"
	"time"
)

// This test binary plays the programs that are measured: what it does is its
// first argument.
const playing = "ROUNDS_TEST_PLAY"

func TestMain(m *testing.M) {
	if os.Getenv(playing) != "" && len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-test.") {
		os.Exit(play(os.Args[1], os.Args[2:]))
	}
	os.Setenv(playing, "1")
	os.Setenv("GORACE", "atexit_sleep_ms=0") // or a process takes a second to end
	os.Exit(m.Run())
}

func play(what string, args []string) int {
	switch what {
	case "bench": // a benchmark of this name
		fmt.Printf("pkg: fake\nBenchmark%s \t 1 \t 100 ns/op\nPASS\n", args[0])
	case "round":
		fmt.Printf("round: 99\nrun-seed: 5\nBenchmarkOrder/is=%s 1 100 ns/op\n", strings.Join(args, ","))
	case "padding":
		fmt.Printf("BenchmarkPadding 1 %d ns/op\n", 1+len(os.Getenv("AMDAHL_PADDING")))
	case "crash":
		fmt.Println("BenchmarkBefore 1 100 ns/op")
		fmt.Print("BenchmarkCrash \t")
		fmt.Fprintln(os.Stderr, "panic: it went wrong")
		return 2
	case "hang":
		time.Sleep(time.Hour)
	case "stubborn": // does not end when asked
		signal.Ignore(os.Interrupt)
		fmt.Println("BenchmarkBegun 1 100 ns/op")
		time.Sleep(time.Hour)
	case "flood":
		w := bufio.NewWriter(os.Stdout)
		long := strings.Repeat("x", 3*longest)
		for i := range 200 {
			fmt.Fprintf(w, "noise %d\n", i)
		}
		fmt.Fprintf(w, "%s\nBenchmarkFlood 1 100 ns/op\n%s", long, long)
		w.Flush()
		return 3
	case "silent":
	case "exit":
		n, _ := strconv.Atoi(args[0])
		fmt.Println("said this")
		return n
	case "append": // args[1] to the file args[0]
		f, err := os.OpenFile(args[0], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Fprintln(f, args[1])
		f.Close()
	case "parent": // of a process that holds a connection, then hang or end
		cmd := exec.Command(os.Args[0], "hold", args[0])
		cmd.Stdout = os.Stdout
		ready, err := cmd.StderrPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err == nil {
			_, err = ready.Read(make([]byte, 1))
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Println("BenchmarkParent 1 100 ns/op")
		if args[1] == "hang" {
			time.Sleep(time.Hour)
		}
	case "hold":
		signal.Ignore(os.Interrupt)
		c, err := net.Dial("tcp", args[0])
		if err != nil {
			return 1
		}
		c.Read(make([]byte, 1)) // it was noted
		fmt.Fprintln(os.Stderr, "ready")
		io.Copy(io.Discard, c)
	}
	return 0
}

// A holder is a listener that sees processes end by their connections.
type holder struct {
	l     net.Listener
	conns chan []net.Conn
}

func newHolder(t *testing.T) *holder {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &holder{l: l, conns: make(chan []net.Conn, 1)}
	h.conns <- nil
	done := make(chan struct{})
	t.Cleanup(func() { l.Close(); <-done })
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			h.conns <- append(<-h.conns, c)
			c.Write([]byte{'!'})
		}
	}()
	return h
}

// gone fails the test unless want processes came and none is left.
func (h *holder) gone(t *testing.T, want int) {
	t.Helper()
	conns := <-h.conns
	h.conns <- nil
	if len(conns) != want {
		t.Errorf("%d processes were started, want %d", len(conns), want)
	}
	for _, c := range conns {
		c.SetReadDeadline(time.Now().Add(2 * time.Minute))
		if _, err := c.Read(make([]byte, 1)); err == nil || os.IsTimeout(err) {
			t.Errorf("a process is left: %v", err)
		}
		c.Close()
	}
}

// fake is a point of this binary.
func fake(name string, args ...string) Point {
	return Point{Name: name, Args: append([]string{os.Args[0]}, args...)}
}

// benches are points whose benchmarks have their names.
func benches(names ...string) []Point {
	var out []Point
	for i, n := range names {
		p := fake(n, "bench", n)
		p.Sentinel = i == 0
		out = append(out, p)
	}
	return out
}

// tick is a clock that moves by a second whenever it is read.
func tick() func() time.Time {
	now := time.Unix(0, 0)
	return func() time.Time {
		now = now.Add(time.Second)
		return now
	}
}

// whole fails the test unless the text ends with a whole line.
func whole(t *testing.T, text *bytes.Buffer) {
	t.Helper()
	if b := text.Bytes(); len(b) > 0 && b[len(b)-1] != '\n' {
		t.Errorf("the text ends in %q, want whole lines", b[max(0, len(b)-40):])
	}
}
