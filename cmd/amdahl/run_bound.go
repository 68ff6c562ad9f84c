package main

import (
	"fmt"
	"strings"

	"amdahl/bench/rounds"
	"amdahl/results"
	"amdahl/results/bound"
	"amdahl/results/laws"
)

// bounds are the sentences at the end of a run: whether each series is bound
// by the processors. Where no series tells, the whole processes do.
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
	// The processors are the same for all; a measured range is one series' own.
	a := &laws.Analysis{Curve: m.analyses[0].Curve}
	if len(m.analyses) == 1 {
		a = m.analyses[0]
	}
	if text, ok := boundOfProcess(a, m.atOne(used)); ok {
		list = []string{text}
	}
	return list
}

// atOne adds up what the processes at one worker took.
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

// boundOf says in a sentence or two whether a series computes or waits. It is
// false for a series that has no cpu-ns/op at one worker.
func boundOf(a *laws.Analysis) (string, bool) {
	v, err := bound.Judge(a, bound.Options{})
	if err != nil || v.Share == nil {
		return "", false
	}
	var said []string
	for _, f := range v.Findings {
		said = append(said, f.Text)
	}
	return strings.Join(said, " "), true
}

// boundOfProcess says it of whole processes, from their start to their end,
// which is what an account without --why can know.
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
