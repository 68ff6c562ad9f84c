package remote

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"amdahl/pools"
	"amdahl/pools/procpool"
)

// LinkRole is the name of the role that emulates a link in a process of its own,
// whose threads do not disturb what is measured. Its argument is the link and the
// address of the server, with a space between; it is ready with its own address.
const LinkRole = "link"

// ServeLink is the helper of [LinkRole].
func ServeLink(ctx context.Context, arg string, ready func(line string)) error {
	text, target, _ := strings.Cut(arg, " ")
	link, err := ParseLink(text)
	if err != nil {
		return err
	}
	// A thread that sleeps in a system call keeps one of Go's processors for a while, so
	// each has one, beside those that read.
	processors := func(threads int) {
		if n := threads + 8; n > runtime.GOMAXPROCS(0) {
			runtime.GOMAXPROCS(2 * n)
		}
	}
	processors(0)
	late, err := newLateness(link)
	if err != nil {
		return fmt.Errorf("remote: link: %w", err)
	}
	r, err := newRelay(link, target, late)
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.grows = processors
	r.mu.Unlock()
	defer r.close()
	ready(r.addr())
	<-ctx.Done()
	return nil
}

// Roles are what a child process of a program with remote workers can be: a node
// on this machine, or an emulated link.
func Roles(program Program) []pools.Role {
	return []pools.Role{
		{Name: NodeRole, Helper: func(ctx context.Context, url string, ready func(line string)) error {
			err := Join(ctx, program, JoinOptions{Server: Access{URL: url}, Ready: func(node int) { ready(fmt.Sprint(node)) }})
			if errors.Is(err, errQuit) {
				return nil
			}
			return err
		}},
		{Name: LinkRole, Helper: ServeLink},
	}
}

// NodeRole is the name of the role of a node that the coordinator starts on its own
// machine. Its argument is the URL to join at.
const NodeRole = "node"

// StartLocal starts a node as a child process of this one, by means of start, which
// is pools.StartHelper: the value of Options.Start for nodes on this machine.
func StartLocal(start func(ctx context.Context, role, arg string) (string, func() error, error)) func(context.Context, string) (func() error, error) {
	return func(ctx context.Context, url string) (func() error, error) {
		_, stop, err := start(ctx, NodeRole, url)
		if err != nil {
			return nil, err
		}
		return func() error { return leftIsFine(stop()) }, nil
	}
}

// leftIsFine is the error of ending a node, and nil if it had left by itself: the
// coordinator tells all nodes to.
func leftIsFine(err error) error {
	if died, ok := errors.AsType[*procpool.WorkerError](err); ok && died.ExitCode == 0 && died.Signal == 0 {
		return nil
	}
	return err
}
