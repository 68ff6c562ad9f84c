package where

import (
	"testing"

	"amdahl/bench/contract"
	"amdahl/results/why"
)

// A round that by chance has no sample of the parallel part cannot tell a helper that runs
// everywhere from the serial function that calls it: all rounds of a level can together.
func TestPlacerRounds(t *testing.T) {
	frames := func(names ...string) (list []frame) {
		for _, n := range names {
			list = append(list, frame{function: n, file: "x.go", line: 1})
		}
		return list
	}
	serial := path{frames("m.work", "m.setup", "m.Benchmark"), map[string]float64{contract.ProfileCPU: 30, string(contract.Serial): 30}}
	parallel := path{frames("m.work", "m.part"), map[string]float64{contract.ProfileCPU: 10}}
	lucky, whole := &Profile{Ops: 1, paths: []path{serial}}, &Profile{Ops: 1, paths: []path{serial, parallel}}
	of := causeValues{why.Serial, []string{string(contract.Serial)}}
	if got := lucky.placer(of)(serial).function; got != "m.work" {
		t.Errorf("one round: got %s, want what it shows: m.work", got)
	}
	rounds := []*Profile{lucky, whole, whole}
	lucky.rounds, whole.rounds = rounds, rounds
	for _, p := range rounds {
		if got := p.placer(of)(serial).function; got != "m.setup" {
			t.Errorf("all rounds: got %s, want m.setup", got)
		}
	}
}

// A function of sync that the runtime has in its own files is of the library.
func TestStandardOfRuntime(t *testing.T) {
	x := path{frames: []frame{{"sync.runtime_SemacquireWaitGroup", "/usr/local/go/src/runtime/sema.go", 114}, {"sync.(*WaitGroup).Wait", "/usr/local/go/src/sync/waitgroup.go", 9}, {"hot.Run", "/p/sync/hot.go", 3}}}
	if got := x.place().function; got != "hot.Run" {
		t.Errorf("the place is %s, want hot.Run", got)
	}
}
