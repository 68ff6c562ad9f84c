package report

import (
	"strings"
	"testing"

	"amdahl/results"
	"amdahl/results/groups"
	"amdahl/results/laws"
)

// secondsAt are the median times of a series by workers.
type secondsAt = map[float64]float64

func TestAnswer(t *testing.T) {
	of := func(name string, at secondsAt) *laws.Analysis { return laws.Measured(curve(name, at), 0) }
	weak := func(name string, at secondsAt) *laws.Analysis {
		a := of(name, at)
		a.Curve.Kind = results.Weak
		return a
	}
	given := func(name string, at secondsAt) *laws.Analysis { // times over that at one worker
		c := curve(name, at)
		c.Relative = true
		return laws.Measured(c, 0)
	}
	advised := of("S/workload=w/strategy=a", secondsAt{1: 8, 2: 4, 4: 2, 8: 1.9})
	advised.PoolSize, advised.Verdict = &laws.PoolSize{N: 5, Speedup: 4.1}, laws.LawChosen
	none := of("S/workload=w/strategy=a", secondsAt{1: 8, 2: 4, 4: 2, 8: 1.9})
	none.PoolSize, none.Verdict = &laws.PoolSize{N: 4, Speedup: 4, Measured: true}, laws.NoneFits
	busy := of("S/workload=w/strategy=busy", secondsAt{1: 8, 2: 1})
	busy.Verdict = laws.TooFewSoundRounds
	busy.Curve.Rounds = results.Rounds{Total: 8, Kept: 2, LeftOut: []results.LeftOut{{Rounds: []int{1, 2, 3, 4, 5, 6}, Why: results.OtherPrograms}}}
	for _, tt := range []struct {
		name  string
		as    []*laws.Analysis
		pool  int
		sound bool
		want  string
	}{
		{"advised", []*laws.Analysis{advised}, 5, true, "5 workers are 4.1 times as fast as one, by its law."},
		{"no law fits", []*laws.Analysis{none}, 4, true, "4 workers are 4 times as fast as one. No law fits."},
		{"the fastest counts, not the one that gains most", []*laws.Analysis{of("S/workload=w/strategy=a", secondsAt{1: 8, 2: 4}), of("S/workload=w/strategy=b", secondsAt{1: 3, 2: 2})}, 2, true,
			"2 workers are 1.5 times as fast as one (b). 2 levels cannot check a law."},
		{"slower series are named", []*laws.Analysis{of("S/workload=w/strategy=a", secondsAt{1: 8, 2: 4}), of("S/workload=w/strategy=b", secondsAt{1: 8, 2: 10})}, 2, true,
			"2 workers are 2 times as fast as one (a). Slower with more workers: b (0.8 times at 2). 2 levels cannot check a law."},
		{"slower", []*laws.Analysis{of("S/workload=w", secondsAt{1: 8, 2: 10})}, 1, true, "More workers make it slower: 2 workers are 0.8 times as fast as one. 2 levels cannot check a law."},
		{"nothing gained", []*laws.Analysis{of("S/workload=w", secondsAt{1: 8, 2: 7.9})}, 1, true, "More workers bring nothing: at most 1.01 times as fast as one. 2 levels cannot check a law."},
		{"growing work", []*laws.Analysis{weak("W/workload=w", secondsAt{1: 8, 2: 4.2})}, 2, true, "2 workers do 1.9 times as much in the same time as one. 2 levels cannot check a law."},
		{"one level", []*laws.Analysis{of("S/workload=w/strategy=a", secondsAt{1: 8e-6}), of("S/workload=w/strategy=b", secondsAt{1: 5e-6})}, 0, true, "Fastest of 2: b, 5.000 µs a task."},
		{"one worker", []*laws.Analysis{of("S/workload=w", secondsAt{1: 5e-6})}, 0, true, "Only one worker was measured, so there is no speedup: 5.000 µs a task."},
		{"not one worker", []*laws.Analysis{of("S/workload=w", secondsAt{2: 4e-6, 4: 2e-6})}, 0, true, "One worker alone was not measured, so there is no speedup: 2.000 µs a task with 4 workers."},
		{"given speedups", []*laws.Analysis{given("S/workload=w", secondsAt{2: 0.55, 4: 0.3})}, 4, true, "4 workers are 3.33 times as fast as one. 2 levels cannot check a law."},
		{"one given speedup", []*laws.Analysis{given("S/workload=w", secondsAt{4: 0.4})}, 0, true, "Only 4 workers were measured: 2.5 times as fast as one worker."},
		{"real processors before slow ones", []*laws.Analysis{of("S/workload=w/strategy=a/cores=slow32", secondsAt{1: 8, 2: 4, 4: 2}), of("S/workload=w/strategy=a/cores=real", secondsAt{1: 1, 2: 0.8})}, 2, true,
			"2 workers are 1.25 times as fast as one (real). 2 levels cannot check a law."},
		{"not sound beside a sound one", []*laws.Analysis{advised, busy}, 5, true, "5 workers are 4.1 times as fast as one, by its law (a). Not sound, and not counted: busy."},
		{"not sound", []*laws.Analysis{busy}, 0, false, "Only 2 of 8 rounds got the processors that it needs (other programs): nothing is fitted."},
	} {
		got := answerOf(groups.New(tt.as))
		if got.Pool != tt.pool || got.Sound != tt.sound || !strings.HasPrefix(got.Text, tt.want) || tt.sound && got.Text != tt.want {
			t.Errorf("%s: got %d workers, sound %t, %q; want %d, %t, %q", tt.name, got.Pool, got.Sound, got.Text, tt.pool, tt.sound, tt.want)
		}
	}
}

// The same work that is fixed and that grows is one topic; topics are sorted by gain,
// and those without a sound answer come last.
func TestTopics(t *testing.T) {
	weak := laws.Measured(curve("Weak/workload=hash/serial=0.1/strategy=a", secondsAt{1: 8, 2: 1}), 0)
	weak.Curve.Kind = results.Weak
	busy := laws.Measured(curve("Strong/workload=busy/serial=0.1/strategy=a", secondsAt{1: 8, 2: 1}), 0)
	busy.Verdict = laws.TooFewSoundRounds
	as := []*laws.Analysis{
		busy,
		laws.Measured(curve("Strong/workload=hash/serial=0.1/strategy=a", secondsAt{1: 8, 2: 5}), 0),
		weak,
		laws.Measured(curve("Strong/workload=counter/variant=line/serial=0.1/strategy=a", secondsAt{1: 8, 2: 4}), 0),
		laws.Measured(curve("Other/x=1", secondsAt{1: 8, 2: 6}), 0),
		laws.Measured(curve("Strong/workload=hash/serial=0.5/strategy=a", secondsAt{1: 8, 2: 7}), 0),
	}
	var got []string
	for _, topic := range topicsOf(groups.Of(as)) {
		var kinds []string
		for _, a := range topic.Answers {
			kinds = append(kinds, string(a.Kind))
		}
		got = append(got, topic.Title+": "+strings.Join(kinds, " and "))
	}
	want := "counter (line): strong\nStrong/workload=hash/serial=0.1/strategy=a: strong and weak\nOther/x=1: strong\nStrong/workload=hash/serial=0.5/strategy=a: strong\nbusy: strong"
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("got\n%s\nwant\n%s", s, want)
	}
}

// Series without sound rounds show their verdict, and no number as if it were one.
func TestUnsoundPage(t *testing.T) {
	busy := laws.Measured(curve("Strong/workload=hash/strategy=busy", secondsAt{1: 0.31, 2: 0.17}), 0)
	busy.Curve.Rounds = results.Rounds{Total: 8, Kept: 2, LeftOut: []results.LeftOut{{Rounds: []int{1, 2, 3, 4, 5, 6}, Why: results.OtherPrograms}}}
	busy.Verdict = laws.TooFewSoundRounds
	busy.Diagnosis = []laws.Finding{{Code: string(laws.TooFewSoundRounds), Text: laws.Unsound(busy.Curve)}}
	page := html(t, []*laws.Analysis{busy}, Options{})
	for _, want := range []string{"Not sound.", "Only 2 of 8 rounds got the processors", "cannot tell", "answer-card doubt"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	body, _, _ := strings.Cut(page[strings.Index(page, "<body>"):], `<script type="module">`)
	for _, number := range []string{"310.0 ms", "170.0 ms", "1.82", "0.31", "0.17", "<svg class=\"drawing\" "} {
		if strings.Contains(body, number) {
			t.Errorf("the page shows %q of a series that is not sound", number)
		}
	}
}

func TestGrade(t *testing.T) {
	for said, want := range map[string]string{"environment D: 2 of 2 CPUs": "D", "environment A": "A", "environment Excellent": "", "environment ": "", "": "", "grade B": ""} {
		if got := grade(&results.Run{Grade: said}); got != want {
			t.Errorf("%q: got %q, want %q", said, got, want)
		}
	}
	if got := grade(nil); got != "" {
		t.Errorf("no run: got %q", got)
	}
}

// What speaks for an answer is the rounds that count, what the processors gave, and
// how far samples spread.
func TestBelief(t *testing.T) {
	a := laws.Measured(curve("A/strategy=a", secondsAt{1: 8, 2: 4}), 0)
	if got, want := belief(groups.New([]*laws.Analysis{a})), "no rounds are known; the state of the machine was not recorded"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	b := laws.Measured(curve("A/strategy=b", secondsAt{1: 8, 2: 4}), 0)
	a.Curve.Rounds, b.Curve.Rounds = results.Rounds{Total: 8, Kept: 6}, results.Rounds{Total: 8, Kept: 8}
	a.Curve.Gave, b.Noise = &results.Gave{Threads: 2, First: 2, Last: 1.9, Least: 1.8}, ptr(0.031)
	if got, want := belief(groups.New([]*laws.Analysis{a, b})), "6 to 8 of 8 rounds count; 2 processors gave at least 1.8; samples spread by up to 3.1 %"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
