package bench

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// commandLimit bounds every wait; it is reached only by a failure.
const commandLimit = 2 * time.Minute

// A command is a process of this program with the lines that it has written.
type command struct {
	t     *testing.T
	args  string
	cmd   *exec.Cmd
	ended chan struct{}

	mu      sync.Mutex
	lines   []string
	read    int // lines that await has looked at
	changed chan struct{}
}

// benchExe is the file of this program.
func benchExe(t *testing.T) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return exe
}

// startBench starts this program with flags. It is killed at the end of the test, if it
// has not ended.
func startBench(t *testing.T, args ...string) *command { return startAs(t, benchExe(t), args...) }

func startAs(t *testing.T, exe string, args ...string) *command {
	return startWith(t, exe, nil, args...)
}

// startWith has environment variables too, as NAME=value.
func startWith(t *testing.T, exe string, env []string, args ...string) *command {
	t.Helper()
	c := &command{t: t, args: strings.Join(args, " "), cmd: exec.Command(exe, args...), ended: make(chan struct{}), changed: make(chan struct{}, 1)}
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c.cmd.Stdout, c.cmd.Stderr = in, in
	c.cmd.Env = append(os.Environ(), env...)
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in.Close()
	go func() {
		defer close(c.ended)
		defer out.Close()
		for s := bufio.NewScanner(out); s.Scan(); {
			c.mu.Lock()
			c.lines = append(c.lines, s.Text())
			c.mu.Unlock()
			select {
			case c.changed <- struct{}{}:
			default:
			}
		}
		_ = c.cmd.Wait()
	}()
	t.Cleanup(func() {
		select {
		case <-c.ended:
		default:
			_ = c.cmd.Process.Kill()
			<-c.ended
		}
		if t.Failed() {
			t.Logf("%s wrote:\n%s", c.args, c.text())
		}
	})
	return c
}

func (c *command) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.lines, "\n")
}

// await returns the next line that matches.
func (c *command) await(pattern string) string {
	c.t.Helper()
	re := regexp.MustCompile(pattern)
	next := func() (string, bool) {
		c.mu.Lock()
		defer c.mu.Unlock()
		for c.read < len(c.lines) {
			line := c.lines[c.read]
			if c.read++; re.MatchString(line) {
				return line, true
			}
		}
		return "", false
	}
	late := time.After(commandLimit)
	for {
		if line, ok := next(); ok {
			return line
		}
		select {
		case <-c.changed:
		case <-c.ended:
			if line, ok := next(); ok {
				return line
			}
			c.t.Fatalf("%s ended without a line %q", c.args, pattern)
		case <-late:
			c.t.Fatalf("%s writes no line %q", c.args, pattern)
		}
	}
}

// ends waits for the end and checks the exit status.
func (c *command) ends(status int) {
	c.t.Helper()
	select {
	case <-c.ended:
	case <-time.After(commandLimit):
		c.t.Fatalf("%s does not end", c.args)
	}
	if got := c.cmd.ProcessState.ExitCode(); got != status {
		c.t.Errorf("%s: exit status %d, want %d", c.args, got, status)
	}
}

// interrupt is Ctrl-C.
func (c *command) interrupt() {
	c.t.Helper()
	if err := c.cmd.Process.Signal(os.Interrupt); err != nil {
		c.t.Error(err)
	}
}

// few are flags of a measurement that takes a moment.
func few(args ...string) []string {
	return append([]string{
		"-test.bench", "Strong/workload=sleep/strategy=remote", "-test.benchtime", "1x", "-tasks", "8", "-serial", "0", "-join-time", "2m",
	}, args...)
}

// joinURL waits until a coordinator says how to join, and returns the URL.
func joinURL(c *command) string {
	c.t.Helper()
	_, url, _ := strings.Cut(c.await("bench -join "), "bench -join ")
	return url
}

// anotherBuild is this program with another hash: a byte more at its end.
func anotherBuild(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "darwin" {
		t.Skip("macOS does not start a program whose signature does not fit")
	}
	data, err := os.ReadFile(benchExe(t))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "other.exe")
	if err := os.WriteFile(file, append(data, 'x'), 0o755); err != nil {
		t.Fatal(err)
	}
	return file
}
