package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const (
	watchEnv = "AMDAHL_WATCH" // makes this program a watcher, of the runs with this mark
	markEnv  = "AMDAHL_RUN"   // marks every process of a run
)

// A watcher is a process of its own that outlives this one if that is killed, and then
// kills what it left behind: grandchildren get no signal when their parents' parent
// dies.
type watcher struct {
	cmd  *exec.Cmd
	pipe io.WriteCloser
}

// watcherProgram is the program that watches; "" watches nothing.
var watcherProgram = ""

// watch marks the processes that this one will start, and starts the watcher. Without
// one everything else works.
func watch() *watcher {
	if watcherProgram == "" {
		return nil
	}
	mark := strconv.FormatUint(rand.Uint64(), 36)
	os.Setenv(markEnv, mark)
	cmd := exec.Command(watcherProgram)
	cmd.Env = []string{watchEnv + "=" + mark, "TMPDIR=" + os.Getenv("TMPDIR")}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // signals of the terminal are not for it
	pipe, err := cmd.StdinPipe()
	if err != nil || cmd.Start() != nil {
		return nil
	}
	return &watcher{cmd, pipe}
}

// end lets the watcher go.
func (w *watcher) end() {
	if w == nil {
		return
	}
	io.WriteString(w.pipe, "done\n")
	w.pipe.Close()
	w.cmd.Wait()
	os.Unsetenv(markEnv)
}

// watcherMain is the watcher: it waits until the run ends, or is killed.
func watcherMain(mark string) {
	said, _ := io.ReadAll(os.Stdin)
	if len(said) > 0 {
		return
	}
	for range 50 { // while they start others
		if killMarked(mark) == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	sweep(os.TempDir())
}

// killMarked kills every process with the mark in its environment, and says how many
// there were.
func killMarked(mark string) (n int) {
	want := fmt.Appendf(nil, "%s=%s", markEnv, mark)
	all, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range all {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		for v := range bytes.SplitSeq(text, []byte{0}) {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			if bytes.Equal(v, want) && err == nil && pid != os.Getpid() {
				syscall.Kill(pid, syscall.SIGKILL)
				n++
			}
		}
	}
	return n
}
