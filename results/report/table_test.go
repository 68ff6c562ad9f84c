package report

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/words"
)

func table(t *testing.T, as []*laws.Analysis, o Options) string {
	t.Helper()
	var b strings.Builder
	if err := Table(&b, as, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTable(t *testing.T) {
	golden(t, "table.golden", table(t, byHand(), Options{}))
	golden(t, "wide.golden", table(t, byHand(), Options{Width: 160, Brief: true, Wide: true, Verbose: true}))
	head, _, _ := strings.Cut(table(t, byHand()[3:4], Options{}), "\n")
	if n := len(strings.Fields(head)); n > 7 {
		t.Errorf("a table for a first reading has %d columns: %s: want at most 7", n, head)
	}
	golden(t, "lone.golden", table(t, byHand()[4:], Options{Width: 100, Brief: true}))
}

// A table keeps to its width, never loses a number, and has no trailing space.
func TestTableWidth(t *testing.T) {
	as := byHand()
	as[4].Curve.Name = results.ParseName(strings.Repeat("LongName", 20))
	least := 0
	for line := range strings.Lines(table(t, as, Options{Width: 1, Brief: true, Wide: true})) {
		if strings.HasPrefix(line, "─") {
			least = words.Width(strings.TrimSpace(line))
		}
	}
	for _, width := range []int{60, 80, 100, 120, 140, 200} {
		got := table(t, as, Options{Width: width, Wide: true})
		for line := range strings.Lines(got) {
			line = strings.TrimSuffix(line, "\n")
			if w := words.Width(line); w > max(width, least) {
				t.Errorf("width %d: a line has %d columns: %q", width, w, line)
			}
			if strings.TrimRight(line, " ") != line {
				t.Errorf("width %d: trailing space: %q", width, line)
			}
		}
		for _, want := range []string{"0.05", "4.62 @ 16", "≥ 50", "6.1 @ 14–17", "< 2e-4", "gustafson"} {
			if !strings.Contains(got, want) {
				t.Errorf("width %d: lost %q", width, want)
			}
		}
	}
}

func TestTableColor(t *testing.T) {
	plain, colored := table(t, byHand(), Options{}), table(t, byHand(), Options{Color: true})
	if strings.Contains(plain, "\x1b") {
		t.Error("escape sequences without Color")
	}
	stripped := regexp.MustCompile("\x1b\\[[0-9]*m").ReplaceAllString(colored, "")
	if colored == stripped {
		t.Error("no escape sequences with Color")
	}
	if d := cmp.Diff(plain, stripped); d != "" {
		t.Errorf("colour changes the text (-plain +coloured):\n%s", d)
	}
}

// Names come from files of unknown origin and go to a terminal.
func TestTableClean(t *testing.T) {
	as := byHand()
	for _, a := range as {
		a.Curve.Name = results.ParseName(a.Curve.Name.String() + "\x1b[31m\n\xff")
		a.Warnings = append(a.Warnings, errors.New("a\x1b[2Jb"))
		a.Diagnosis = append(a.Diagnosis, laws.Finding{Text: "c\x07d"})
	}
	got := table(t, as, Options{})
	if i := strings.IndexFunc(got, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }); i >= 0 {
		t.Errorf("a control character in %q", got[i:])
	}
}

// Equal warnings share a footnote, and the numbers in the rows are the
// numbers below.
func TestFootnotes(t *testing.T) {
	var as []*laws.Analysis
	for i := range 12 {
		a := laws.Measured(curve(fmt.Sprintf("S/strategy=s%02d", i), map[float64]float64{1: 1, 2: 1}), 0)
		a.Warnings = []error{errors.New("shared"), fmt.Errorf("of its own %d", i)}
		as = append(as, a)
	}
	b := newTables(as, Options{})
	if got, want := len(b.Notes), 2+12; got != want {
		t.Errorf("got %d footnotes, want %d: %q", got, want, b.Notes)
	}
	for i, r := range b.Sections[0].Rows {
		var said []string
		for _, n := range r.Notes {
			said = append(said, b.Notes[n-1])
		}
		for _, want := range []string{"shared", fmt.Sprintf("of its own %d", i)} {
			if !strings.Contains(strings.Join(said, "|"), want) {
				t.Errorf("row %d: notes %q lack %q", i, said, want)
			}
		}
	}
}

// A row without a law says what it shows instead, in one footnote.
func TestUnfitted(t *testing.T) {
	tests := []struct {
		times    map[float64]float64
		t1, note string
	}{
		{map[float64]float64{}, words.None, "no measurement that can be used"},
		{map[float64]float64{1: 2}, "2.000 s", "measured at one worker only: T(1) is the median, and there is no law to fit"},
		{map[float64]float64{16: 2}, words.None, "measured at 16 workers only: there is no T(1), no speedup and no law to fit"},
		{map[float64]float64{1: 2, 2: 1}, "2.000 s", "no law fitted: T(1) is the measured median"},
		{map[float64]float64{2: 2, 4: 1}, words.None, "no law fitted, and no level at 1 worker: there is no T(1) and no speedup"},
	}
	for _, tt := range tests {
		a := laws.Measured(curve("A", tt.times), 0)
		a.Warnings = []error{fmt.Errorf("A: %w", laws.ErrOneLevel)}
		b := newTables([]*laws.Analysis{a}, Options{})
		if got := b.Sections[0].Rows[0].Cells[0].Value; got != tt.t1 {
			t.Errorf("%v: T(1) is %q, want %q", tt.times, got, tt.t1)
		}
		if d := cmp.Diff([]string{tt.note}, b.Notes); d != "" {
			t.Errorf("%v: notes (-want +got):\n%s", tt.times, d)
		}
	}
}

func TestTableErrors(t *testing.T) {
	if err := Table(io.Discard, nil, Options{}); !errors.Is(err, ErrNoAnalysis) {
		t.Errorf("no analysis: got error %v, want ErrNoAnalysis", err)
	}
	if err := Table(io.Discard, []*laws.Analysis{nil, {}}, Options{}); !errors.Is(err, ErrNoAnalysis) {
		t.Errorf("empty analyses: got error %v, want ErrNoAnalysis", err)
	}
	full := errors.New("disk full")
	if err := Table(broken{full}, byHand(), Options{}); !errors.Is(err, full) {
		t.Errorf("broken writer: got error %v, want %v", err, full)
	}
}

type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }
