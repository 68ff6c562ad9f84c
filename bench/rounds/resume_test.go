package rounds

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"amdahl/bench/contract"
)

// A run cut off after any of its bytes and resumed gives the text of one that
// was left alone.
func TestResume(t *testing.T) {
	plan, o := played("A", "B", "C")
	plan.Seed, plan.Program = 5, "sha:1"
	plan.Points[0].Sentinel = true
	fails := map[string]int{"B": 2} // first runs of it
	execute := o.execute
	options := func(out *bytes.Buffer) Options {
		left := map[string]int{}
		for k, v := range fails {
			left[k] = v - strings.Count(out.String(), "# failed "+k)
		}
		o := o
		o.Out, o.Rounds, o.now = out, 4, tick()
		o.Canary = func() Canary { return Canary{Pieces: 2, Wall: 14, CPU: 12, Given: "1.5 of 2"} }
		o.Spoilt = func(r []Reading) []int {
			if len(r) >= 4 {
				return []int{len(r)}
			}
			return nil
		}
		o.execute = func(p process) outcome {
			p.text("pkg: fake\n")
			if left[p.args[0]] > 0 {
				left[p.args[0]]--
				return outcome{output: &ends{}, err: errors.New("bad luck")}
			}
			return execute(p)
		}
		return o
	}
	var full bytes.Buffer
	sum, err := Run(t.Context(), plan, options(&full))
	if err != nil || sum.Results != 14 {
		t.Fatalf("got %+v, %v, want 4·4 results without 2", sum, err)
	}
	head := strings.Index(full.String(), "sha:1\n") + len("sha:1\n")
	for cut := head; cut <= full.Len(); cut++ {
		past, err := ReadPast(strings.NewReader(full.String()[:cut]))
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		if cut == full.Len() && past.Size != int64(cut) {
			t.Errorf("of a run that ended %d of %d bytes are kept, want all", past.Size, cut)
		}
		out := bytes.NewBufferString(full.String()[:past.Size])
		o := options(out)
		o.Resume = past
		sum, err := Run(t.Context(), plan, o)
		if err != nil || sum.Results != 14 || sum.Rounds != 4 {
			t.Fatalf("cut at %d: got %+v, %v, want 14 results of 4 rounds", cut, sum, err)
		}
		// Canaries of a round that is taken up are taken anew.
		if got, want := plain(out.String()), plain(full.String()); got != want {
			t.Fatalf("cut at %d, want -, got +:\n%s", cut, cmp.Diff(want, got))
		}
	}
}

// plain is the text without canaries and what follows from their number.
func plain(text string) string {
	var b strings.Builder
	for l := range strings.Lines(text) {
		if !strings.HasPrefix(l, "canary:") && !strings.HasPrefix(l, contract.CanaryName) && !strings.HasPrefix(l, contract.KeySpoiltRounds) && !strings.HasPrefix(l, contract.KeyGiven) && l != markDone+"canary\n" {
			b.WriteString(l)
		}
	}
	return b.String()
}

func TestReadPast(t *testing.T) {
	const text = `goos: linux
run-seed: 9
run-plan: p q
round: 1
canary: true
BenchmarkCanary	2	12 ns/op	11 cpu-ns/op
canary:
BenchmarkA 1 5 ns/op
# done A
# failed B: it: broke
# ended round 1
round: 2
BenchmarkB 1 5 ns/op
# failed B: again
BenchmarkA 1 5 ns/op
BenchmarkA-2 1 5`
	p, err := ReadPast(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if p.Plan != "p q" || p.Seed != 9 || p.Results != 2 || p.round != 2 || p.ended || !p.done["B"] || p.done["A"] || p.whole != 1 ||
		len(p.canaries) != 1 || p.canaries[0] != (Reading{1, Canary{Pieces: 2, Wall: 24, CPU: 22}}) || p.Size != int64(strings.Index(text, "again\n")+6) {
		t.Errorf("got %+v", p)
	}
	for _, bad := range []string{"", "goos: linux\n", "run-seed: x\nrun-plan: p\n", "run-seed: 1\nrun-pl", "BenchmarkA 1 5 ns/op\n"} {
		if _, err := ReadPast(strings.NewReader(bad)); err == nil {
			t.Errorf("%q: got no error, want that there is nothing to go on with", bad)
		}
	}
}

func TestResumeRefuses(t *testing.T) {
	past, err := ReadPast(strings.NewReader("run-seed: 1\nrun-plan: p\nrun-program: x\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		plan Plan
		want string
	}{
		{Plan{Text: "q", Seed: 1, Program: "x"}, "another plan"},
		{Plan{Text: "p", Seed: 2, Program: "x"}, "the seed 1, not 2"},
		{Plan{Text: "p", Seed: 1, Program: "y"}, "has changed since"},
	} {
		if _, err := Run(context.Background(), tt.plan, Options{Out: &bytes.Buffer{}, Resume: past}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}
