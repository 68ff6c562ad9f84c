package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/bench/gotest"
	"amdahl/bench/machine"
	"amdahl/bench/rounds"
)

// planFlags are the flags and arguments that a resumed run must have in common
// with the run before.
type planFlags struct {
	axes                    []string
	bench, benchtime        string
	setup, prepare, cleanup string
	shell, ignoreFailure    bool
	why                     bool
	warmup                  int
	name                    string   // of the series of a command
	against                 string   // a revision, or another test binary
	packages                []string // or one test binary
	rest                    []string // after --: flags for the test binary, or the command

	compiled bool         // the tests were compiled here
	undo     func() error // removes what was made for against; nil is nothing
	baseline string       // what against is called in the results
}

const benchtime = "300ms" // shorter samples are judged in groups of several rounds

func (p *planFlags) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVarP(&p.axes, "x", "x", nil, "vary this, as in cpu=1,2,4; repeat it for combinations")
	f.StringVar(&p.bench, "bench", ".", "the benchmarks of the package, as in go test -bench")
	f.StringVar(&p.benchtime, "benchtime", benchtime, "how long, or how often (10x), a benchmark runs at a level")
	f.StringVar(&p.setup, "setup", "", "shell line to run once before everything; what it starts ends with the run")
	f.StringVar(&p.prepare, "prepare", "", "shell line to run before every run of the command, not timed")
	f.StringVar(&p.cleanup, "cleanup", "", "shell line to run once at the end")
	f.BoolVar(&p.shell, "shell", false, "give the command to the shell, whose own start is then timed too")
	f.BoolVar(&p.ignoreFailure, "ignore-failure", false, "an exit status of the command other than 0 is not a failure")
	f.BoolVar(&p.why, "why", false, "note where the time went: CPU time, waits, garbage collection, context switches")
	f.StringVar(&p.name, "name", "", "call the command this in the results, where its own name would say too little or too much")
	f.StringVar(&p.against, "against", "", "measure this revision of the package, or this other test binary, in the same rounds")
	f.IntVar(&p.warmup, "warmup", 0, "runs of every level before the first round, whose results are dropped")
}

// targets takes the arguments; dash is the number of those before --, -1 without
// a --.
func (p *planFlags) targets(args []string, dash int) {
	if dash < 0 {
		dash = len(args)
	}
	p.packages, p.rest = args[:dash:dash], args[dash:]
}

// empty reports whether no plan was given.
func (p *planFlags) empty() bool {
	return len(p.args()) == 0
}

func (p *planFlags) command() bool { return len(p.packages) == 0 }

// args returns the arguments that make this plan.
func (p *planFlags) args() []string { return append(p.flags(), p.targetArgs()...) }

// targetArgs are the arguments that are no flags of amdahl.
func (p *planFlags) targetArgs() []string {
	out := slices.Clone(p.packages)
	if len(p.rest) > 0 {
		out = append(append(out, "--"), p.rest...)
	}
	return out
}

// flags are the flags that make this plan.
func (p *planFlags) flags() []string {
	var out []string
	for _, a := range p.axes {
		out = append(out, "-x", a)
	}
	for _, f := range []struct{ name, value, usual string }{
		{"bench", p.bench, "."}, {"benchtime", p.benchtime, benchtime}, {"setup", p.setup, ""}, {"prepare", p.prepare, ""},
		{"cleanup", p.cleanup, ""}, {"shell", strconv.FormatBool(p.shell), "false"},
		{"ignore-failure", strconv.FormatBool(p.ignoreFailure), "false"}, {"warmup", strconv.Itoa(p.warmup), "0"},
		{"why", strconv.FormatBool(p.why), "false"}, {"name", p.name, ""}, {"against", p.against, ""},
	} {
		if f.value != f.usual {
			out = append(out, "--"+f.name+"="+f.value)
		}
	}
	return out
}

// text returns the plan as one line: its arguments as JSON, with secrets masked.
func (p *planFlags) text() string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(mask(p.args())); err != nil {
		panic(err) // strings are always JSON
	}
	return strings.TrimSpace(b.String())
}

// parse reads what text wrote.
func (p *planFlags) parse(text string) error {
	var args []string
	if err := json.Unmarshal([]byte(text), &args); err != nil {
		return err
	}
	return p.parseArgs(args)
}

func (p *planFlags) parseArgs(args []string) error {
	var cmd cobra.Command
	*p = planFlags{}
	p.register(&cmd)
	if err := cmd.ParseFlags(args); err != nil {
		return err
	}
	p.targets(cmd.Flags().Args(), cmd.ArgsLenAtDash())
	return nil
}

// check returns what is wrong with the plan, before anything is run.
func (p *planFlags) check() error {
	_, err := p.parsed()
	switch {
	case p.command() && len(p.rest) == 0:
		err = errors.New("nothing to measure: name a package as in ./pkg, a test binary, or a command after --")
	case err != nil:
	case p.warmup < 0:
		err = fmt.Errorf("--warmup %d: it starts at 0", p.warmup)
	case p.name != "" && !p.command():
		err = errors.New("--name is for commands: the benchmarks of a package have names")
	case p.against != "" && p.command():
		err = errors.New("--against is for Go packages and test binaries, not for commands")
	case p.command() && (p.bench != "." || p.benchtime != benchtime):
		err = errors.New("--bench and --benchtime are for Go packages, not for commands")
	case !p.command() && (p.prepare != "" || p.shell || p.ignoreFailure):
		err = errors.New("--prepare, --shell and --ignore-failure are for commands, not for Go packages")
	case len(p.axes) == 0 && p.command():
		err = errors.New("nothing is varied: add -x threads=1,2,4, and write {threads} in the command")
	case len(p.axes) == 0 && !rounds.TellsRound(p.rest):
		err = errors.New("nothing is varied: add -x cpu=1,2,4 for GOMAXPROCS, or -x workers=1,2,4 for a key of the benchmarks' names")
	}
	if err != nil {
		return usageError{err}
	}
	return nil
}

// parsed returns the axes, the x axis last.
func (p *planFlags) parsed() ([]rounds.Axis, error) {
	var axes []rounds.Axis
	for i, text := range p.axes {
		if name, ok := strings.CutSuffix(text, "=auto"); ok {
			text = name + "=" + strings.Join(rounds.Powers(machine.Look(machine.Options{NoFsync: true}).Most()), ",")
			p.axes[i] = text // the file says which levels these were
		}
		a, err := rounds.ParseAxis(text)
		if err != nil {
			return nil, fmt.Errorf("-x %w", err)
		}
		axes = append(axes, a)
	}
	if len(axes) == 0 {
		return nil, nil
	}
	axes, err := rounds.Order(axes)
	if err != nil {
		return nil, fmt.Errorf("-x %w", err)
	}
	return axes, nil
}

// x is the x axis in the words of the reader of the results; "" lets the reader
// choose.
func (p *planFlags) x() string {
	axes, err := p.parsed()
	if err != nil || len(axes) == 0 {
		return ""
	}
	if last := axes[len(axes)-1].Name; p.command() || last != rounds.CPU {
		return last
	}
	return "gomaxprocs"
}

// largest is the largest level of the x axis, 0 where there is none.
func (p *planFlags) largest() int {
	axes, err := p.parsed()
	if err != nil || len(axes) == 0 {
		return 0
	}
	most := 0
	for _, v := range axes[len(axes)-1].Values {
		if n, err := strconv.Atoi(v); err == nil {
			most = max(most, n)
		}
	}
	return most
}

// plan compiles packages into dir and lists the points.
func (p *planFlags) plan(ctx context.Context, dir string, canMeasure func(int) error) (rounds.Plan, error) {
	plan := rounds.Plan{Text: p.text(), Warmup: p.warmup, IgnoreFailure: p.ignoreFailure}
	if p.setup != "" {
		plan.Setup = rounds.Shell(p.setup)
	}
	if p.cleanup != "" {
		plan.Cleanup = rounds.Shell(p.cleanup)
	}
	axes, err := p.parsed()
	if err != nil {
		return plan, usageError{err}
	}
	if p.command() {
		if !p.shell {
			if _, err := exec.LookPath(p.rest[0]); err != nil && !strings.Contains(p.rest[0], "{") {
				return plan, usageError{err}
			}
		}
		plan.Points, err = rounds.Command{Args: p.rest, Name: p.name, Prepare: p.prepare, Shell: p.shell, Account: p.why}.Points(axes)
		if err != nil {
			return plan, usageError{err}
		}
		return plan, nil
	}
	if most := rounds.MostCPUs(axes); most > 0 {
		if err := canMeasure(most); err != nil {
			return plan, usageError{err}
		}
	}
	r := gotest.Request{Packages: p.packages, Bench: p.bench, Benchtime: p.benchtime, Args: p.rest, Why: p.why}
	if len(axes) > 0 {
		r.Axis = axes[len(axes)-1].Name
	}
	var binaries []rounds.Binary
	if p.against != "" {
		binaries, err = p.againstBinaries(ctx, dir, r)
	} else {
		binaries, err = gotest.Binaries(ctx, dir, r)
	}
	if errors.As(err, new(gotest.RequestError)) {
		err = usageError{err}
	}
	if err != nil {
		return plan, err
	}
	var prints []string
	p.compiled = strings.HasPrefix(binaries[0].Path, dir+string(filepath.Separator))
	for _, b := range binaries {
		plan.Points = append(plan.Points, b.Points(axes)...)
		print, err := gotest.Fingerprint(b.Path)
		if err != nil {
			return plan, err
		}
		prints = append(prints, print)
	}
	slices.Sort(prints)
	plan.Program = strings.Join(prints, ",")
	return plan, nil
}

// judgedBy says in words by what the reader of the results can judge the rounds.
func (p *planFlags) judgedBy() string {
	switch {
	case runtime.GOOS != "linux":
		return "canaries of 60 ms"
	case p.command():
		return "run delay, polled while the command runs, else canaries of 60 ms"
	case p.compiled:
		return "run delay inside the process while the timer runs, else canaries of 60 ms"
	}
	return "canaries of 60 ms"
}
