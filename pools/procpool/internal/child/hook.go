package child

import (
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
)

const (
	Variable      = "PROCPOOL_WORKER" // says that a process is a child, and what it is to be
	depthVariable = "PROCPOOL_DEPTH"  // how many pools it is in
	MaxDepth      = 8                 // pools in workers of pools in workers …
)

// ErrNoHook is the error of a program that could not serve as its own child.
var ErrNoHook = errors.New("procpool: this program cannot start itself as a worker: call ServeIfWorker first thing in main, and in TestMain of a test")

var hook struct {
	sync.Mutex
	called bool
	depth  int
}

// Hook notes that this program serves if it is a child, and returns what it is
// to be.
func Hook() (how string, isChild bool) {
	depth, _ := strconv.Atoi(os.Getenv(depthVariable))
	hook.Lock()
	hook.called, hook.depth = true, depth
	hook.Unlock()
	how, isChild = os.LookupEnv(Variable)
	if isChild {
		os.Unsetenv(Variable) // not for the programs that this one starts
	}
	return how, isChild
}

// Unhook is for tests of what happens without Hook.
func Unhook() { hook.called = false }

// MayStart says whether this process may start children, and how deep it is
// itself.
func MayStart() (depth int, err error) {
	hook.Lock()
	defer hook.Unlock()
	if !hook.called || os.Getenv(Variable) != "" {
		return 0, ErrNoHook
	}
	if hook.depth >= MaxDepth {
		return 0, fmt.Errorf("procpool: this is a worker in a worker … %d deep: no deeper", MaxDepth)
	}
	return hook.depth, nil
}

// Environ is the environment of a child at that depth.
func Environ(extra []string, depth, procs int) []string {
	env := os.Environ()
	if race := os.Getenv("GORACE"); !strings.Contains(race, "atexit_sleep_ms") {
		env = append(env, "GORACE="+strings.TrimSpace(race+" atexit_sleep_ms=0")) // or a race build lingers for a second
	}
	if procs > 0 {
		env = append(env, "GOMAXPROCS="+strconv.Itoa(procs))
	}
	env = append(append(env, extra...), depthVariable+"="+strconv.Itoa(depth))
	last := map[string]int{}
	for i, kv := range env {
		name, _, _ := strings.Cut(kv, "=")
		last[name] = i
	}
	var out []string
	for i, kv := range env {
		if name, _, _ := strings.Cut(kv, "="); last[name] == i { // the last word counts
			out = append(out, kv)
		}
	}
	return out
}

// started is what the program was called by, resolved before anybody changes
// the directory.
var started, _ = exec.LookPath(os.Args[0])

// program is the file of this program.
func program() (string, error) {
	if programPath != "" {
		if _, err := os.Stat(programPath); err == nil {
			return programPath, nil
		}
	}
	path, err := os.Executable()
	if err == nil {
		return path, nil
	}
	if started != "" {
		return started, nil
	}
	return "", fmt.Errorf("procpool: this program does not find its own file: %w", err)
}

// ProgramID tells this build of the program from others, by the file that it
// was started from.
var ProgramID = sync.OnceValue(func() uint64 {
	path, err := program()
	if err != nil {
		return 0
	}
	s, err := os.Stat(path)
	if err != nil {
		return 0
	}
	h := fnv.New64a()
	fmt.Fprintln(h, s.Size(), s.ModTime().UnixNano())
	return h.Sum64()
})
