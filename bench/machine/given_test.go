package machine

import (
	"strings"
	"testing"
	"time"
)

func TestGiven(t *testing.T) {
	const ms = time.Millisecond
	tests := []struct {
		name  string
		given Given
		want  float64 // -1 is unknown
		quiet bool
		text  string
	}{
		{"all of two", Given{2, 1200, 120 * ms, 119 * ms}, 1.983, true, "2 processors gave 2.0"},
		{"beside a loop", Given{2, 700, 120 * ms, 69 * ms}, 1.15, false, "2 processors gave 1.1"},
		{"at the limit", Given{2, 1000, 100 * ms, 90 * ms}, 1.8, true, "2 processors gave 1.8"},
		{"below the limit", Given{2, 1000, 1000 * ms, 899 * ms}, 1.798, false, "2 processors gave 1.8"},
		{"one thread", Given{1, 600, 60 * ms, 60 * ms}, 1, true, "1 processor gave 1.0"},
		{"a clock that runs ahead", Given{1, 600, 60 * ms, 61 * ms}, 1, true, "1 processor gave 1.0"},
		{"no CPU time", Given{2, 600, 120 * ms, 0}, -1, true, ""},
		{"nothing", Given{}, -1, true, ""},
	}
	for _, tt := range tests {
		got, ok := tt.given.Processors()
		if !ok {
			got = -1
		}
		if d := got - tt.want; d > 1e-3 || d < -1e-3 || tt.given.Quiet() != tt.quiet || tt.given.String() != tt.text {
			t.Errorf("%s: got %v, quiet %v, %q, want %v, %v, %q", tt.name, got, tt.given.Quiet(), &tt.given, tt.want, tt.quiet, tt.text)
		}
	}
}

// A canary keeps every thread busy for its time, and no longer: the form, not
// how much it was given.
func TestCanaries(t *testing.T) {
	g := Canaries(2)
	if g.Threads != 2 || g.Pieces < 2 || g.Wall < 2*CanaryTime {
		t.Errorf("got %+v, want two threads of at least %v each", g, CanaryTime)
	}
}

// The load of a program that has ended is not held against the machine; that of
// one that still runs is.
func TestLoadThatIsOver(t *testing.T) {
	load := 3.0
	o := Observation{Facts: Facts{Allowed: 2, Online: 2}, Start: Snapshot{Load: &load}}
	for _, tt := range []struct {
		name  string
		given *Given
		cost  int
		say   string
	}{
		{"no canary", nil, 2, "load 3.00"},
		{"a canary that does not tell", &Given{Threads: 2, Wall: 1}, 2, "load 3.00"},
		{"free again", &Given{2, 1, 120, 119}, 0, "2 processors gave 2.0"},
		{"still busy", &Given{2, 1, 120, 66}, 2, "2 processors gave 1.1"},
	} {
		o.Given = tt.given
		f, _ := loadCheck(o)
		if line := Judge(o).String(); f.Cost != tt.cost || !strings.Contains(line, tt.say) {
			t.Errorf("%s: costs %d, %q, want %d and %q", tt.name, f.Cost, line, tt.cost, tt.say)
		}
	}
}
