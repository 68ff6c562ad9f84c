package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
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

// errSaid is a failure whose messages are on standard error already.
var errSaid = errors.New("failed")

// errUndecided is a question that the data cannot decide.
var errUndecided = errors.New("cannot tell")

// commands lists the subcommands. To add one, write one file and one line
// here. Its GroupID is one of groups.
var commands = []func() *cobra.Command{
	runCommand, doctorCommand,
	fitCommand, whyCommand, whereCommand, whatIfCommand, predictCommand, verifyCommand,
	plotCommand, drawCommand, ganttCommand, reportCommand, viewCommand,
	checkCommand, compareCommand,
	labCommand, gradeCommand, classCommand, exploreCommand, lawsCommand, formatsCommand, versionCommand,
}

// groups are what people want, as amdahl -h lists the subcommands.
var groups = []*cobra.Group{
	{ID: "measure", Title: "Measure:"},
	{ID: "understand", Title: "Understand:"},
	{ID: "draw", Title: "Draw:"},
	{ID: "gate", Title: "Compare, and gate a build:"},
	{ID: "learn", Title: "Learn:"},
}

// newRoot is the command amdahl with all its subcommands.
func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "amdahl",
		Short: "How does this work get faster with more workers, where does that stop, and why?",
		Long: `Amdahl measures benchmarks and commands at several numbers of workers, or reads
the Go benchmark results of others, fits the speedup to Amdahl's law and its
relatives, and draws it.

Results go to standard output, messages to standard error. The exit status is
0 when all went well, 1 when something failed or could not be used, 2 for a
wrong command line, 3 where the data cannot decide (check, verify, predict,
why, where, what-if, lab check, grade).`,
		Example: `  amdahl run ./pkg --bench Index -x cpu=1,2,4,8 -o index.txt
  go test -bench . -cpu 1,2,4 -count 10 ./... | amdahl fit`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			var known []string
			for _, c := range cmd.Commands() {
				if c.IsAvailableCommand() {
					known = append(known, c.Name())
				}
			}
			hint := didYouMean(args[0], "", known)
			if hint == "" {
				hint = " the commands are " + strings.Join(known, ", ") + ";"
			}
			return usageError{fmt.Errorf("unknown command %q:%s see amdahl -h", args[0], hint)}
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		hint := ""
		if unknown := (*pflag.NotExistError)(nil); errors.As(err, &unknown) && len(unknown.GetSpecifiedName()) > 1 {
			var known []string
			cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
			hint = didYouMean(unknown.GetSpecifiedName(), "--", known)
		}
		return usageError{fmt.Errorf("%w:%s see %s -h", err, hint, cmd.CommandPath())}
	})
	root.AddGroup(groups...)
	root.SetHelpCommandGroupID("learn")
	root.SetCompletionCommandGroupID("learn")
	for _, c := range commands {
		sub := c()
		sub.Flags().VisitAll(func(f *pflag.Flag) { f.Value = &once{Value: f.Value, flags: sub.Flags()} })
		root.AddCommand(sub)
	}
	return root
}

// once is the value of a flag that may be given once: of two values, one would be
// forgotten. Lists take any number. Another flag of the command is no value: it was left out.
type once struct {
	pflag.Value
	flags *pflag.FlagSet
	given string // as the user typed it
	set   bool
}

func (o *once) Set(s string) error {
	if o.set && !strings.HasSuffix(o.Type(), "Array") && !strings.HasSuffix(o.Type(), "Slice") && o.Type() != "bool" {
		return fmt.Errorf("it is given twice, as %q and as %q: give it once", o.given, s)
	}
	if name, long := strings.CutPrefix(s, "--"); o.Type() == "string" && len(s) > 1 && (long && o.flags.Lookup(name) != nil || len(s) == 2 && s[0] == '-' && o.flags.ShorthandLookup(s[1:]) != nil) {
		return fmt.Errorf("%s is a flag: a value has to stand before it", s)
	}
	o.given, o.set = s, true
	return o.Value.Set(s)
}

// didYouMean is " did you mean X?" for the words that are like the given one,
// "" if there are none.
func didYouMean(word, prefix string, known []string) string {
	like := cobra.Command{SuggestionsMinimumDistance: 2}
	for _, k := range known {
		like.AddCommand(&cobra.Command{Use: k, Run: func(*cobra.Command, []string) {}})
	}
	words := like.SuggestionsFor(word)
	if len(words) == 0 {
		return ""
	}
	return " did you mean " + prefix + strings.Join(words, " or "+prefix) + "?"
}

// run is the whole program: results go to stdout, messages to stderr.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	stderr = &cleanWriter{w: stderr}
	root.SetErr(stderr)
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
