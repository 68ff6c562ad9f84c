package class

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"amdahl/results/read"
)

// A student is what a run is made of.
type student struct {
	id       uint64
	cpu      string
	count    int
	goes     string  // version of Go
	slowdown float64 // of all levels above one worker, 1 is none
	load     float64
	steal    float64
	rounds   int
}

// text is a run file as amdahl run writes it: two plans, one to eight workers.
func (s student) text() []byte {
	rng := rand.New(rand.NewPCG(s.id, 1))
	var b bytes.Buffer
	fmt.Fprintf(&b, "goos: linux\ngoarch: amd64\ncpu: %s\ncpu-count: %d\ngo: %s\nrun-x: workers\nrun-date: 2026-11-30T10:00:00Z\nrun-command: amdahl run /home/ada/secret\n", s.cpu, s.count, s.goes)
	for round := 1; round <= s.rounds; round++ {
		fmt.Fprintf(&b, "round: %d\n", round)
		for _, plan := range []string{"static", "dynamic"} {
			for n := 1; n <= 8; n++ {
				sigma := 0.05
				if plan == "static" {
					sigma = 0.2
				}
				t := sigma + (1-sigma)/float64(n)
				if n > 1 {
					t *= s.slowdown
				}
				fmt.Fprintf(&b, "BenchmarkThird/plan=%s/workers=%d-%d\t1\t%.0f ns/op\n", plan, n, s.count, 3e7*t*(1+0.02*rng.Float64()))
			}
		}
		fmt.Fprintf(&b, "load: %g\nsteal: %g %%\n", s.load, s.steal)
	}
	return b.Bytes()
}

// usual is a student without anything odd.
func usual(id uint64) student {
	return student{id: id, cpu: "AMD EPYC", count: 8, goes: "go1.26.8", slowdown: 1, load: 1, rounds: 6}
}

func file(t testing.TB, name string, text []byte) File {
	t.Helper()
	set, err := read.Files([]string{"-"}, bytes.NewReader(text), read.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return File{name, text, set}
}

func newClass(t testing.TB, students ...student) *Class {
	t.Helper()
	var files []File
	for _, s := range students {
		files = append(files, file(t, fmt.Sprintf("student%d.txt", s.id), s.text()))
	}
	c, problems, err := New(t.Context(), files)
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	return c
}

func page(t testing.TB, c *Class, o Options) string {
	t.Helper()
	var b strings.Builder
	if err := c.Write(&b, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Equal runs have no outlier; machines are kept apart, the most frequent first.
func TestQuietClass(t *testing.T) {
	var all []student
	for i := range uint64(12) {
		s := usual(i)
		if i >= 8 {
			s.cpu, s.count = "Apple M2", 10
		}
		all = append(all, s)
	}
	c := newClass(t, all...)
	if len(c.Outliers)+len(c.Copies) != 0 || len(c.Kinds) != 2 || len(c.Kinds[0].Runs) != 8 || c.Kinds[1].Text != "Apple M2, 10 processors, linux" {
		t.Errorf("outliers %v, copies %v, kinds %+v", c.Outliers, c.Copies, c.Kinds)
	}
	text := page(t, c, Options{})
	for _, want := range []string{"12 runs on 2 kinds of machine. None stands out.", ">static</h3>", "Apple M2, 10 processors"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q on the page", want)
		}
	}
	if n := strings.Count(text, "<title>run "); n != 12*2*2 { // by series, and by machine
		t.Errorf("%d curves are drawn, want 48", n)
	}
}

// An outlier is named with what its environment says, and with nothing where that
// says nothing.
func TestOutliers(t *testing.T) {
	var all []student
	for i := range uint64(9) {
		all = append(all, usual(i))
	}
	for i, change := range []func(s *student){
		func(s *student) { s.load = 30 },
		func(s *student) { s.steal = 22 },
		func(s *student) { s.goes = "go1.25.1" },
		func(s *student) { s.cpu, s.count = "Slow CPU", 2 },
		func(*student) {},
	} {
		s := usual(uint64(100 + i))
		s.slowdown = 2
		change(&s)
		all = append(all, s)
	}
	c := newClass(t, all...)
	byName := map[string]Outlier{}
	for _, o := range c.Outliers {
		byName[o.Run.Name] = o
	}
	for name, want := range map[string]string{
		"student100.txt": "the load was up to 30 on 8 processors",
		"student101.txt": "the host took up to 22 % of the processor time",
		"student102.txt": "Go is go1.25.1, most have go1.26.8",
		"student103.txt": "the number of processors is 2, most have 8",
		"student104.txt": "",
	} {
		o, ok := byName[name]
		if got := strings.Join(o.Reasons, "; "); !ok || got != want {
			t.Errorf("%s: outlier %v, reasons %q, want %q", name, ok, got, want)
		}
	}
	if len(byName) != 5 {
		t.Errorf("%d outliers, want 5", len(byName))
	}
	if o := byName["student103.txt"]; !strings.Contains(o.With, "too few are on such machines") {
		t.Errorf("compared with %q", o.With)
	}
	text := page(t, c, Options{})
	for _, want := range []string{"5 stand out; the environment of 4 says why", "nothing in its environment says why", "the load was up to 30"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q on the page", want)
		}
	}
}

// A run on a machine that was too busy is drawn, dashed, and compared with none.
func TestBusy(t *testing.T) {
	all := []student{usual(1), usual(2), usual(3), usual(4), usual(5)}
	s := usual(6)
	s.slowdown = 2
	text := bytes.ReplaceAll(s.text(), []byte(" ns/op\n"), []byte(" ns/op\t30000000 cpu-ns/op\t20000000 run-delay-ns/op\t60000000 others-ns/op\n"))
	var files []File
	for _, s := range all {
		files = append(files, file(t, fmt.Sprint(s.id), s.text()))
	}
	c, problems, err := New(t.Context(), append(files, file(t, "busy", text)))
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	html := page(t, c, Options{})
	if len(c.Outliers) > 0 || !strings.Contains(html, "Of 1 run too few rounds are sound") || strings.Count(html, " busy\"") != 4 {
		t.Errorf("outliers %v, %d dashed lines", c.Outliers, strings.Count(html, " busy\""))
	}
}

// Names are shown only if asked for, nor does anything else of the files tell whose they are.
func TestNames(t *testing.T) {
	c := newClass(t, usual(1), usual(2), usual(3))
	if text := page(t, c, Options{}); strings.Contains(text, "student") || strings.Contains(text, "ada") || strings.Contains(text, "secret") {
		t.Error("the page has names")
	}
	if text := page(t, c, Options{Names: true}); !strings.Contains(text, "student2.txt") {
		t.Error("the page has no names")
	}
	again := newClass(t, usual(3), usual(1), usual(2))
	for i, r := range c.Runs {
		if again.Runs[i].Name != r.Name {
			t.Errorf("run %d is %s, and in another order of the files %s", i+1, r.Name, again.Runs[i].Name)
		}
	}
}

// Copies are found, also where lines were moved; two honest runs are none.
func TestCopies(t *testing.T) {
	text := usual(1).text()
	moved := bytes.Replace(bytes.Replace(text, []byte("round: 1\n"), []byte("round: 7\n"), 1), []byte("go1.26.8"), []byte("go1.26.9"), 1)
	c, problems, err := New(t.Context(), []File{file(t, "a", text), file(t, "b", moved), file(t, "c", usual(2).text())})
	if err != nil || len(problems) > 0 || len(c.Copies) != 1 || c.Copies[0].Equal < 90 {
		t.Errorf("%v, %v, copies %v", problems, err, c.Copies)
	}
	if got := page(t, c, Options{}); !strings.Contains(got, "one is a copy of the other") {
		t.Error("the page does not say so")
	}
}

// Short times are written in four digits, and many of them are equal by chance; so are
// some of a timer's.
func TestNoCopies(t *testing.T) {
	text := func(id uint64, format string, unit, spread float64) []byte {
		rng := rand.New(rand.NewPCG(id, 2))
		var b bytes.Buffer
		for range 12 {
			for n := 1; n <= 8; n++ {
				fmt.Fprintf(&b, "BenchmarkShort/workers=%d-8\t1000000\t"+format+" ns/op\n", n, unit/float64(n)*(1+spread*rng.Float64()))
			}
		}
		return b.Bytes()
	}
	for name, c := range map[string]struct {
		format       string
		unit, spread float64
	}{"four digits": {"%.1f", 312, 0.02}, "a timer": {"%.0f", 5e6, 3e-4}} {
		got, problems, err := New(t.Context(), []File{file(t, "a", text(1, c.format, c.unit, c.spread)), file(t, "b", text(2, c.format, c.unit, c.spread))})
		if err != nil || len(problems) > 0 || len(got.Copies) > 0 {
			t.Errorf("%s: %v, %v, copies %v, want none", name, problems, err, got.Copies)
		}
	}
	for v, want := range map[float64]int{312.4: 4, 5123456: 7, 0.5: 1, 30000000: 1, 1e9 * (30123456e-9 / 640) * 640: 8} {
		if got := digits(v); got != want {
			t.Errorf("%v: got %d digits, want %d", v, got, want)
		}
	}
}

// Without a curve there is nothing to show; a cancelled context is an error.
func TestNothing(t *testing.T) {
	one := file(t, "one", []byte("BenchmarkX/workers=1 1 100 ns/op\n"))
	if _, problems, err := New(t.Context(), []File{one}); err == nil || len(problems) != 1 {
		t.Errorf("%v, %v", problems, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := New(ctx, []File{file(t, "x", usual(1).text())}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// What a file holds is text on the page, and no HTML.
func TestHostile(t *testing.T) {
	s := usual(1)
	s.cpu = `<script>alert(1)</script>"><b>`
	c := newClass(t, s, usual(2))
	if text := page(t, c, Options{Names: true, Title: "<i>"}); strings.Contains(text, "<script") || strings.Contains(text, "<i>") || strings.Contains(text, "<b>Run <") {
		t.Error("the page has HTML of a file")
	}
}

// The page of 120 runs, from text to HTML: at most two seconds on two processors.
func BenchmarkMerge120(b *testing.B) {
	var texts [][]byte
	for i := range uint64(120) {
		s := usual(i)
		s.cpu = fmt.Sprint("CPU ", i%25)
		texts = append(texts, s.text())
	}
	for b.Loop() {
		var files []File
		for i, text := range texts {
			files = append(files, file(b, fmt.Sprint(i), text))
		}
		c, _, err := New(b.Context(), files)
		if err != nil {
			b.Fatal(err)
		}
		page(b, c, Options{})
	}
}
