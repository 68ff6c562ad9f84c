package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"amdahl/results"
	"amdahl/results/replay"
	"amdahl/results/whatif"
	"amdahl/results/why"
	"amdahl/results/words"
)

// replayed asks about 160 tasks, of which a quarter of each is under a lock.
func replayed(t *testing.T, q whatif.Question, measured []whatif.Measured, at ...int) *whatif.Answer {
	t.Helper()
	a, err := whatif.Ask(t.Context(), &whatif.Recording{
		Series: "Strong/workload=spin/strategy=fixed/locked=0.25/cores=slow16", Source: results.Slow, Workers: 16,
		Job:     replay.Equal(4, 160, replay.Phase{Kind: replay.Locked, Time: time.Millisecond}, replay.Phase{Kind: replay.Compute, Time: 3 * time.Millisecond}),
		Machine: replay.Machine{Dispatch: 10 * time.Microsecond}, HandOuts: 160, HandOutsAt: 4, Measured: measured,
	}, q, at)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestWhatIf(t *testing.T) {
	ms := time.Millisecond
	all := []whatif.Measured{
		{Workers: 1, Time: 660 * ms, Operations: 3},
		{Workers: 16, Time: 200 * ms, Operations: 3, Beyond: []why.Part{{Cause: why.Runnable, Share: 0.08}, {Cause: why.GC, Share: 0.012}}},
	}
	for name, a := range map[string]*whatif.Answer{
		"whatif":        replayed(t, whatif.Question{NoLock: true}, all),
		"whatifnothing": replayed(t, whatif.Question{}, all[1:], 4),
	} {
		var text, data bytes.Buffer
		if err := WhatIf(&text, a, Options{}); err != nil {
			t.Fatal(err)
		}
		golden(t, name+".golden", text.String())
		if err := WhatIfJSON(&data, a); err != nil {
			t.Fatal(err)
		}
		golden(t, name+".json", data.String())
	}
	coloured := &bytes.Buffer{}
	if err := WhatIf(coloured, replayed(t, whatif.Question{}, all), Options{Color: true, Width: 60}); err != nil || !strings.Contains(coloured.String(), "\x1b[1m") {
		t.Errorf("in colour: %v\n%s", err, coloured)
	}
}

// What ran on is told in words.
func TestReplayedText(t *testing.T) {
	tests := []struct {
		m    replay.Machine
		want string
	}{
		{replay.Machine{}, "with a core for every worker."},
		{replay.Machine{Cores: 1}, "on 1 core."},
		{replay.Machine{Cores: 2}, "on 2 cores."},
		{replay.Machine{Interpreter: true, Cores: 2}, "under one interpreter lock."},
		{replay.Machine{Interpreter: true, Processes: true}, "with an interpreter lock in each worker's process."},
	}
	for _, tt := range tests {
		a := &whatif.Answer{Recording: &whatif.Recording{Workers: 1, Job: replay.Equal(0, 1), Machine: tt.m}}
		if got, want := replayedText(a), "Replayed: the 1 task of the operation at 1 worker, "+tt.want; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Where nothing takes time there is no speedup, and JSON says null.
func TestWhatIfWithoutTime(t *testing.T) {
	a, err := whatif.Ask(t.Context(), &whatif.Recording{Series: "A", Workers: 2, Job: replay.Equal(0, 2), Measured: []whatif.Measured{{Workers: 2}}}, whatif.Question{Chunk: 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var text, data bytes.Buffer
	if err := WhatIf(&text, a, Options{}); err != nil || !strings.Contains(text.String(), words.None) {
		t.Errorf("%v\n%s", err, &text)
	}
	var got struct {
		Rows []struct{ Gain *float64 }
	}
	if err := WhatIfJSON(&data, a); err != nil || json.Unmarshal(data.Bytes(), &got) != nil || len(got.Rows) != 3 || got.Rows[1].Gain != nil {
		t.Errorf("%v\n%s", err, &data)
	}
}
