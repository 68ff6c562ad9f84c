package procpool

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"amdahl/pools/procpool/internal/child"
)

// parents are programs in their own right, which tests start: they print what
// the test looks at.
var parents = map[string]func(){
	"leave":   func() { leaveBusy(); fmt.Println("done") },
	"killed":  func() { leaveBusy(); time.Sleep(time.Hour) },
	"no hook": func() { child.Unhook(); _, err := Start(context.Background(), Options{}); fmt.Println(err) },
}

// leaveBusy starts a pool, keeps it busy, and prints its pids.
func leaveBusy() {
	tr := Ring
	if os.Getenv("PROCPOOL_TEST_TRANSPORT") == "pipe" {
		tr = Pipe
	}
	ctx := context.Background()
	p, err := Start(ctx, Options{Workers: 3, Transport: tr, Grace: enough, StartTime: enough})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	Submit(ctx, p, nap, 1_000_000)
	Submit(ctx, p, wait, 1_000_000)
	Call(ctx, p, square, 1)
	fmt.Println(strings.Trim(fmt.Sprint(pidsOf(p)), "[]"))
}

func parent(t *testing.T, name string, tr Transport) (*exec.Cmd, *bytes.Buffer) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PROCPOOL_TEST_PARENT="+name, "PROCPOOL_TEST_TRANSPORT="+tr.String())
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = enough
	return cmd, &out
}

// testLeave: a program that ends without Close ends well, at once, and leaves
// no worker.
func testLeave(t *testing.T, tr Transport) {
	cmd, out := parent(t, "leave", tr)
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || lines[1] != "done" {
		t.Fatalf("it printed %q", out)
	}
	gone(t, lines[0])
}

// testParentKilled: a parent that is killed leaves no worker.
func testParentKilled(t *testing.T, tr Transport) {
	file := filepath.Join(t.TempDir(), "out")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cmd, _ := parent(t, "killed", tr)
	cmd.Stdout = f
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var line string
	eventually(t, "the parent has workers", func() bool {
		b, _ := os.ReadFile(file)
		line, _, _ = strings.Cut(string(b), "\n")
		return strings.HasSuffix(string(b), "\n")
	})
	cmd.Process.Kill()
	cmd.Wait()
	gone(t, line)
}

func gone(t *testing.T, pids string) {
	t.Helper()
	if len(strings.Fields(pids)) != 3 {
		t.Fatalf("no pids of three workers: %q", pids)
	}
	for _, s := range strings.Fields(pids) {
		pid, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, "worker "+s+" is gone", func() bool { return !alive(pid) })
	}
}

func testNoHook(t *testing.T, tr Transport) {
	cmd, out := parent(t, "no hook", tr)
	if err := cmd.Run(); err != nil || !strings.Contains(out.String(), "call ServeIfWorker first thing in main") {
		t.Errorf("%v: %s", err, out)
	}
}

// testDenied: without shared memory there are pipes.
func testDenied(t *testing.T, tr Transport) {
	if runtime.GOOS != "linux" {
		t.Skip("seccomp is Linux's")
	}
	cmd, out := parent(t, "denied", tr)
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if strings.HasPrefix(out.String(), "cannot:") {
		t.Skip(out)
	}
	for _, want := range []string{"ring: procpool: transport is not available here: ring: memfd_create: operation not permitted", "pipe 2000 <nil>", "exit code 4", "<nil>"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
}

func readPid(t *testing.T, file string) int {
	t.Helper()
	b, _ := os.ReadFile(file)
	pid, err := strconv.Atoi(string(b))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// testGiant sends more than 2 GiB, and more than 4, in one frame.
func testGiant(t *testing.T, tr Transport) {
	if os.Getenv("PROCPOOL_BIG") == "" {
		t.Skip("needs 10 GB of memory: PROCPOOL_BIG=1")
	}
	p := begin(t, tr, Options{Workers: 1})
	for _, size := range []int64{2<<30 + 200<<20, 4<<30 + 5} {
		if size > math.MaxInt {
			t.Skip("not on 32 bits")
		}
		arg := make([]byte, size)
		if got, err := Call(t.Context(), p, length, arg); int64(got) != size || err != nil {
			t.Errorf("%d bytes: %v, %v", size, got, err)
		}
	}
}
