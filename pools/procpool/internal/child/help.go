package child

import (
	"fmt"
	"os"
	"strings"
)

// helper is what a child does that is a helper and not a worker. Package host
// sets it.
var helper func(role, arg string, lifeline *Control, say *os.File)

// SetHelper says what helpers do.
func SetHelper(f func(role, arg string, lifeline *Control, say *os.File)) { helper = f }

// Help is the life of a helper.
func Help(how string) {
	f := strings.Split(how, " ")
	if len(f) < 3 {
		fmt.Fprintf(os.Stderr, "procpool: %s=%q makes no sense: unset it\n", Variable, how)
		os.Exit(2)
	}
	c, files, err := Inherit(f[2:])
	if err != nil || len(files) != 1 {
		fmt.Fprintf(os.Stderr, "procpool: %s=%q does not fit the descriptors of this process: unset it: %v\n", Variable, how, err)
		os.Exit(2)
	}
	if helper == nil {
		fmt.Fprintln(os.Stderr, "procpool: this program has no helpers: call host.ServeIfWorker instead of procpool.ServeIfWorker")
		os.Exit(2)
	}
	helper(f[0], f[1], c, files[0])
	os.Exit(0)
}
