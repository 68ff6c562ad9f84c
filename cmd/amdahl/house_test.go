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

// rooms says which packages of this module a package may import. A package
// that is missing here may import none: a new one gets a line, with a reason.
// With /... behind it a package stands for all below it too.
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

	{"amdahl/bench/machine", "", "measuring needs it, and it knows no work, no pool, no driver"},
	{"amdahl/bench/timeline", "amdahl/workloads/cores", "records states of tasks, whatever runs them and whatever they are"},
	{"amdahl/bench/perf", "", "what the hardware counts knows nothing of what runs"},
	{"amdahl/bench/overlay", "", "makes anybody's benchmark count: it knows none of ours"},
	{"amdahl/bench/gotrace", "", "translates Go's execution traces, whoever ran"},
	{"amdahl/bench/rounds", "", "a driver of processes: it knows no work, no pool and no law"},
	{"amdahl/bench/drift", "", "an experiment with the command: it starts programs and knows their text"},
	{"amdahl/bench", "amdahl/bench/... amdahl/workloads/... amdahl/pools/...", "measuring knows nothing of meaning: benchmark text is the only way out"},

	{"amdahl/results", "", "reads anybody's benchmark text, so it must not know our benchmarks"},
	{"amdahl/results/laws", "amdahl/results", "a law speaks of curves, not of pictures"},
	{"amdahl/results/ironlaw", "amdahl/results/laws amdahl/results", "factors of a curve, with the estimates and findings of laws"},
	{"amdahl/results/bound", "amdahl/results/ironlaw amdahl/results/laws amdahl/results", "holds the share of computing against the pool size of an analysis"},
	{"amdahl/results/gate", "amdahl/results/laws amdahl/results", "a verdict is made from an analysis, whoever prints it"},
	{"amdahl/results/replay", "", "a simulator knows tasks and machines, not where they come from"},
	{"amdahl/results/truth", "amdahl/results/replay amdahl/results/laws amdahl/results", "what was planted is held against an analysis, whoever prints it"},
	{"amdahl/results/why", "amdahl/results", "an account speaks of curves, not of laws or pictures"},
	{"amdahl/results/timeline", "amdahl/results/replay amdahl/results/why", "reads a trace for whoever draws or replays it"},
	{"amdahl/results/whatif", "amdahl/results/timeline amdahl/results/replay amdahl/results/why amdahl/results", "holds a recorded run against another one, whoever prints or draws them"},
	{"amdahl/results/charts", "amdahl/results/whatif amdahl/results/replay amdahl/results/why amdahl/results/timeline amdahl/results/laws amdahl/results", "a figure is made from an analysis"},
	{"amdahl/results/report", "amdahl/results/...", "the last stage of the pipeline: it prints all others"},
	{"amdahl/cmd/amdahl", "amdahl/results/... amdahl/bench/machine amdahl/bench/overlay amdahl/bench/gotrace amdahl/bench/rounds", "the command builds without a database driver, a pool or a workload"},
}

func TestImports(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "amdahl/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	may, why := map[string][]string{}, map[string]string{}
	for _, r := range rooms {
		may[r.pkg], why[r.pkg] = append(strings.Fields(r.may), r.pkg), r.why
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
		for _, list := range [][]string{p.Imports, p.TestImports, p.XTestImports} {
			for _, imp := range list {
				if strings.HasPrefix(imp, "amdahl/") && !allowed(p.ImportPath, imp) {
					t.Errorf("%s imports %s: not allowed: %s", p.ImportPath, imp, why[p.ImportPath])
				}
			}
		}
	}
	if seen != len(rooms) {
		t.Errorf("the module has %d packages, the table %d: every package needs a line", seen, len(rooms))
	}
}
