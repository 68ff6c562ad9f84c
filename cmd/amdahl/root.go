package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// Exit statuses.
const (
	done      = 0
	failed    = 1
	usage     = 2
	undecided = 3
)

// A usageError is the caller's: a wrong flag, argument or command.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// commands lists the subcommands. To add one, write one file and one line
// here.
var commands = []func() *cobra.Command{
	runCommand, fitCommand, plotCommand, reportCommand, predictCommand, compareCommand,
	whyCommand, ganttCommand, whatIfCommand, checkCommand, verifyCommand, doctorCommand, lawsCommand,
}

// run is the whole program: results go to stdout, messages to stderr.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := &cobra.Command{
		Use:   "amdahl",
		Short: "How does this work get faster with more workers, where does that stop, and why?",
		Long: `Amdahl measures benchmarks and commands at several numbers of workers, or reads
the Go benchmark results of others, fits the speedup to Amdahl's law and its
relatives, and draws it.

Results go to standard output, messages to standard error. The exit status is
0 when all went well, 1 when something failed or could not be used, 2 for a
wrong command line, 3 where the data cannot decide (check, verify).`,
		Example: `  amdahl run ./pkg --bench Index -x cpu=1,2,4,8 -o index.txt
  go test -bench . -cpu 1,2,4 -count 10 ./... | amdahl fit`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("unknown command %q: the commands are %s", args[0], names(cmd))}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w: see %s -h", err, cmd.CommandPath())}
	})
	for _, c := range commands {
		root.AddCommand(c())
	}
	err := root.ExecuteContext(ctx)
	if err == nil {
		return done
	}
	if !errors.Is(err, errSaid) {
		fmt.Fprintf(stderr, "amdahl: %v\n", err)
	}
	if errors.As(err, new(usageError)) {
		return usage
	}
	if errors.Is(err, errUndecided) {
		return undecided
	}
	return failed
}

// errSaid is a failure whose messages are already on standard error.
var errSaid = errors.New("failed")

// errUndecided is a question that the data cannot decide.
var errUndecided = errors.New("cannot tell")

// names lists the subcommands that a user would type.
func names(cmd *cobra.Command) string {
	var list []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" {
			list = append(list, c.Name())
		}
	}
	return strings.Join(list, ", ")
}
