package report

import (
	"io"
	"time"

	"amdahl/results/whatif"
)

type (
	whatIfDocument struct {
		Version  int           `json:"version"`
		Series   string        `json:"series"`
		Source   string        `json:"source"`  // of the measured times: real or slow
		Workers  int           `json:"workers"` // of the operation that was replayed
		Tasks    int           `json:"tasks"`   // parallel ones
		Serial   int           `json:"serial_tasks"`
		Dispatch float64       `json:"dispatch"` // seconds
		Question string        `json:"question"` // "" if nothing was asked
		Recorded jsonBounds    `json:"recorded"`
		WhatIf   *jsonBounds   `json:"what_if"`
		Rows     []jsonWorkers `json:"rows"`
		Sentence string        `json:"sentence"`
		Warnings []string      `json:"warnings"`
	}
	jsonBounds struct {
		One          float64     `json:"one"` // seconds at one worker, as all times
		Work         float64     `json:"work"`
		Span         float64     `json:"span"`
		BurdenedSpan float64     `json:"burdened_span"`
		Limits       []jsonLimit `json:"limits"`
	}
	jsonLimit struct {
		Name    string   `json:"name"`
		Seconds float64  `json:"seconds"`
		Speedup *float64 `json:"speedup"` // over one
	}
	jsonWorkers struct {
		N        int           `json:"n"`
		Measured *jsonMeasured `json:"measured"`
		Recorded jsonReplay    `json:"recorded"`
		WhatIf   *jsonReplay   `json:"what_if"`
		Gain     *float64      `json:"gain"` // recorded over what_if
	}
	jsonMeasured struct {
		Seconds    float64  `json:"seconds"`
		Speedup    *float64 `json:"speedup"`
		Operations int      `json:"operations"`
		Off        *float64 `json:"off"` // share by which the replay differs
	}
	jsonReplay struct {
		Seconds float64            `json:"seconds"`
		Speedup *float64           `json:"speedup"`
		Shares  map[string]float64 `json:"shares"` // of the worker time, by the names of causes
	}
)

// WhatIfJSON prints the same as [WhatIf] as data.
func WhatIfJSON(w io.Writer, a *whatif.Answer) error {
	d := whatIfDocument{
		Version: Version, Series: a.Series, Source: string(a.Source), Workers: a.Workers,
		Tasks: len(a.Job.Tasks), Serial: len(a.Job.Serial), Dispatch: a.Machine.Dispatch.Seconds(),
		Question: a.Question.String(), Recorded: newBounds(a.Recorded), Rows: []jsonWorkers{},
		Sentence: a.Sentence(), Warnings: append([]string{}, whatIfWarnings(a)...),
	}
	if a.Asked != nil {
		b := newBounds(*a.Asked)
		d.WhatIf = &b
	}
	base, _ := a.Base()
	for i, n := range a.At {
		row := jsonWorkers{N: n, Recorded: newReplay(a.Recorded, i)}
		if m, ok := measuredAt(a, n); ok {
			row.Measured = &jsonMeasured{m.Time.Seconds(), over(base, m.Time), m.Operations, nil}
			if off, ok := a.Off(m); ok {
				row.Measured.Off = &off
			}
		}
		if a.Asked != nil {
			r := newReplay(*a.Asked, i)
			row.WhatIf, row.Gain = &r, over(a.Recorded.Runs[i].Time, a.Asked.Runs[i].Time)
		}
		d.Rows = append(d.Rows, row)
	}
	return encode(w, d)
}

func newBounds(c whatif.Curve) jsonBounds {
	limits := each(c.Limits, func(l whatif.Limit) jsonLimit { return jsonLimit{l.Name, l.Time.Seconds(), over(c.One, l.Time)} })
	return jsonBounds{c.One.Seconds(), c.Bounds.Work.Seconds(), c.Bounds.Span.Seconds(), c.Bounds.BurdenedSpan.Seconds(), limits}
}

func newReplay(c whatif.Curve, i int) jsonReplay {
	run := c.Runs[i]
	return jsonReplay{run.Time.Seconds(), over(c.One, run.Time), shares(run.Level)}
}

// over is a/b; nil where there is no such number.
func over(a, b time.Duration) *float64 {
	if v, ok := whatif.Ratio(a, b); ok {
		return &v
	}
	return nil
}
