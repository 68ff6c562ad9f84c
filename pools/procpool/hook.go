package procpool

import (
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"strconv"
	"sync"
)

// A Role is something other than a worker that a child process of this
// program can be: a server, for example. See [StartHelper].
type Role struct {
	Name string

	// Helper does it. It calls ready once, with the line that the parent
	// waits for, and returns soon after ctx ends, which is when the parent
	// asks it to or is no more.
	Helper func(ctx context.Context, arg string, ready func(line string)) error
}

// hook is what ServeIfWorker noted of this process.
var hook struct {
	sync.Mutex
	called bool
	depth  int
}

// ServeIfWorker makes this program able to start itself as a worker or as a
// helper. Call it first thing in main and in TestMain. In a normal process it
// returns at once. In a child that this package started it serves the parent
// and never returns.
//
// It panics if a role has no name, no function, or the name of another.
func ServeIfWorker(roles ...Role) {
	seen := map[string]bool{}
	for _, r := range roles {
		if r.Name == "" || r.Helper == nil || seen[r.Name] {
			panic(fmt.Sprintf("procpool: role %q: need a name of its own and a Helper", r.Name))
		}
		seen[r.Name] = true
	}
	how, child := os.LookupEnv(workerVariable)
	depth, _ := strconv.Atoi(os.Getenv(depthVariable))
	hook.Lock()
	hook.called, hook.depth = true, depth
	hook.Unlock()
	programID()
	fingerprint()
	if child {
		os.Unsetenv(workerVariable) // not for the programs that this one starts
		serve(how, roles)
	}
}

// mayStart says whether this process may start children, and how deep it is
// itself.
func mayStart() (depth int, err error) {
	hook.Lock()
	defer hook.Unlock()
	if !hook.called || os.Getenv(workerVariable) != "" {
		return 0, ErrNoHook
	}
	if hook.depth >= maxDepth {
		return 0, fmt.Errorf("procpool: this is a worker in a worker … %d deep: no deeper", maxDepth)
	}
	return hook.depth, nil
}

// programID tells this build of the program from others, by the file that it
// was started from.
var programID = sync.OnceValue(func() uint64 {
	path := programPath
	if path == "" {
		path, _ = os.Executable()
	}
	s, err := os.Stat(path)
	if err != nil {
		return 0
	}
	h := fnv.New64a()
	fmt.Fprintln(h, s.Size(), s.ModTime().UnixNano())
	return h.Sum64()
})
