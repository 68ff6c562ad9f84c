package read

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// BenchstatCSV is what benchstat -format csv prints.
var BenchstatCSV = Format{
	Name:    "benchstat CSV",
	Doc:     "`benchstat -format csv`, read as the tables of benchstat are",
	Metrics: true,
	Sniff:   func(head []byte, _ string) bool { return benchstatCSVHeader.Match(head) },
	Read:    readBenchstatCSV,
}

var benchstatCSVHeader = compile(`(?m)^,[^,\n]*(?:/op|/s|sec),CI`)

func readBenchstatCSV(in *input) error {
	rows, err := allRows(in, splitCSV)
	if err != nil {
		return err
	}
	var t benchstatTable
	var files, have []string
	var at []int // of the values
	pkg := ""
	found := false
	for i, r := range rows {
		if len(r.cells) == 1 {
			if p, ok := strings.CutPrefix(r.cells[0], "pkg: "); ok {
				pkg = p
			}
			continue
		}
		if r.cells[0] == "" && slices.Contains(r.cells, "CI") {
			at = nil
			for k := 1; k+1 < len(r.cells); k++ {
				if r.cells[k+1] == "CI" {
					at = append(at, k)
				}
			}
			if len(at) == 0 {
				continue
			}
			files = nil
			for _, k := range at {
				if i > 0 && k < len(rows[i-1].cells) {
					files = append(files, rows[i-1].cells[k])
				}
			}
			t = in.benchstatTable(r.cells[at[0]], len(at), files)
			have = append(have, t.unit)
			continue
		}
		if !t.wanted || r.cells[0] == "" || r.cells[0] == "geomean" {
			continue
		}
		for c, k := range at {
			if k >= len(r.cells) || r.cells[k] == "" {
				continue
			}
			v, ok := parseNumber(r.cells[k], false)
			if !t.seconds {
				v = 1 / v
			}
			if !ok || !(v > 0) || math.IsInf(v, 0) {
				in.complain(r.line, strings.Join(r.cells, ","), "%q is not a number above 0", r.cells[k])
				continue
			}
			samples := []float64{v}
			if k+1 < len(r.cells) {
				if p, ok := parseNumber(strings.TrimSuffix(r.cells[k+1], "%"), false); ok {
					samples = []float64{v * (1 - min(p, 99)/100), v, v * (1 + p/100)}
				}
			}
			in.text.number = r.line
			in.addSummary(t.blocks[c], pkg, strings.TrimPrefix(r.cells[0], "Benchmark"), samples)
			found = true
		}
	}
	if !found {
		return &ColumnError{fmt.Sprintf("%s: benchstat gives no times here but %s: name a metric: %s", in.name, quoted(have), in.options.command(func(o *Options) { o.Metric = strings.Join(have[:min(1, len(have))], "") }))}
	}
	in.note("%s: the numbers are benchstat's medians; three samples stand for each and its ±", in.name)
	return nil
}
