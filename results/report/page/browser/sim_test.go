package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"amdahl/bench/contract"
	"amdahl/results/replay"
)

// A simCase is a job on a machine for both simulators.
type simCase struct {
	Serial, Tasks            [][]simPhase
	Workers, Cores, Dispatch int
}

type simPhase struct {
	Kind string `json:"kind"`
	Time int    `json:"time"`
}

type simOutcome struct {
	Time   int            `json:"time"`
	Parts  map[string]int `json:"parts"`
	Slices []simSlice     `json:"slices"`
}

type simSlice struct {
	Worker int    `json:"worker"`
	Task   int    `json:"task"`
	Kind   string `json:"kind"`
	Start  int    `json:"start"`
	End    int    `json:"end"`
}

// TestSimulator runs fixed and random jobs in the browser and in package replay: time,
// parts and every slice must be the same.
func TestSimulator(t *testing.T) {
	b := newTab(t)
	b.openText(scriptPage(t, joined(t, "sim.js")+"Object.assign(globalThis, {simulateJob, makeJob});"), "")
	cases := []simCase{
		{Tasks: [][]simPhase{{{"compute", 10}}, {{"compute", 10}}, {{"compute", 10}}}, Workers: 2},
		{Serial: [][]simPhase{{{"compute", 7}, {"wait", 3}}}, Tasks: [][]simPhase{{{"locked", 5}}, {{"locked", 5}}, {{"locked", 5}}}, Workers: 3},
		{Tasks: [][]simPhase{{{"compute", 4}, {"locked", 2}, {"compute", 4}}, {{"compute", 4}, {"locked", 2}, {"compute", 4}}}, Workers: 2, Cores: 1},
		{Serial: [][]simPhase{{{"compute", 7}}}, Workers: 2},
		{Tasks: [][]simPhase{{}, {{"compute", 0}}}, Workers: 5, Dispatch: 3},
	}
	rng := rand.New(rand.NewPCG(9, 9))
	list := func(n int) [][]simPhase {
		out := make([][]simPhase, n)
		for i := range out {
			for range rng.IntN(4) {
				out[i] = append(out[i], simPhase{[]string{"compute", "locked", "wait"}[rng.IntN(3)], rng.IntN(12)})
			}
		}
		return out
	}
	for range 600 {
		cases = append(cases, simCase{Serial: list(rng.IntN(3)), Tasks: list(1 + rng.IntN(25)), Workers: 1 + rng.IntN(9), Cores: rng.IntN(5), Dispatch: rng.IntN(3)})
	}
	// The jobs that the explorer makes.
	for _, o := range []string{"{tasks: 40, serial: 0.05, uneven: 0.3, lock: 0.2, total: 1e6}", "{tasks: 7, serial: 0, uneven: 1, lock: 1, total: 1e6}", "{tasks: 256, serial: 0.5, uneven: 0, lock: 0, total: 1e6}"} {
		made := eval[struct {
			Serial, Tasks [][]simPhase
		}](b, "makeJob("+o+")")
		sum := 0
		for _, task := range append(made.Serial, made.Tasks...) {
			for _, p := range task {
				sum += p.Time
			}
		}
		if sum < 1e6-256 || sum > 1e6+256 {
			t.Errorf("makeJob(%s) takes %d in all, want 1e6 up to rounding", o, sum)
		}
		for _, workers := range []int{1, 3, 8} {
			cases = append(cases, simCase{Serial: made.Serial, Tasks: made.Tasks, Workers: workers, Cores: workers / 2, Dispatch: 100})
		}
	}
	data, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	got := eval[[]simOutcome](b, fmt.Sprintf(`%s.map((c) => simulateJob({serial: c.Serial ?? [], tasks: (c.Tasks ?? []).map((t) => t ?? [])}, c.Workers, {cores: c.Cores, dispatch: c.Dispatch}))`, nullsToLists(string(data))))
	for i, c := range cases {
		want := simulated(t, c)
		if diff := cmp.Diff(want, got[i]); diff != "" {
			text, _ := json.Marshal(c)
			t.Fatalf("case %d %s: Go −, browser +:\n%s", i, text, diff)
		}
	}
}

// nullsToLists is JSON in which a list that is nil in Go is empty.
func nullsToLists(s string) string {
	return "JSON.parse(" + string(must(json.Marshal(s))) + ", (k, v) => v === null ? [] : v)"
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// simulated is what package replay says of a case.
func simulated(t *testing.T, c simCase) simOutcome {
	t.Helper()
	tasks := func(list [][]simPhase) []replay.Task {
		var out []replay.Task
		for _, phases := range list {
			task := replay.Task{}
			for _, p := range phases {
				task = append(task, replay.Phase{Kind: replay.Kind(p.Kind), Time: time.Duration(p.Time)})
			}
			out = append(out, task)
		}
		return out
	}
	o, err := replay.Run(context.Background(), replay.Job{Serial: tasks(c.Serial), Tasks: tasks(c.Tasks)},
		replay.Machine{Workers: c.Workers, Cores: c.Cores, Dispatch: time.Duration(c.Dispatch), Record: true})
	if err != nil {
		t.Fatal(err)
	}
	out := simOutcome{Time: int(o.Time), Slices: []simSlice{}, Parts: map[string]int{}}
	for key, cause := range map[string]contract.Cause{
		"useful": contract.Useful, "io": contract.IO, "serial": contract.Serial, "lock": contract.Lock,
		"queued": contract.Queued, "dispatch": contract.Dispatch, "imbalance": contract.Imbalance,
	} {
		out.Parts[key] = int(o.Parts[cause])
	}
	for _, s := range o.Slices {
		out.Slices = append(out.Slices, simSlice{s.Worker, s.Task, string(s.Kind), int(s.Start), int(s.End)})
	}
	return out
}
