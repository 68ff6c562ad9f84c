package read

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"

	"amdahl/results"
)

// plain takes a line of the plainest form to where it belongs, and reports
// whether it did. The configuration that holds must be known.
func (g *goReader) plain(line []byte) bool {
	name, seconds, ok := plainResult(line)
	if !ok || g.options.Metric != "" {
		return false
	}
	g.session.skips.close()
	if g.open.name != "" {
		if g.open.name[len("Benchmark"):] != string(name) {
			g.open.close(g.input)
		}
		g.open.name = ""
	}
	if err := g.add(name, Measurement{Time: seconds, Tasks: 1, Round: g.env.round}); err != nil {
		g.complainHere(err)
	}
	return true
}

// result takes one result of benchfmt to where it belongs.
func (g *goReader) result(r *benchfmt.Result) error {
	if g.changed {
		g.configure(r.Config)
	}
	if (g.env.profiled || g.env.sampled) && g.envErr == nil {
		return g.profiled(r)
	}
	m := Measurement{Tasks: 1, Round: g.env.round, Extra: g.extra[:0], Iterations: float64(r.Iters)}
	metric := g.options.Metric
	if g.env.canary {
		metric = ""
	}
	if err := m.values(r.Values, metric); errors.Is(err, errNoMetric) {
		if g.lacking++; g.lacking == 1 {
			g.lacksAt = g.source.at()
		}
		for _, v := range r.Values {
			if len(g.units) < 100 {
				g.units = append(g.units, cmp.Or(v.OrigUnit, v.Unit))
			}
		}
		return nil
	} else if err != nil && g.envErr == nil {
		return err
	}
	g.extra = m.Extra
	return g.add(r.Name, m)
}

// add takes a measurement to the series of its name.
func (g *goReader) add(name benchfmt.Name, m Measurement) error {
	switch {
	case g.envErr != nil:
		return g.envErr
	case g.env.canary:
		return g.canary(name, &m)
	}
	r, ok := g.series[string(name)]
	if !ok {
		var err error
		if r, err = g.record(string(name)); err != nil {
			return err
		}
		g.series[r.text] = r
	}
	if g.env.sentinel {
		r.addSentinel(&m)
	} else {
		r.add(g.builder, &m)
	}
	return nil
}

// profiled keeps a result that says where the time of a level went, and is no sample of
// it. One of a level that has no samples is left out with its record.
func (g *goReader) profiled(b *benchfmt.Result) error {
	name := string(b.Name)
	r, ok := g.series[name]
	if !ok {
		var err error
		if r, err = g.record(name); err != nil {
			return err
		}
		g.series[r.text] = r
	}
	metrics := map[string]float64{}
	for _, v := range b.Values {
		unit := v.Unit
		if v.OrigUnit == "" {
			_, unit = benchunit.Tidy(1, unit)
		}
		metrics[unit] = v.Value
	}
	if g.env.sampled {
		r.sampled = append(r.sampled, metrics)
	} else {
		r.profiled = append(r.profiled, metrics)
	}
	return nil
}

// configure takes the configuration that holds from now on.
func (g *goReader) configure(config []benchfmt.Config) {
	g.changed = false
	var env environment
	if env, g.envErr = newEnvironment(config); g.envErr != nil {
		return
	}
	if env.pkg != g.env.pkg || env.machine != g.env.machine {
		clear(g.series)
	}
	if env.run != (results.Run{}) && (g.block.run == nil || env.run.Plan != g.run.Plan || env.run.Command != g.run.Command) {
		g.beginRun(env.run)
	}
	g.env = env
	g.builder.rounds = g.builder.rounds || env.round > 0
}

// canary keeps a result that tells how fast the machine is, and nothing else.
func (g *goReader) canary(name benchfmt.Name, m *Measurement) error {
	if base, _ := name.Parts(); string(base) != "Canary" {
		return errors.New("this stands under canary: true, which marks BenchmarkCanary only: write canary: where that ends")
	}
	c := results.Canary{File: g.name, Round: m.Round, Time: m.Time, Threads: g.env.threads}
	for _, e := range m.Extra {
		if e.Unit == unitCPU {
			c.CPU = e.Value
		}
	}
	g.set.Canaries = append(g.set.Canaries, c)
	g.builder.canaries = append(g.builder.canaries, canary{c, g.block.file, g.builder.count})
	return nil
}

// beginRun begins the results of a call of a driver. Another call in the same
// file measured something else, and makes curves of its own.
func (g *goReader) beginRun(run results.Run) {
	g.run = run
	run.File = g.name
	if run.X == "" {
		run.X = axisOfPlan(run.Plan)
	}
	if g.block.run != nil {
		clear(g.series)
		g.newBlock(run.Command)
	}
	g.block.run = &run
	g.set.Runs = append(g.set.Runs, &run)
}

// record finds where results of this name go.
func (g *goReader) record(name string) (*record, error) {
	if err := badSuffix(name); err != nil {
		return nil, err
	}
	if err := badKeys(name, cmp.Or(g.options.X, g.block.said())); err != nil {
		return nil, err
	}
	if !g.configKnown {
		g.set.Config, g.configKnown = g.env.config, true
	}
	key := recordKey{block: g.block, pkg: g.env.pkg, machine: g.builder.machine(g.env.machine), label: label{kind: goName, text: name}}
	return g.builder.record(key, 1, origin{g.name, g.source.at()})
}

// badKeys is the error for a name in which the key of the x axis, or of
// [contract.WorkerKeys], is not a number of workers.
func badKeys(name, x string) error {
	base, procs := suffix(name)
	if procs == 0 {
		base = name
	}
	key, value := x, ""
	parsed := results.ParseName(base)
	if x == "" {
		for _, k := range exactKeys[:3] { // n, p and their like mean other things as well
			if parsed.Has(k) {
				key = k
				break
			}
		}
	}
	if key == "" || !parsed.Has(key) {
		return nil
	}
	if value = parsed.Value(key); value == "" || strings.Trim(value, "0123456789") != "" || strings.Trim(value, "0") == "" || len(value) > 9 {
		return fmt.Errorf("%s=%s is not a number of workers: write a whole number from 1", key, value)
	}
	return nil
}

var errNoMetric = errors.New("no such metric")
