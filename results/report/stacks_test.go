package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"amdahl/results/laws"
	"amdahl/results/words"
)

// lossyText is benchmark text of two strategies that say where the time went,
// and of one that does not.
func lossyText() string {
	var b strings.Builder
	b.WriteString("goos: linux\ncpu: Example CPU\n")
	for round := range 6 {
		for _, n := range []int{1, 2, 4, 8} {
			for i, strategy := range []string{"fixed", "process", "silent"} {
				const task = 5e6 // ns
				t := task * (0.9/float64(n) + 0.1) * (1 + 0.002*float64((3*round+n)%5))
				paid := float64(n) * t
				fmt.Fprintf(&b, "BenchmarkStrong/workload=hash/strategy=%s/workers=%d 10 %.0f ns/op 10 tasks/op", strategy, n, t)
				if strategy != "silent" {
					useful, serial := 0.95*task, 0.1*task*float64(n-1)
					dispatch := float64(i) * 0.4 * (paid - useful - serial)
					fmt.Fprintf(&b, " %.0f paid-ns/op %.0f useful-ns/op %.0f serial-ns/op %.0f dispatch-ns/op 0 gc-ns/op", paid, useful, serial, dispatch)
				}
				b.WriteString("\n")
			}
		}
	}
	return b.String()
}

func TestStacks(t *testing.T) {
	as, _ := analyse(t, lossyText())
	var b strings.Builder
	if err := Stacks(&b, as, Options{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "stacks.golden", b.String())

	var narrow strings.Builder
	if err := Stacks(&narrow, as[:1], Options{Width: 40}); err != nil {
		t.Fatal(err)
	}
	for l := range strings.Lines(narrow.String()) {
		if w := words.Width(strings.TrimSuffix(l, "\n")); w > 40 && !strings.HasPrefix(l, "Strong/") {
			t.Errorf("%d columns, want 40 at most: %q", w, l)
		}
	}
	if got := strings.Count(narrow.String(), "paid per task, µs"); got != 2 {
		t.Errorf("four levels in 40 columns: got %d tables, want 2:\n%s", got, &narrow)
	}

	silent := slices.DeleteFunc(slices.Clone(as), func(a *laws.Analysis) bool { return !strings.Contains(a.Curve.Name.String(), "silent") })
	if err := Stacks(&b, silent, Options{}); !errors.Is(err, ErrNoAccount) {
		t.Errorf("nobody says where: got %v, want ErrNoAccount", err)
	}
	if err := StacksJSON(&b, silent); !errors.Is(err, ErrNoAccount) {
		t.Errorf("nobody says where, JSON: got %v, want ErrNoAccount", err)
	}
}

func TestStacksJSON(t *testing.T) {
	as, _ := analyse(t, lossyText())
	var b strings.Builder
	if err := StacksJSON(&b, as); err != nil {
		t.Fatal(err)
	}
	var d stacksDocument
	if err := json.Unmarshal([]byte(b.String()), &d); err != nil {
		t.Fatal(err)
	}
	if len(d.Stacks) != 2 || len(d.Stacks[0].Levels) != 4 || d.Stacks[0].Per != "task" || len(d.Stacks[0].Sentences) == 0 {
		t.Fatalf("got %s", &b)
	}
	for _, l := range d.Stacks[1].Levels {
		sum := 0.0
		for _, share := range l.Shares {
			sum += share
		}
		if sum < 1-1e-9 || sum > 1+1e-9 || l.Samples != 6 {
			t.Errorf("at %g: the shares of %d samples add up to %v, want 6 and 1", l.N, l.Samples, sum)
		}
	}
}

// Whether an account is from traces, or from profiles because tracing costs too much, is said.
func TestStacksSampled(t *testing.T) {
	for slower, want := range map[float64]string{
		0.02: "By execution traces and CPU profiles of rounds of their own, which were up to 2.0 % slower. ",
		0.4:  "By CPU, mutex and block profiles of rounds of their own, which were not slower. ",
	} {
		var text strings.Builder
		for n := 1; n <= 2; n++ {
			for range 3 {
				fmt.Fprintf(&text, "BenchmarkA/workers=%d 10 1000 ns/op\n", n)
			}
			for value, slower := range map[string]float64{"true": slower, "sampled": 0} {
				fmt.Fprintf(&text, "profiled: %s\n", value)
				for range 3 {
					fmt.Fprintf(&text, "BenchmarkA/workers=%d 10 %g traced-ns/op %g paid-ns/op %g running-ns/op %g lock-ns/op\n", n, 1000*(1+slower), 1000*(1+slower)*float64(n), 1000*(1+slower), 1000*(1+slower)*float64(n-1))
				}
				text.WriteString("profiled:\n")
			}
		}
		as, _ := analyse(t, text.String())
		var b, data strings.Builder
		if err := errors.Join(Stacks(&b, as, Options{Width: 1000}), StacksJSON(&data, as)); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), want) || strings.Count(b.String(), "of rounds of their own") != 1 {
			t.Errorf("%g slower: no %q in %s", slower, want, &b)
		}
		if got := strings.Contains(data.String(), `"sampled": true`); got != (slower > 0.1) {
			t.Errorf("%g slower: %s", slower, &data)
		}
	}
}

// As data too, the factors of the efficiency multiply to the measured one, and the speedup and
// what each factor takes from it add up to the workers.
func TestEfficiencyJSON(t *testing.T) {
	as, _ := analyse(t, lossyText())
	var b strings.Builder
	if err := StacksJSON(&b, as); err != nil {
		t.Fatal(err)
	}
	var d stacksDocument
	if err := json.Unmarshal([]byte(b.String()), &d); err != nil {
		t.Fatal(err)
	}
	for k, s := range d.Stacks {
		levels := as[k].Levels
		if len(s.Efficiency) != len(levels) {
			t.Fatalf("%s: %d efficiencies of %d levels", s.Series, len(s.Efficiency), len(levels))
		}
		for i, e := range s.Efficiency {
			product, sum := 1.0, e.Speedup
			for _, f := range e.Factors {
				product *= f
			}
			for _, lost := range e.Lost {
				sum += lost
			}
			measured := levels[0].Time.Value / (e.N * levels[i].Time.Value)
			if math.Abs(product-measured) > 1e-9 || math.Abs(e.Efficiency-measured) > 1e-9 || math.Abs(sum-e.N) > 1e-9*e.N {
				t.Errorf("%s at %g: the factors make %v, measured is %v; the stack adds up to %v", s.Series, e.N, product, measured, sum)
			}
		}
	}
}

// The table, the page and the directory have the stacks where there are any,
// and nothing of them where there are none.
func TestStacksEverywhere(t *testing.T) {
	const sentence = "At 8 workers 56 % of the worker time is useful compute"
	as, set := analyse(t, lossyText())
	var table strings.Builder
	if err := Table(&table, as, Options{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(table.String(), sentence) {
		t.Errorf("the table lacks %q:\n%s", sentence, &table)
	}
	page := html(t, as, Options{Environment: set.Config})
	elements(t, page)
	for text, want := range map[string]int{"Where the worker time went": 1, sentence: 3, "What was paid: fixed</summary>": 1, "What was paid: silent": 0, "serial-ns/op": 1, `id="p1-fig-strong-hash-why-title"`: 1} {
		if got := strings.Count(page, text); got < want || want == 0 && got > 0 {
			t.Errorf("the page has %q %d times, want %d", text, got, want)
		}
	}
	dir := t.TempDir()
	files, err := Write(dir, as, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, filepath.Base(f))
	}
	if got, want := strings.Join(names, " "), "table.txt results.json why.txt strong-hash.svg strong-hash.png strong-hash-why.svg strong-hash-why.png index.html"; got != want {
		t.Errorf("files: got %s, want %s", got, want)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "index.html")); err != nil || !strings.Contains(string(data), `href="strong-hash-why.svg"`) {
		t.Errorf("the page does not link to the figure of where the time went: %v", err)
	}
	silent := html(t, byHand()[:3], Options{})
	for _, text := range []string{"Where the worker time went", "serial-ns/op"} {
		if strings.Contains(silent, text) {
			t.Errorf("a page without stacks has %q", text)
		}
	}
}
