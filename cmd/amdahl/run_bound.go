package main

import (
	"fmt"
	"strings"

	"amdahl/bench/rounds"
	"amdahl/results"
	"amdahl/results/bound"
	"amdahl/results/laws"
)

// bounds returns the sentences at the end of a run that say whether each series is
// bound by the processors. If no series has its CPU time, the time of the whole
// processes is used.
func (m *measurement) bounds(used []rounds.Use) []string {
	const most = 5
	var list []string
	for _, a := range m.analyses {
		if text, ok := boundOf(a); ok {
			if len(m.analyses) > 1 {
				text = a.Curve.Name.String() + ": " + text
			}
			list = append(list, text)
		}
	}
	if len(list) > most {
		rest := len(list) - most
		list = append(list[:most], fmt.Sprintf("%d more series are in the results", rest))
	}
	if len(list) > 0 || len(m.analyses) == 0 {
		return list
	}
	// All series have the same processors, but a measured range belongs to one.
	a := &laws.Analysis{Curve: m.analyses[0].Curve}
	if len(m.analyses) == 1 {
		a = m.analyses[0]
	}
	if text, ok := boundOfProcess(a, m.atOne(used)); ok {
		list = []string{text}
	}
	return list
}

// atOne adds up the times of the processes at one worker.
func (m *measurement) atOne(used []rounds.Use) rounds.Use {
	var sum rounds.Use
	axes, err := m.plan.parsed()
	if err != nil || len(axes) == 0 {
		return sum
	}
	level := axes[len(axes)-1].Name + "=1"
	for _, u := range used {
		if u.Point == level || strings.HasSuffix(u.Point, " "+level) {
			sum.Wall += u.Wall
			sum.CPU += u.CPU
		}
	}
	return sum
}

// boundOf says in a sentence or two whether a series computes or waits. ok is
// false for a series without cpu-ns/op at one worker.
func boundOf(a *laws.Analysis) (text string, ok bool) {
	v := bound.Judge(a)
	if v.Share == nil {
		return "", false
	}
	var sentences []string
	for _, f := range v.Findings {
		sentences = append(sentences, f.Text)
	}
	return strings.Join(sentences, " "), true
}

// boundOfProcess says whether whole processes, from their start to their end,
// compute or wait: without --why nothing else was measured.
func boundOfProcess(a *laws.Analysis, u rounds.Use) (string, bool) {
	if u.Wall <= 0 {
		return "", false
	}
	whole := *a.Curve
	whole.Points = []results.Point{{
		Workers: 1, Tasks: 1, Samples: []results.Sample{{Time: u.Wall.Seconds()}},
		Extra: map[string][]float64{"cpu-sec/op": {u.CPU.Seconds()}},
	}}
	text, ok := boundOf(&laws.Analysis{Curve: &whole, PoolSize: a.PoolSize})
	return "As far as whole processes tell, their start and preparations with them (--why measures the benchmark alone): " + text, ok
}
