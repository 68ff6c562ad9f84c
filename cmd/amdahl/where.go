package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/results/charts"
	"amdahl/results/laws"
	"amdahl/results/report"
	"amdahl/results/where"
)

// A search is one call of amdahl where.
type search struct {
	in       input
	out      answerFlags
	plan     planFlags
	rounds   int
	keep     string
	profiles string
}

// leastRounds is the fewest timed rounds that say how much times spread.
const leastRounds = 3

func whereCommand() *cobra.Command {
	var s search
	cmd := &cobra.Command{
		Use:     "where FILE | PACKAGE -x NAME=1,2,4",
		GroupID: "understand",
		Short:   "Say which functions and lines of a Go package do not scale",
		Long: `Where compares the profiles of a Go benchmark at one worker with those of every
level above, by call path, and prints the functions and lines that cost more there, each
with its cause: CPU time that grows, waiting for a lock that is held there or at a
channel, allocation and collection of garbage, I/O, starting of goroutines, serial
work and work that others wait for. It says which share of the loss each is, with an
interval from the rounds (how the cause is divided among the lines, how large it is, and how
much is lost vary), and what the speedup would be without it.

FILE holds results of "amdahl run PACKAGE --why -o FILE"; the profiles that belong to
it are in the directory FILE.profiles, without the ending of FILE. Of a PACKAGE it
measures first, with the flags of "amdahl run"; --keep FILE keeps the results.
The profiles are for "go tool pprof" too.

With three levels and a law that fits, the speedup without a place is that of the law
fitted to the times of all levels without what the place costs there; with two levels it
goes by Karp and Flatt's serial fraction, and the output says so. It is never above the
bound from work and span. A place is named only if its whole interval is above 0 and it costs 2.5 % of the worker time.

Where tracing slowed the benchmark down by more than 10 %, the profiles of runs without a
trace are compared: they have CPU time, locks, channels, garbage collection and serial
work. The exit status is 3 if other programs took the processors meanwhile, or if profiles
cost more than 10 %, too.`,
		Example: `  amdahl where ./pkg --bench Index -x cpu=auto
  amdahl run ./pkg --bench Index -x cpu=1,2,4 --why -o index.txt && amdahl where index.txt
  amdahl where --json index.txt
  go tool pprof -sample_index=lock index.profiles/*cpu=2-round1.pb.gz`,
		RunE: func(cmd *cobra.Command, args []string) error {
			s.plan.targets(args, cmd.ArgsLenAtDash())
			return s.run(cmd)
		},
	}
	f := cmd.Flags()
	f.StringArrayVarP(&s.plan.axes, "x", "x", nil, "of a package: vary this, as in cpu=1,2,4 or cpu=auto; of a file: the x axis, as amdahl fit takes it")
	f.StringVar(&s.plan.bench, "bench", ".", "of a package: the benchmarks, as in go test -bench")
	f.StringVar(&s.plan.benchtime, "benchtime", benchtime, "of a package: how long, or how often (10x), a benchmark runs at a level")
	f.IntVar(&s.rounds, "rounds", 6, "of a package: measure this many rounds, at least 3, before the six profiled ones")
	f.StringVar(&s.keep, "keep", "", "of a package: keep the results in this new file")
	f.StringVar(&s.in.filter, "filter", "", "keep only the series with these parts, as in workload=hash/strategy=fixed,spawn")
	f.StringVar(&s.profiles, "profiles", "", "directory of the profiles, if it is another than the file's")
	s.in.loss = "log"
	s.out.registerFigure(cmd)
	s.out.registerJSON(cmd)
	return cmd
}

func (s *search) run(cmd *cobra.Command) error {
	if err := s.out.check(); err != nil {
		return err
	}
	files := s.plan.packages
	switch {
	case len(files) == 0:
		return usageError{errors.New("name a file of amdahl run --why, or a package as in ./pkg -x cpu=auto")}
	case !regular(files[0]) && s.rounds < leastRounds:
		return usageError{fmt.Errorf("--rounds %d: at least %d are needed for an interval", s.rounds, leastRounds)}
	case !regular(files[0]):
		file, remove, err := s.measure(cmd)
		if err != nil {
			return err
		}
		defer remove()
		files = []string{file}
	case len(files) > 1:
		return usageError{fmt.Errorf("%d files: name one, and its profiles are found", len(files))}
	case len(s.plan.axes) > 0:
		s.in.read.X = s.plan.axes[0]
	}
	dir := s.profiles
	if dir == "" {
		dir = profilesOf(files[0])
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.pb.gz"))
	if err != nil || len(found) == 0 {
		again := strings.TrimSuffix(files[0], filepath.Ext(files[0])) + "-why.txt" // amdahl run writes to new files only
		return usageError{fmt.Errorf("%s: no profiles in it: measure with amdahl run PACKAGE -x cpu=auto --why -o %s, then amdahl where %s", dir, quote(again), quote(again))}
	}
	profiles, err := where.Read(found)
	if err != nil {
		return err
	}
	s.in.lone = true
	all, set, failure := s.in.analyse(cmd, files)
	if all == nil {
		return failure
	}
	var answers []*where.Answer
	var problems []error
	for _, a := range all {
		answer, err := where.Of(a, profiles)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		answers = append(answers, answer)
	}
	if len(answers) == 0 && !s.out.json {
		return first(searchError(problems), failure)
	}
	err = s.out.give(cmd, set, answer{
		text: func(w io.Writer, o report.Options) error { return report.Where(w, answers, o) },
		json: func(w io.Writer) error { return report.WhereJSON(w, answers) },
		figure: func() (charts.Figure, error) {
			if len(answers) != 1 {
				return charts.Figure{}, usageError{fmt.Errorf("a figure is of one series, and there are %d: choose one with --filter", len(answers))}
			}
			f := charts.Where(answers[0])
			if f.Empty() {
				return f, fmt.Errorf("%s: no line is guilty, so there is nothing to draw", answers[0].Series)
			}
			return f, nil
		},
	})
	if err == nil && len(problems) > 0 {
		err = searchError(problems)
	}
	return first(err, failure)
}

// searchError is the error for series that have no answer: undecided if all of them are.
func searchError(problems []error) error {
	if slices.ContainsFunc(problems, func(e error) bool { return !errors.Is(e, where.ErrBusy) }) {
		return errors.Join(problems...)
	}
	return undecidedError{errors.Join(problems...)}
}

// An undecidedError says itself that it cannot tell.
type undecidedError struct{ error }

// Is reports whether it is errUndecided.
func (undecidedError) Is(target error) bool { return target == errUndecided }

// regular reports whether a path is a file of results, and not a test binary or a package.
func regular(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && filepath.Ext(path) != ".test" && filepath.Ext(path) != ".go"
}

// measure runs amdahl run --why, and returns the file of its results.
func (s *search) measure(cmd *cobra.Command) (file string, remove func(), err error) {
	if len(s.plan.axes) == 0 {
		s.plan.axes = []string{"cpu=auto"}
	}
	file, remove = s.keep, func() {}
	if file == "" {
		dir, err := os.MkdirTemp("", "amdahl-where")
		if err != nil {
			return "", nil, err
		}
		file, remove = filepath.Join(dir, "where.txt"), func() { os.RemoveAll(dir) }
	}
	args := []string{"--why", "--rounds", strconv.Itoa(s.rounds), "-o", file}
	args = append(append(args, s.plan.flags()...), s.plan.targetArgs()...)
	sub := runCommand()
	sub.SilenceErrors, sub.SilenceUsage = true, true
	sub.SetArgs(args)
	sub.SetIn(cmd.InOrStdin())
	sub.SetOut(io.Discard) // the table of the fit
	sub.SetErr(cmd.ErrOrStderr())
	if err := sub.ExecuteContext(cmd.Context()); err != nil {
		remove()
		return "", nil, err
	}
	return file, remove, nil
}

// placesOf are the answers for a page, by the names of the series, from the profiles beside
// files of results; series without profiles have none.
func placesOf(cmd *cobra.Command, all []*laws.Analysis, files []string) map[string]*where.Answer {
	var profiles []*where.Profile
	for _, f := range files {
		found, _ := filepath.Glob(filepath.Join(profilesOf(f), "*.pb.gz"))
		more, err := where.Read(found)
		if err != nil {
			cmd.PrintErrf("amdahl: note: %v\n", err)
		}
		profiles = append(profiles, more...)
	}
	if len(profiles) == 0 {
		return nil
	}
	answers := map[string]*where.Answer{}
	for _, a := range all {
		if answer, err := where.Of(a, profiles); err == nil {
			answers[a.Curve.Name.String()] = answer
		}
	}
	return answers
}
