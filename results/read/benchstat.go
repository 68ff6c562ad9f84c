package read

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"strings"
)

// Benchstat is what benchstat prints, in its old and its new form.
var Benchstat = Format{
	Name:    "benchstat",
	Doc:     "the tables of benchstat, of before 2023 (`name  time/op`) and since (`│ sec/op │`); x as in Go benchmark text; each column of files is a series, ± is the spread of its samples; `--metric` takes another table than that of times",
	Metrics: true,
	Sniff: func(head []byte, _ string) bool {
		return !hasGoText(head) && (benchstatOld.Match(head) && bytes.ContainsRune(head, '±') || benchstatNew.Match(head) && bytes.ContainsAny(head, "│±"))
	},
	Read: readBenchstat,
}

var (
	benchstatOld = compile(`(?m)^[>\s]*name(?: \\ (\S+(?: \S+)*?))?\s{2,}\S.*$`)
	benchstatNew = compile(`(?m)^.*[│|]\s+\S*(?:/op|/s|sec)\s.*[│|]?`)
	// A value of a row: 1.00µs ± 2%, 550.0n ± 1%, 12.3MB/s ± ∞ ¹.
	benchstatValue = regexp.MustCompile(`([-+]?\d[\d.,]*(?:e[+-]?\d+)?)([a-zA-Zµμ%/]*)\s*±\s*(\d+|∞|N/A)\s*%?`)
	benchstatAlone = regexp.MustCompile(`^\s*([-+]?\d[\d.]*(?:e[+-]?\d+)?)([a-zA-Zµμ/]*)(?:\s|$)`)
	benchstatUnit  = regexp.MustCompile(`[^\s│|]+(?:/op|/s)\b|\bsec\b`)
)

// A benchstatTable is what the header of a table says.
type benchstatTable struct {
	unit    string   // "sec/op", "time/op", "ns/op"
	files   []string // a name for each column of values
	blocks  []*block
	wanted  bool
	seconds bool
}

func readBenchstat(in *input) error {
	var t benchstatTable
	var files []string
	pkg, units := "", map[string]bool{}
	found := false
	for {
		b, ok := in.text.next()
		if !ok {
			break
		}
		text := strings.TrimRight(string(quotedLine(b)), " \t\r\n")
		if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "```") {
			continue
		}
		if p, ok := strings.CutPrefix(text, "pkg: "); ok {
			pkg = strings.TrimSpace(p)
			continue
		}
		if strings.ContainsAny(text, "│|") && !strings.Contains(text, "±") {
			cells := strings.FieldsFunc(text, func(r rune) bool { return r == '│' || r == '|' })
			if u := benchstatUnit.FindString(text); u != "" && benchstatNew.MatchString(text) {
				t = in.benchstatTable(u, len(benchstatUnits(cells)), files)
				units[u] = true
			} else {
				files = nil
				for _, c := range cells {
					if c = strings.TrimSpace(c); c != "" {
						files = append(files, c)
					}
				}
			}
			continue
		}
		if u, columns := benchstatOldHeader(text); u != "" {
			t = in.benchstatTable(u, len(columns), columns)
			units[u] = true
			continue
		}
		if t.unit == "" || !t.wanted {
			continue
		}
		found = in.benchstatRow(text, pkg, &t) || found
	}
	if err := in.text.failure(in.name); err != nil {
		return err
	}
	if !found {
		var have []string
		for u := range units {
			have = append(have, u)
		}
		return &ColumnError{fmt.Sprintf("%s: benchstat gives no times here but %s: name a metric: %s", in.name, quoted(have), in.options.command(func(o *Options) { o.Metric = strings.Join(have[:min(1, len(have))], "") }))}
	}
	in.note("%s: the numbers are benchstat's medians; three samples stand for each and its ±", in.name)
	return nil
}

// benchstatUnits are the cells of a header that name a unit: one for each file.
func benchstatUnits(cells []string) (units []string) {
	for _, c := range cells {
		if u := benchstatUnit.FindString(c); u != "" {
			units = append(units, u)
		}
	}
	return units
}

// benchstatOldHeader reads the header of the old form: "name  time/op",
// "name  old time/op  new time/op  delta", "name \ time/op  a.txt  b.txt".
func benchstatOldHeader(text string) (unit string, columns []string) {
	text = strings.TrimSpace(text)
	rest, ok := strings.CutPrefix(text, "name")
	if !ok {
		return "", nil
	}
	fields := wideSpace.Split(strings.TrimSpace(rest), -1)
	if u, ok := strings.CutPrefix(strings.TrimSpace(rest), `\ `); ok {
		fields = wideSpace.Split(u, -1)
		return fields[0], fields[1:]
	}
	for _, f := range fields {
		words := strings.Fields(f)
		if len(words) == 0 || f == "delta" {
			continue
		}
		unit = words[len(words)-1]
		columns = append(columns, strings.Join(words[:len(words)-1], " "))
	}
	if !strings.Contains(unit, "/") && unit != "speed" {
		return "", nil
	}
	return unit, columns
}

// benchstatTable begins a table.
func (in *input) benchstatTable(unit string, columns int, files []string) benchstatTable {
	t := benchstatTable{unit: unit, files: files}
	switch metric := in.options.Metric; {
	case metric != "":
		t.wanted = metric == unit || metric == "ns/op" && (unit == "sec/op" || unit == "time/op")
	default:
		t.wanted = unit == "sec/op" || unit == "time/op" || unit == "ns/op"
	}
	t.seconds = t.wanted && !isRate(unit) && unit != "speed"
	if in.benchstatBlocks == nil {
		in.benchstatBlocks = map[string]*block{}
	}
	for i := range columns {
		name := fmt.Sprintf("column %d", i+1)
		if i < len(files) && files[i] != "" {
			name = files[i]
		}
		if columns == 1 {
			name = ""
		}
		b := in.benchstatBlocks[name]
		if b == nil {
			in.newBlock(name)
			b = in.block
			b.column = columns > 1
			in.benchstatBlocks[name] = b
		}
		t.blocks = append(t.blocks, b)
	}
	return t
}

// benchstatRow takes a row of a table, and reports whether it is one.
func (in *input) benchstatRow(text, pkg string, t *benchstatTable) bool {
	text = strings.TrimSpace(text)
	name, rest, ok := strings.Cut(text, " ")
	name = strings.TrimPrefix(name, "Benchmark")
	if !ok || name == "geomean" || strings.HasPrefix(name, "[Geo") || len(t.blocks) == 0 {
		return false
	}
	values := benchstatValue.FindAllStringSubmatch(rest, -1)
	if len(values) == 0 {
		if m := benchstatAlone.FindStringSubmatch(rest); m != nil {
			values = [][]string{append(m, "∞")}
		}
	}
	if len(values) == 0 {
		return false
	}
	for i, m := range values {
		if i >= len(t.blocks) {
			break
		}
		v, unit := benchstatNumber(m[1], m[2])
		if !t.seconds {
			v = 1 / v
		} else if unit == "" && t.unit == "ns/op" {
			v *= 1e-9
		}
		if !(v > 0) || math.IsInf(v, 0) {
			in.complain(in.text.number, text, "%s is not a time above 0", m[0])
			continue
		}
		samples := []float64{v}
		if p, ok := parseNumber(m[3], false); ok {
			samples = []float64{v * (1 - min(p, 99)/100), v, v * (1 + p/100)}
		}
		in.addSummary(t.blocks[i], pkg, name, samples)
	}
	return true
}

// addSummary adds samples that stand for a spread.
func (in *input) addSummary(b *block, pkg, name string, samples []float64) {
	key := recordKey{block: b, pkg: pkg, label: label{kind: goName, text: name}}
	r, err := in.builder.record(key, 1, origin{in.name, in.text.number})
	if err != nil {
		in.complain(in.text.number, name, "%s", err)
		return
	}
	r.summary = true
	for _, v := range samples {
		r.add(in.builder, &Measurement{Time: v, Tasks: 1})
	}
}

// benchstatNumber is a number of benchstat in seconds, or in its unit: 1.00µs,
// 550.0n, 12.3MB/s, 1.2k.
func benchstatNumber(number, unit string) (v float64, u string) {
	v, _ = parseNumber(number, false)
	if f, ok := secondsIn(unit); ok && unit != "m" && unit != "h" && unit != "min" {
		return v * f, "s"
	}
	prefix := map[string]float64{"n": 1e-9, "µ": 1e-6, "μ": 1e-6, "u": 1e-6, "m": 1e-3, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30}
	for _, n := range []int{2, 1} {
		if r := []rune(unit); len(r) >= n {
			if f, ok := prefix[string(r[:n])]; ok {
				return v * f, string(r[:n])
			}
		}
	}
	return v, ""
}
