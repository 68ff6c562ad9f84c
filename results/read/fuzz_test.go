package read

import (
	"bytes"
	"strings"
	"testing"

	"amdahl/results"
)

// fuzzFormat tries one format on any text, whether it recognises the text or
// not: no panic, and nothing in the curves that laws cannot bear.
func fuzzFormat(f *testing.F, format Format) {
	for _, tt := range examples {
		if tt.format.Name == format.Name {
			f.Add([]byte(tt.text), "", "")
		}
	}
	f.Add([]byte(""), "x", "y")
	f.Fuzz(func(t *testing.T, text []byte, x, column string) {
		o := Options{X: x}
		if column != "" {
			o.Time, o.Metric = []string{column}, column
		}
		s := newSession([]string{"-"}, o)
		in := textInput(string(text))
		in.session, in.name = s, "<stdin>"
		format.Sniff(text, "<stdin>")
		if err := format.Read(in); err != nil {
			s.failed = append(s.failed, err)
		}
		if set, err := s.finish(); err == nil {
			soundSet(t, set)
		}
	})
}

// soundSet holds what laws and charts rely on.
func soundSet(t *testing.T, set *results.Set) {
	for _, k := range set.Skipped {
		if strings.ContainsAny(k.Name+k.Why, "\n") || k.Line < 1 {
			t.Errorf("bad skip %+v", k)
		}
	}
	for _, c := range set.Curves {
		if len(c.Points) == 0 {
			t.Errorf("%s: no points", c.Name)
		}
		if d := c.Drift(0); d != nil && !(d.Low <= d.Value && d.Value <= d.High && d.Rounds > 0) {
			t.Errorf("%s: bad drift %+v", c.Name, d)
		}
		for i, p := range c.Points {
			if !(p.Workers > 0) || p.Workers > 1e300 || len(p.Samples) == 0 || !(p.Tasks > 0) || i > 0 && c.Points[i-1].Workers >= p.Workers {
				t.Errorf("%s: bad point %+v", c.Name, p)
			}
			for _, s := range p.Samples {
				if !(s.Time > 0) || s.Time > 1e308 {
					t.Errorf("%s: bad time %v", c.Name, s.Time)
				}
			}
		}
	}
}

// FuzzChoose tries any file: the format that recognises it reads it.
func FuzzChoose(f *testing.F) {
	for _, tt := range examples {
		f.Add([]byte(tt.text), "")
	}
	f.Add([]byte{0x1f, 0x8b, 8, 0}, "")
	f.Add([]byte("\xff\xfeB\x00e\x00n\x00"), "")
	f.Add([]byte(rounds(2, "spoilt-rounds: 2\nBenchmarkZ\n    z_test.go:1: no z\n--- SKIP: BenchmarkZ\n")), "")
	f.Fuzz(func(t *testing.T, text []byte, x string) {
		set, err := Files(nil, bytes.NewReader(text), Options{X: x})
		if err == nil {
			soundSet(t, set)
		}
	})
}

func FuzzGoText(f *testing.F)        { fuzzFormat(f, GoText) }
func FuzzGoTestJSON(f *testing.F)    { fuzzFormat(f, GoTestJSON) }
func FuzzHyperfine(f *testing.F)     { fuzzFormat(f, Hyperfine) }
func FuzzGoogleJSON(f *testing.F)    { fuzzFormat(f, GoogleJSON) }
func FuzzGoogleText(f *testing.F)    { fuzzFormat(f, GoogleText) }
func FuzzGoogleCSV(f *testing.F)     { fuzzFormat(f, GoogleCSV) }
func FuzzJMHJSON(f *testing.F)       { fuzzFormat(f, JMHJSON) }
func FuzzJMHText(f *testing.F)       { fuzzFormat(f, JMHText) }
func FuzzJMHCSV(f *testing.F)        { fuzzFormat(f, JMHCSV) }
func FuzzPytestJSON(f *testing.F)    { fuzzFormat(f, PytestJSON) }
func FuzzCriterionJSON(f *testing.F) { fuzzFormat(f, CriterionJSON) }
func FuzzK6JSON(f *testing.F)        { fuzzFormat(f, K6JSON) }
func FuzzK6(f *testing.F)            { fuzzFormat(f, K6) }
func FuzzCilkscale(f *testing.F)     { fuzzFormat(f, Cilkscale) }
func FuzzPgbench(f *testing.F)       { fuzzFormat(f, Pgbench) }
func FuzzSysbench(f *testing.F)      { fuzzFormat(f, Sysbench) }
func FuzzWrk(f *testing.F)           { fuzzFormat(f, Wrk) }
func FuzzBenchstat(f *testing.F)     { fuzzFormat(f, Benchstat) }
func FuzzBenchstatCSV(f *testing.F)  { fuzzFormat(f, BenchstatCSV) }
func FuzzBenchcmp(f *testing.F)      { fuzzFormat(f, Benchcmp) }
func FuzzDataFrame(f *testing.F)     { fuzzFormat(f, DataFrame) }
func FuzzWide(f *testing.F)          { fuzzFormat(f, Wide) }
func FuzzMarkdown(f *testing.F)      { fuzzFormat(f, Markdown) }
func FuzzCSV(f *testing.F)           { fuzzFormat(f, CSV) }
func FuzzHyperfineText(f *testing.F) { fuzzFormat(f, HyperfineText) }
func FuzzCriterionText(f *testing.F) { fuzzFormat(f, CriterionText) }
func FuzzPerfStat(f *testing.F)      { fuzzFormat(f, PerfStat) }
func FuzzShellTime(f *testing.F)     { fuzzFormat(f, ShellTime) }
func FuzzPrinted(f *testing.F)       { fuzzFormat(f, Printed) }
func FuzzRecords(f *testing.F)       { fuzzFormat(f, Records) }
func FuzzLaTeX(f *testing.F)         { fuzzFormat(f, LaTeX) }
func FuzzColumns(f *testing.F)       { fuzzFormat(f, Columns) }
