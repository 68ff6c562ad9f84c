package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// rooms is the picture of the house: which packages of this module a package
// may import, and why. A package may import only lines above its own, so that no
// arrow runs back up. A package that is missing here may import none: a new one
// gets a line, with a reason. "x/..." stands for x and everything below it.
var rooms = []struct {
	pkg, may, why string
}{
	{"amdahl/workloads/cores", "", "what compute runs on knows no work"},
	{"amdahl/workloads", "amdahl/workloads/cores", "what is run does not know how it is run: any strategy can run it"},
	{"amdahl/pools/procpool/internal/child", "", "starts this program again, whatever the child is for"},
	{"amdahl/pools/procpool", "amdahl/pools/procpool/internal/child", "a library of its own, to be used without the rest"},
	{"amdahl/pools/procpool/host", "amdahl/pools/procpool amdahl/pools/procpool/internal/child", "for drivers: children that are no workers, beside the pool"},
	{"amdahl/pools/poolmodel", "amdahl/pools/procpool", "a test of the library that needs what the library must not"},
	{"amdahl/pools", "amdahl/pools/procpool amdahl/pools/procpool/host", "how work is run does not know what is run: anybody's job fits"},

	{"amdahl/pools/pooltest", "amdahl/pools", "the contract of pools as a test, which every strategy runs, here and elsewhere"},
	{"amdahl/pools/remote", "amdahl/pools amdahl/pools/procpool amdahl/pools/procpool/host", "workers over NATS: it knows no other strategy, and who imports pools does not link NATS"},

	{"amdahl/bench/contract", "", "the words that both sides of benchmark text share: no work, no meaning"},
	{"amdahl/bench/contract/ledger", "", "the one set of rules by which worker time is counted, for all that count it"},
	{"amdahl/bench/machine", "", "measuring needs it, and it knows no work, no pool, no driver"},
	{"amdahl/bench/timeline", "amdahl/bench/contract/ledger amdahl/workloads/cores", "records states of tasks, whatever runs them and whatever they are"},
	{"amdahl/bench/perf", "", "what the hardware counts knows nothing of what runs"},
	{"amdahl/bench/overlay", "", "makes anybody's benchmark count: it knows none of ours"},
	{"amdahl/bench/load", "", "other work on the machine, for an experiment beside it: it measures nothing"},
	{"amdahl/bench/transitions", "", "reads what goroutines do from traces, whoever ran and whatever it is for"},
	{"amdahl/bench/gotrace", "amdahl/bench/transitions", "translates Go's execution traces, whoever ran"},
	{"amdahl/bench/critical", "amdahl/bench/transitions", "reads traces of any Go program, whoever ran it"},
	{"amdahl/bench/losses", "amdahl/bench/transitions", "reads traces of anybody's benchmarks: it knows none of ours, and runs none"},
	{"amdahl/bench/rounds", "", "a driver of processes: it knows no work, no pool and no law"},
	{"amdahl/bench/gotest", "amdahl/bench/overlay amdahl/bench/gotrace amdahl/bench/losses amdahl/bench/rounds", "prepares anybody's Go packages for the driver: it knows no work and no pool"},
	{"amdahl/bench/labs/clock", "", "the virtual clock of the tests: it is copied into a student's module, and needs nothing but Go"},
	{"amdahl/bench/labs/rows", "", "the work of a lab: it is copied into a student's module, and needs nothing but Go"},
	{"amdahl/bench/labs/lengths", "", "the work of a lab: it is copied into a student's module, and needs nothing but Go"},
	{"amdahl/bench/labs/server", "", "the work of a lab: it is copied into a student's module, and needs nothing but Go"},
	{"amdahl/bench/labs/store", "", "the work of a lab: it is copied into a student's module, and needs nothing but Go"},
	{"amdahl/bench/labs/program", "", "the work of a lab: it is copied into a student's module, and needs nothing but Go"},
	{"amdahl/bench/labs/cache", "", "the work of a lab: it is copied into a student's module, and needs nothing but Go"},
	{"amdahl/bench/labs/interp", "", "the work of a lab: it is copied into a student's module, and needs nothing but Go"},
	{"amdahl/bench/labs/procs", "", "the work of a lab: it is copied into a student's module, and needs nothing but Go"},
	{"amdahl/bench/labs/unix", "", "system calls for the copy of procpool in a student's module, which has no x/sys"},
	{"amdahl/bench/labs", "amdahl/bench/labs/rows amdahl/bench/labs/lengths amdahl/bench/labs/program amdahl/bench/labs/cache", "the course: exercises, tests and questions; it measures nothing and grades nothing (its tests try the work of the labs)"},
	{"amdahl/bench/labs/trial", "", "compiles and runs a student's tests, of whatever lab: what they are worth is not its business"},
	{"amdahl/bench/catalog", "amdahl/workloads/... amdahl/pools", "lists what there is to measure: it measures nothing"},
	{"amdahl/bench", "amdahl/bench/... amdahl/workloads/... amdahl/pools/...", "measuring knows nothing of meaning: benchmark text is the only way out"},

	{"amdahl/results", "", "the model, plain data: it neither reads nor draws, and does not know our benchmarks"},
	{"amdahl/results/words", "", "how numbers are written does not depend on what they are"},
	{"amdahl/results/stats", "", "medians, intervals and the levels of a curve are below every law, and everybody uses them"},
	{"amdahl/results/read", "", "makes curves of anybody's files: it knows no law"},
	{"amdahl/results/why", "", "an account of worker time speaks of curves, not of laws or pictures: laws carries it in an Analysis, so it is below laws"},
	{"amdahl/results/laws", "amdahl/results/why", "a law speaks of curves, not of pictures; its Analysis is where every reader finds the levels and the account of a curve"},
	{"amdahl/results/groups", "amdahl/results/laws", "says which analyses stand together, whoever prints or draws them"},
	{"amdahl/results/replay", "amdahl/bench/contract/ledger", "a simulator knows tasks and machines, not where they come from"},
	{"amdahl/results/hillmarty", "", "formulas of chips: it knows no curve and no picture"},
	{"amdahl/results/trace", "amdahl/bench/contract/ledger amdahl/results/replay amdahl/results/why", "reads a trace for whoever draws or replays it"},
	{"amdahl/results/where", "amdahl/results/why amdahl/results/laws", "holds profiles against an analysis and its account, whoever prints or draws them"},
	{"amdahl/results/ironlaw", "amdahl/results/laws", "factors of a curve, with the estimates and findings of laws"},
	{"amdahl/results/bound", "amdahl/results/ironlaw amdahl/results/laws", "holds the share of computing against the pool size of an analysis"},
	{"amdahl/results/gate", "amdahl/results/laws", "a verdict is made from an analysis, whoever prints it"},
	{"amdahl/results/truth", "amdahl/results/hillmarty amdahl/results/replay amdahl/results/laws", "what was planted is held against an analysis, whoever prints it"},
	{"amdahl/results/whatif", "amdahl/results/trace amdahl/results/replay amdahl/results/why", "holds a recorded run against another one, whoever prints or draws them"},
	{"amdahl/results/save", "", "writes whole files, whatever is in them"},
	{"amdahl/results/grade", "amdahl/results/save amdahl/results/words", "what a submission is worth, as platforms want to be told: plain data and no charts, because a grader must be small"},
	{"amdahl/results/class", "amdahl/results/groups amdahl/results/laws", "compares the runs of a class with one another: it draws its own page, which needs no report of one run"},
	{"amdahl/results/charts", "amdahl/bench/contract/ledger amdahl/results/save amdahl/results/hillmarty amdahl/results/groups amdahl/results/whatif amdahl/results/where amdahl/results/replay amdahl/results/why amdahl/results/trace amdahl/results/laws", "a figure is made from an analysis"},
	{"amdahl/results/report/page", "", "a page shows what it is given: it knows no law and no curve"},
	{"amdahl/results/report/view", "amdahl/results/report/page", "serves a page, whatever it shows, and follows files: it reads none and knows no curve"},
	{"amdahl/results/report", "amdahl/results/...", "the last stage of the pipeline: it prints all others"},
	{"amdahl/results/runs", "", "an index of stored runs, made from their files alone"},
	{"amdahl/cmd/grading", "amdahl/results/stats amdahl/results/words amdahl/bench/rounds amdahl/bench/labs amdahl/bench/labs/rows amdahl/bench/labs/lengths amdahl/bench/labs/program amdahl/bench/labs/server amdahl/bench/labs/store amdahl/bench/labs/cache amdahl/bench/labs/interp amdahl/bench/labs/procs amdahl/bench/labs/trial amdahl/results/grade", "grades a lab for both commands: it computes the work and the order of a student's run again, and needs no charts"},
	{"amdahl/cmd/grade", "amdahl/cmd/grading amdahl/bench/labs amdahl/results/grade", "the small static grader of a pack: no charts, no flags library"},
	{"amdahl/cmd/amdahl", "amdahl/results/... amdahl/bench/machine amdahl/bench/gotest amdahl/bench/transitions amdahl/bench/gotrace amdahl/bench/critical amdahl/bench/rounds amdahl/bench/labs amdahl/bench/labs/trial amdahl/cmd/grading", "the command builds without a database driver, a pool or a workload"},
	{"amdahl/cmd/weather", "amdahl/results/... amdahl/bench/load", "an experiment with the command: it starts amdahl run as a program, and reads what was measured as anybody would"},
	{"amdahl/cmd/contest", "amdahl/results/... amdahl/bench/load", "an experiment with the command: it starts amdahl run as a program, and reads what was measured as anybody would"},
}

// open lists what whole rooms may import, without a word in rooms.
var open = []struct{ room, may, why string }{
	{"amdahl/bench/", "amdahl/bench/contract", "the words of benchmark text"},
	{"amdahl/results", "amdahl/bench/contract amdahl/results amdahl/results/words amdahl/results/stats", "the words of benchmark text, the model, how numbers are written, medians and intervals"},
	{"amdahl/cmd/", "amdahl/bench/contract", "the words of benchmark text"},
}

// tests lists what tests in results may import beside that: they make curves of
// text.
const tests = "amdahl/results/read"

// contracts lists which package holds the contract that tests of another one run,
// though it is below it in the picture.
var contracts = map[string]string{"amdahl/pools": "amdahl/pools/pooltest", "amdahl/pools/remote": "amdahl/pools/pooltest"}

func TestImports(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "amdahl/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	may, why, line := map[string][]string{}, map[string]string{}, map[string]int{}
	for i, r := range rooms {
		may[r.pkg], why[r.pkg], line[r.pkg] = append(strings.Fields(r.may), r.pkg), r.why, i
		for _, o := range open {
			if strings.HasPrefix(r.pkg, o.room) {
				may[r.pkg] = append(may[r.pkg], strings.Fields(o.may)...)
			}
		}
	}
	allowed := func(pkg, imp string) bool {
		return slices.ContainsFunc(may[pkg], func(m string) bool {
			root, all := strings.CutSuffix(m, "/...")
			return imp == root || all && strings.HasPrefix(imp, root+"/")
		})
	}
	seen := 0
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; seen++ {
		var p struct {
			ImportPath                         string
			Imports, TestImports, XTestImports []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		for i, list := range [][]string{p.Imports, p.TestImports, p.XTestImports} {
			for _, imp := range list {
				switch {
				case !strings.HasPrefix(imp, "amdahl/"), i > 0 && (imp == tests || imp == contracts[p.ImportPath]):
				case !allowed(p.ImportPath, imp):
					t.Errorf("%s imports %s: not allowed: %s", p.ImportPath, imp, why[p.ImportPath])
				case line[imp] > line[p.ImportPath]:
					t.Errorf("%s imports %s, which is below it in the picture", p.ImportPath, imp)
				}
			}
		}
	}
	if seen != len(rooms) {
		t.Errorf("the module has %d packages, the table %d: every package needs a line", seen, len(rooms))
	}
}

// NATS is linked only where remote workers are measured: the command, and whoever
// imports the pools, build without it.
func TestImportsOfNATS(t *testing.T) {
	t.Parallel()
	for pkg, want := range map[string]bool{
		"amdahl/cmd/amdahl": false, "amdahl/cmd/grade": false, "amdahl/pools": false, "amdahl/workloads": false, "amdahl/results/report": false,
		"amdahl/pools/remote": true,
	} {
		out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", pkg).Output()
		if err != nil {
			t.Fatalf("go list -deps %s: %v", pkg, err)
		}
		if got := strings.Contains(string(out), "github.com/nats-io/"); got != want {
			t.Errorf("%s links NATS: %v, want %v", pkg, got, want)
		}
	}
}
