package bench

import (
	"strings"
	"testing"
	"time"

	"amdahl/bench/contract"
	"amdahl/pools/remote"
	"amdahl/workloads/cores"
)

// Workloads and pools stand above the contract, so they cannot use its words: what
// they call themselves is what readers look for.
func TestWords(t *testing.T) {
	for got, want := range map[string]string{
		cores.Real.Name:       contract.CoresReal,
		cores.GIL.Name:        contract.CoresGIL,
		cores.SlowBy(32).Name: contract.CoresSlow + "32",
		string(Strong):        contract.NameStrong,
		string(Weak):          contract.NameWeak,
	} {
		if got != want {
			t.Errorf("it is called %q, and the contract has %q", got, want)
		}
	}
	if m, err := cores.HillMarty("asym", 4); err != nil || m.Name != contract.CoresChip+"asym-4" {
		t.Errorf("a chip is called %q, %v, and the contract has %q", m.Name, err, contract.CoresChip)
	}
	c := Case{Scaling: Strong, Serial: 0.5, Locked: 0.25, Skew: "ramp", Seed: 2, Size: 3, Variant: "v", Workers: 4}
	c.Workload.Variants = []string{"v"}
	c.Strategy.Remote, c.Window, c.Link = true, 3, remote.Link{RTT: time.Millisecond}
	c.Shape = remote.Shape{Queue: remote.Request, Prefetch: 2, Nodes: 2}
	keys := []string{
		contract.NameWorkload, contract.NameSize, contract.NameVariant, contract.NameSeed, contract.NameStrategy,
		contract.NameQueue, contract.NameWindow, contract.NameLink, contract.NameSerial, contract.NameLocked, contract.NameSkew, contract.NameCores, contract.NameNodes, contract.NameWorkers,
	}
	for i, part := range strings.Split(c.Name(), "/") {
		if key, _, _ := strings.Cut(part, "="); i >= len(keys) || key != keys[i] {
			t.Errorf("%s: part %d is %q, want the keys %q", c.Name(), i, part, keys)
		}
	}
}
