package overlay

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"amdahl/bench/contract"
)

// The files that join package testing cannot import package contract, so they
// write its words down once more: each is one of its.
func TestWords(t *testing.T) {
	text, err := added.ReadFile(addedDir + "/account.go")
	if err != nil {
		t.Fatal(err)
	}
	var units []string
	for _, m := range regexp.MustCompile(`"([a-z-]+/op)"`).FindAllSubmatch(text, -1) {
		units = append(units, string(m[1]))
	}
	slices.Sort(units)
	want := []string{
		contract.UnitCPU, contract.UnitVoluntary, contract.UnitInvoluntary, contract.UnitPaid,
		contract.UnitDelay, contract.UnitOthers, contract.UnitStolen, contract.UnitThrottled,
		contract.UnitInstructions, contract.UnitCycles, contract.UnitUserInstructions, contract.UnitUserCycles,
		contract.GC.Unit(), contract.Runnable.Unit(), contract.Lock.Unit(),
	}
	slices.Sort(want)
	if !slices.Equal(units, want) {
		t.Errorf("got %q, want %q", units, want)
	}
	text, err = added.ReadFile(addedDir + "/profiles.go")
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("whyBlockOn      = %g * time.Millisecond", contract.ProfilesStretch/1e6); !strings.Contains(strings.Replace(string(text), "= time.Millisecond", "= 1 * time.Millisecond", 1), want) {
		t.Errorf("%s does not stand there", want)
	}
	if name := strings.TrimPrefix(contract.ProfilesSwitch, "testing."); !strings.Contains(string(text), "\nfunc "+name+"(") {
		t.Errorf("there is no function %s", name)
	}
}
