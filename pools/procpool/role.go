package procpool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
)

// Tasks is the role that a pool's workers have unless Options.Role says
// otherwise.
const Tasks = "tasks"

// A Role is a thing that a child process of this program can be. It has
// exactly one of Tasks and Helper.
type Role struct {
	Name string

	// Tasks makes what a worker runs from the spec of its pool. It is called
	// once in every worker; ctx ends with the process.
	Tasks func(ctx context.Context, spec string) (Task, error)

	// Helper does anything else, a server for example. It calls ready once,
	// with the line that the parent waits for, and returns soon after ctx
	// ends.
	Helper func(ctx context.Context, arg string, ready func(line string)) error

	// Children allows a child in this role to start processes of its own.
	Children bool
}

// A Task is the work of one worker, opened in that worker. Do is called by
// one goroutine at a time, Counters after a Do, Close last.
type Task interface {
	Do(ctx context.Context, i int) (sum uint64, err error)
	Counters() map[string]int64 // running totals by unit; may be nil
	Close() error
}

// hook is what ServeIfWorker noted of this process.
var hook struct {
	sync.Mutex
	called  bool
	roles   []Role
	barred  bool // a child that may not start children
	current string
}

// ServeIfWorker makes this program able to start itself as a worker. Call it
// first thing in main and in TestMain. In a normal process it notes the roles
// and returns at once. In a child that this package started it serves the
// child's role and never returns.
//
// It panics if a role has no name, a name twice, or not exactly one function.
func ServeIfWorker(roles ...Role) {
	seen := map[string]bool{}
	for _, r := range roles {
		if r.Name == "" || seen[r.Name] || (r.Tasks == nil) == (r.Helper == nil) {
			panic(fmt.Sprintf("procpool: role %q: need a name of its own and exactly one of Tasks and Helper", r.Name))
		}
		seen[r.Name] = true
	}
	name, child := os.LookupEnv(roleVariable)
	role, err := findRole(roles, name)

	hook.Lock()
	hook.called, hook.roles = true, roles
	hook.barred, hook.current = child && !role.Children, name
	hook.Unlock()

	if child {
		os.Unsetenv(roleVariable) // not for the programs that this one starts
		serve(role, err)
	}
}

// mayStart says whether this process may start a child in the role, and
// whether the role is of the wanted sort.
func mayStart(name string, helper bool) error {
	hook.Lock()
	defer hook.Unlock()
	switch {
	case !hook.called:
		return errors.New("procpool: this program cannot start itself as a worker: call ServeIfWorker first thing in main, and in TestMain of a test")
	case hook.barred:
		return fmt.Errorf("procpool: a child in the role %q may not start processes: set Children in its Role to allow it", hook.current)
	}
	role, err := findRole(hook.roles, name)
	if err == nil && helper != (role.Helper != nil) {
		err = fmt.Errorf("procpool: role %q is for %s", name, map[bool]string{true: "a pool: use Start", false: "a helper: use StartHelper"}[helper])
	}
	return err
}

func findRole(roles []Role, name string) (Role, error) {
	var names []string
	for _, r := range roles {
		if r.Name == name {
			return r, nil
		}
		names = append(names, r.Name)
	}
	return Role{}, fmt.Errorf("procpool: no role %q: ServeIfWorker was given: %s", name, strings.Join(names, ", "))
}
