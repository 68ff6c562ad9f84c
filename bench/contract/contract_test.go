package contract

import (
	"regexp"
	"slices"
	"testing"
)

// A word with two meanings could not be read.
func TestWordsOnce(t *testing.T) {
	for name, words := range map[string][]string{
		"keys of configuration lines": append([]string{
			KeyPkg, KeyOS, KeyArch, KeyCPU, KeyCPUCount, KeyCPUPhysical, KeyCPUOnline, KeyCPUAllowed, KeyCPUQuota, KeyThreadsPerCore,
			KeySMT, KeyGovernor, KeyTurbo, KeyMemory, KeyScratchFS, KeyScratchFsync, KeyVM, KeyContainer, KeyKernel, KeyGo, KeyCommit,
			KeySteal, KeyThrottled, KeyThermal, KeyStalled, KeyLoad, KeyPerfCounters, KeyLink, KeyNodes, KeyBusy,
		}, RunKeys...),
		"keys of names":    append([]string{NameWorkload, NameSize, NameVariant, NameSeed, NameStrategy, NameSerial, NameLocked, NameCores, NameQueue, NameWindow, NameLink, NamePerNode}, WorkerKeys...),
		"values of cores=": {CoresReal, CoresGIL, CoresSlow, CoresChip, CoresSimulated, CoresModel},
		"causes":           texts(Causes),
		"states":           texts(States),
	} {
		word := regexp.MustCompile(`^[a-z][a-z-]*$`) // what benchfmt takes for a key, and a slash or = would end
		for i, w := range words {
			if !word.MatchString(w) || slices.Contains(words[:i], w) {
				t.Errorf("%s: %q is not a word, or stands twice", name, w)
			}
		}
	}
}

func texts[S ~string](list []S) (out []string) {
	for _, s := range list {
		out = append(out, string(s))
	}
	return out
}

func TestInSeconds(t *testing.T) {
	for unit, want := range map[string]string{
		UnitTime: "sec/op", UnitCPU: "cpu-sec/op", UnitPaid: "paid-sec/op", Serial.Unit(): "serial-sec/op",
		UnitTasks: UnitTasks, UnitCycles: UnitCycles, "returns/op": "returns/op",
	} {
		if got := InSeconds(unit); got != want {
			t.Errorf("%s: got %s, want %s", unit, got, want)
		}
	}
}
