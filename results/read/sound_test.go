package read

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"amdahl/results"
)

// A taken is one sample as a driver writes it, of one operation: what it took and
// was given, in ms.
type taken struct {
	round, workers           int
	wall, cpu, delay, others float64
	stolen, throttled        float64
	silent                   bool    // no run delay
	canary                   float64 // before it: processors given of 2; 0 is none
}

// text is benchmark text of a machine with two processors.
func driven(samples []taken) string {
	var b strings.Builder
	b.WriteString("cpu-count: 2\ncanary-threads: 2\n")
	round := 0
	for _, s := range samples {
		if s.round != round {
			round = s.round
			fmt.Fprintf(&b, "round: %d\n", round)
		}
		if s.canary > 0 {
			fmt.Fprintf(&b, "canary: true\nBenchmarkCanary 1000 100000 ns/op %.0f cpu-ns/op\ncanary:\n", 1e5*s.canary/2)
		}
		if s.workers == 0 {
			continue
		}
		fmt.Fprintf(&b, "BenchmarkA/workers=%d-2 10 %.0f ns/op %.0f cpu-ns/op", s.workers, s.wall*1e5, s.cpu*1e5)
		if !s.silent {
			fmt.Fprintf(&b, " %.0f run-delay-ns/op %.0f others-ns/op", s.delay*1e5, s.others*1e5)
		}
		if s.stolen > 0 {
			fmt.Fprintf(&b, " %.0f stolen-ns/op", s.stolen*1e5)
		}
		if s.throttled > 0 {
			fmt.Fprintf(&b, " %.0f throttled-ns/op", s.throttled*1e5)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// takenPairs repeats two levels in rounds from 1 on.
func takenPairs(n int, one, two taken) (list []taken) {
	for r := 1; r <= n; r++ {
		one.round, two.round, one.workers, two.workers = r, r, 1, 2
		list = append(list, one, two)
	}
	return list
}

func TestSound(t *testing.T) {
	quiet1, quiet2 := taken{wall: 300, cpu: 300, delay: 2}, taken{wall: 155, cpu: 302, delay: 8, others: 6}
	loop1, loop2 := taken{wall: 330, cpu: 300, delay: 30, others: 310}, taken{wall: 300, cpu: 300, delay: 290, others: 295}
	with := func(s taken, change func(*taken)) taken { change(&s); return s }
	some := func(n int, bad ...int) []taken { // the loop runs in these rounds only
		list := takenPairs(n, quiet1, taken{wall: 310, cpu: 610, delay: 8, others: 6})
		for i := range list {
			if slices.Contains(bad, list[i].round) {
				r := list[i].round
				list[i] = loop1
				list[i].round, list[i].workers = r, 1
				if i%2 == 1 {
					list[i] = loop2
					list[i].round, list[i].workers = r, 2
				}
			}
		}
		return list
	}
	silent := func(list []taken, before, after float64) []taken {
		for i := range list {
			list[i].silent, list[i].others, list[i].delay = true, 0, 0
		}
		list[0].canary = before
		return append(list, taken{round: list[len(list)-1].round, canary: after})
	}
	long1, long2 := with(quiet1, func(s *taken) {}), with(quiet2, func(s *taken) { s.wall, s.cpu = 310, 610 })
	tests := []struct {
		name    string
		samples []taken
		kept    int
		why     results.Reason
	}{
		{"quiet", takenPairs(8, quiet1, long2), 8, ""},
		{"a steady loop, in all rounds", takenPairs(8, loop1, loop2), 0, results.OtherPrograms},
		{"a loop that comes and goes", some(8, 2, 3, 6), 5, results.OtherPrograms},
		{"its own queue after a wake-up, and nobody else", takenPairs(8, long1, with(long2, func(s *taken) { s.delay = 90 })), 8, ""},
		{"delay, and nothing known of others", takenPairs(8, with(long1, func(s *taken) { s.delay = 100 }), long2), 8, ""},
		{"waits, beside a loop", takenPairs(8, taken{wall: 400, cpu: 4, delay: 3, others: 400}, taken{wall: 300, cpu: 4, delay: 5, others: 300}), 8, ""},
		{"waits for long because of others", takenPairs(8, taken{wall: 400, cpu: 4, delay: 3, others: 400}, taken{wall: 300, cpu: 4, delay: 50, others: 300}), 0, results.OtherPrograms},
		{"the quota is used up", takenPairs(8, quiet1, with(long2, func(s *taken) { s.throttled = 90 })), 0, results.QuotaUsedUp},
		{"the host lets others run", takenPairs(8, with(long1, func(s *taken) { s.stolen = 40 }), long2), 0, results.HostStole},
		{"the host takes from others, beside work that waits", takenPairs(8, taken{wall: 215, cpu: 5, delay: 3, others: 320, stolen: 60}, taken{wall: 110, cpu: 5, delay: 3, others: 160, stolen: 30}), 8, ""},
		{"the host takes from work that computes alone", takenPairs(8, taken{wall: 300, cpu: 240, delay: 2, others: 6, stolen: 60}, long2), 0, results.HostStole},
		{"a little is stolen", takenPairs(8, with(long1, func(s *taken) { s.stolen = 10 }), long2), 8, ""},
		{"short samples are joined, and one of them is an outlier", takenPairs(8, taken{wall: 50, cpu: 50, delay: 1}, taken{wall: 50, cpu: 90, delay: 5, others: 1}), 8, ""},
		{"many rounds with others: the rest must have none", append(some(4, 1, 2, 3), takenPairs(6, quiet1, with(long2, func(s *taken) { s.others = 60 }))[8:]...), 1, results.OtherPrograms},
		{"few rounds with others: the rest may", append(some(8, 1)[:16], with(with(quiet1, func(s *taken) { s.others = 60 }), func(s *taken) { s.round, s.workers = 9, 1 })), 8, results.OtherPrograms},

		{"canaries alone: quiet", silent(takenPairs(8, quiet1, long2), 1.95, 1.9), 8, ""},
		{"canaries alone: busy before", silent(takenPairs(8, quiet1, long2), 1.2, 1.95), 0, results.NoProcessor},
		{"canaries alone: busy after", silent(takenPairs(8, quiet1, long2), 1.95, 1.2), 0, results.NoProcessor},
		{"canaries alone: busy, and it waits", silent(takenPairs(8, taken{wall: 400, cpu: 4}, taken{wall: 300, cpu: 4}), 1.2, 1.2), 8, ""},
		{"run delay is known: canaries do not matter", append([]taken{{round: 1, canary: 1.2}}, takenPairs(8, quiet1, long2)...), 8, ""},
	}
	for _, tt := range tests {
		s, err := read(t, driven(tt.samples), Options{})
		if err != nil || len(s.Problems) > 0 {
			t.Fatal(tt.name, err, s.Problems)
		}
		c := s.Curves[0]
		var why []results.Reason
		for _, l := range c.Rounds.LeftOut {
			why = append(why, l.Why)
		}
		want := []results.Reason(nil)
		if tt.why != "" {
			want = []results.Reason{tt.why}
		}
		if c.Rounds.Kept != tt.kept || !slices.Equal(why, want) || len(c.Warnings) != len(want) {
			t.Errorf("%s: kept %d of %d rounds, left out %+v, want %d, %q", tt.name, c.Rounds.Kept, c.Rounds.Total, c.Rounds.LeftOut, tt.kept, tt.why)
		}
		if tt.kept > 0 && len(c.Points[0].Samples) != tt.kept {
			t.Errorf("%s: %d samples at one worker, want %d", tt.name, len(c.Points[0].Samples), tt.kept)
		}
	}
}

// Each curve is judged for itself: of two in the same rounds, one computes and one
// waits.
func TestSoundByCurve(t *testing.T) {
	text := driven(takenPairs(6, taken{wall: 330, cpu: 300, delay: 30, others: 310}, taken{wall: 300, cpu: 300, delay: 290, others: 295}))
	waits := strings.ReplaceAll(driven(takenPairs(6, taken{wall: 400, cpu: 4, others: 380}, taken{wall: 300, cpu: 4, others: 280})), "BenchmarkA", "BenchmarkWaits")
	s, err := read(t, text+waits, Options{})
	if err != nil || len(s.Curves) != 2 {
		t.Fatal(err, len(s.Curves))
	}
	if a, w := s.Curves[0].Rounds, s.Curves[1].Rounds; a.Kept != 0 || w.Kept != 6 {
		t.Errorf("kept %d and %d rounds, want 0 and 6", a.Kept, w.Kept)
	}
}

// What the processors gave reaches the curve: at the begin, at the end, and at worst.
func TestGave(t *testing.T) {
	list := takenPairs(3, taken{wall: 300, cpu: 300}, taken{wall: 150, cpu: 300})
	list[0].canary, list[2].canary, list[4].canary = 2, 1.2, 1.4
	s, err := read(t, driven(append(list, taken{round: 3, canary: 1.8})), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if g := s.Curves[0].Gave; g == nil || *g != (results.Gave{Threads: 2, First: 2, Last: 1.8, Least: 1.2}) || !g.Busy() {
		t.Errorf("got %+v, want 2, 1.8 and at worst 1.2 of 2", g)
	}
	if s, err := read(t, rounds(3, ""), Options{}); err != nil || s.Curves[0].Gave != nil {
		t.Errorf("canaries without CPU time: got %+v, %v, want nothing", s.Curves[0].Gave, err)
	}
}
