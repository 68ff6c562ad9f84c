package browser

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"amdahl/bench/contract"
	"amdahl/results/laws"
	"amdahl/results/report"
	"amdahl/results/words"
)

// The parameters of the reader's curve move by mouse, by keys on the handles, and by
// the sliders beside them; the fit stays as a ghost, and what the curve says follows.
func TestHandles(t *testing.T) {
	b := openPage(t, pageText(t, "", sampleText(false)), "")
	b.click(`[data-focus="own"]`)
	b.click(`[data-focus="law usl"]`)
	read := func(id string) float64 {
		t.Helper()
		v, err := strconv.ParseFloat(b.attribute(fmt.Sprintf(`[data-focus=%q]`, id), "aria-valuenow"), 64)
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		return v
	}
	ghost := b.attribute(".ghost", "d")
	own := b.attribute(".own", "d")
	if ghost == "" || ghost != own {
		t.Errorf("before anything is moved the curve is the fit: %q and %q", own, ghost)
	}
	for _, id := range []string{"speedup sigma", "speedup kappa", "time t1"} {
		handle := fmt.Sprintf(`[data-focus=%q]`, id)
		if role := b.attribute(handle, "role"); role != "slider" {
			t.Fatalf("%s is a %q, want a slider", id, role)
		}
		before, said := read(id), b.text(".reads")
		b.drag(handle, 0, 40)
		dragged := read(id)
		if math.Abs(dragged-before) < 1e-6*math.Abs(before) {
			t.Errorf("%s: dragging left it at %g", id, before)
		}
		if now := b.text(".reads"); id != "time t1" && now == said {
			t.Errorf("%s: what the curve says did not follow the drag: %s", id, now)
		}
		b.focus(handle)
		words := b.attribute(handle, "aria-valuetext")
		b.keys(kb.ArrowUp)
		up := read(id)
		b.keys(kb.PageDown)
		down := read(id)
		if !(up > dragged && down < up) || b.attribute(handle, "aria-valuetext") == words {
			t.Errorf("%s: %g, one up %g, a page down %g, in words %q", id, dragged, up, down, words)
		}
	}
	if now := b.attribute(".own", "d"); now == own || b.attribute(".ghost", "d") != ghost {
		t.Error("the curve should have moved and the ghost stayed")
	}
	b.focus(`[data-focus="speedup kappa"]`)
	b.keys(kb.Home)
	if v := read("speedup kappa"); v != 0 {
		t.Errorf("Home takes κ to %g, want a true 0", v)
	}
	b.focus(`[data-focus="slider sigma"]`)
	b.keys(kb.Home)
	if v := read("speedup sigma"); v != 0 {
		t.Errorf("the slider of σ at its left end gives %g", v)
	}
	if says := b.text(".reads"); !strings.Contains(says, "ceilingnone") {
		t.Errorf("σ = 0 and κ = 0 has no ceiling; the page says %q", says)
	}
	h := b.hash()
	if !regexp.MustCompile(`law=usl&p=0,0&t1=0\.00\d+`).MatchString(h) {
		t.Errorf("the fragment is %s", h)
	}
	b.click(`.own-panel div > .controls:last-child .chip`)
	if now := b.attribute(".own", "d"); now != ghost {
		t.Error("back to the fit: the curve is not the fit")
	}
}

// Every law of the kind of the work can be chosen and moved.
func TestEveryLaw(t *testing.T) {
	b := openPage(t, pageText(t, "", sampleText(false)), "")
	b.click(`[data-focus="own"]`)
	for _, l := range laws.All {
		if len(l.Terms) == 0 || l.Kind == "weak" {
			continue
		}
		b.click(fmt.Sprintf(`[data-focus="law %s"]`, l.Name))
		for _, term := range l.Terms {
			handle := fmt.Sprintf(`[data-focus="speedup %s"]`, term.Name)
			before := b.attribute(handle, "aria-valuetext")
			b.drag(handle, 0, 30)
			if now := b.attribute(handle, "aria-valuetext"); now == before || strings.Contains(now, "NaN") || strings.Contains(now, "—") {
				t.Errorf("%s: %s was %q and is %q after a drag", l.Name, term.Name, before, now)
			}
		}
	}
}

// Without a level or a round the same law is fitted again, as Go fits it.
func TestLeaveOut(t *testing.T) {
	text := sampleText(false)
	as, _ := analysed(t, text)
	fitted := func(levels map[float64]bool, rounds map[int]bool) *laws.Fit {
		c := *as[0].Curve
		c.Points = nil
		for _, p := range as[0].Curve.Points {
			if levels[p.Workers] {
				continue
			}
			q := p
			q.Samples = nil
			for _, s := range p.Samples {
				if !rounds[s.Round] {
					q.Samples = append(q.Samples, s)
				}
			}
			c.Points = append(c.Points, q)
		}
		a, err := laws.Analyze(&c, laws.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Fits {
			if f.Law == laws.USL {
				return f
			}
		}
		t.Fatal("no USL")
		return nil
	}
	b := openPage(t, pageText(t, "", text), "")
	b.click(`[data-focus="own"]`)
	b.click(`[data-focus="law usl"]`)
	check := func(what string, levels map[float64]bool, rounds map[int]bool, unit string) {
		t.Helper()
		f := fitted(levels, rounds)
		said := b.text(".own-panel [role=status]")
		for _, want := range []string{what, "the same law refitted", "there are no intervals", unit, "σ " + words.Number(f.Params[0].Value), "T(1) " + words.Seconds(f.T1.Value)} {
			if !strings.Contains(said, want) {
				t.Errorf("%s: the page says %q, want %q in it", what, said, want)
			}
		}
		if v, _ := strconv.ParseFloat(b.attribute(`[data-focus="speedup sigma"]`, "aria-valuenow"), 64); math.Abs(v-f.Params[0].Value) > 1e-4*f.Params[0].Value+1e-9 {
			t.Errorf("%s: σ is %g, Go's is %g", what, v, f.Params[0].Value)
		}
	}
	b.click(`[data-focus="levels 16"]`)
	check("Without level 16", map[float64]bool{16: true}, nil, "7 whole rounds are the unit")
	b.focus(`[data-focus="rounds 3"]`)
	b.keys(" ")
	check("Without level 16 and round 3", map[float64]bool{16: true}, map[int]bool{3: true}, "6 whole rounds are the unit")
	b.click(`[data-focus="rounds 5"]`)
	check("Without level 16 and rounds 3, 5", map[float64]bool{16: true}, map[int]bool{3: true, 5: true}, "Fewer than six whole rounds")
	again := openPage(t, pageText(t, "", text), b.hash())
	if got, want := again.text(".own-panel [role=status]"), b.text(".own-panel [role=status]"); got != want {
		t.Errorf("the fragment %s gives %q, want %q", b.hash(), got, want)
	}
	for _, l := range []string{"1", "2", "4", "8"} {
		b.click(fmt.Sprintf(`[data-focus="levels %s"]`, l))
	}
	if said := b.text(".own-panel [role=status]"); !strings.Contains(said, "too little is left to fit this law to") {
		t.Errorf("with one level left: %q", said)
	}
}

// The timeline shows the workers of the curve, follows the level that is pointed at,
// and plays.
func TestTimeline(t *testing.T) {
	b := openPage(t, pageText(t, "", sampleText(false)), "")
	b.click(`[data-focus="own"]`)
	said := func() string { return b.text(".timeline .said") }
	if !strings.HasPrefix(said(), "32 workers: ") || !strings.Contains(said(), "of the worker time computes") {
		t.Errorf("at first: %q", said())
	}
	b.focus(`[data-focus="cursor time"]`)
	b.keys(kb.Home + kb.ArrowRight)
	if !strings.HasPrefix(said(), "2 workers: ") {
		t.Errorf("pointing at 2 workers: %q", said())
	}
	b.focus(`[data-focus="workers"]`)
	b.keys(kb.ArrowRight)
	if !strings.HasPrefix(said(), "3 workers: ") || !strings.Contains(b.hash(), "n=3") {
		t.Errorf("one to the right: %q, %s", said(), b.hash())
	}
	if says := b.text(".reads"); !strings.HasPrefix(says, "at 3 workers") {
		t.Errorf("what the curve says is not of 3 workers: %q", says)
	}
	b.axe()
	b.media("", "prefers-color-scheme", "dark", "prefers-reduced-motion", "reduce")
	b.axe()
	b.click(`[data-focus="play"]`)
	if v := b.attribute(".now", "visibility"); v != "hidden" {
		t.Errorf("a reader who wants no motion gets some: %q", v)
	}
	b.media("", "prefers-reduced-motion", "no-preference")
	b.click(`[data-focus="play"]`)
	b.wait(`/translate\([1-9]/.test(document.querySelector('.now').getAttribute('transform'))`)
}

// Where an operation was recorded the page plays that one, also before the reader has a
// curve, and says which level it is of; else it says that what it plays is simulated.
func TestRecordedTimeline(t *testing.T) {
	text := sampleText(false)
	simulated := openPage(t, pageText(t, "", text), "")
	simulated.click(`[data-focus="own"]`)
	if got := simulated.text(".timeline"); !strings.Contains(got, "simulated from your curve") || !strings.Contains(got, "This is simulated, not recorded") {
		t.Errorf("without a trace: %q", got)
	}
	as, set := analysed(t, text)
	task := func(i int, to time.Duration) contract.Task {
		return contract.Task{Index: i, Lane: i, To: to, Stays: []contract.Stay{{State: contract.StateCompute, To: to}}}
	}
	var ops []*contract.Operation
	for _, n := range []int{2, 8} {
		o := &contract.Operation{Workers: n, Time: time.Second / time.Duration(n)}
		o.Case = fmt.Sprintf("%s/workers=%d", as[0].Curve.Name.String(), n)
		for i := range n {
			o.Lanes = append(o.Lanes, contract.Lane{Number: i})
			o.Tasks = append(o.Tasks, task(i, o.Time/time.Duration(1+i%2)))
		}
		ops = append(ops, o)
	}
	var page strings.Builder
	if err := report.Page(&page, as, report.Options{Environment: set.Config, Recorded: ops}); err != nil {
		t.Fatal(err)
	}
	b := openPage(t, page.String(), "")
	said := func() string { return b.text(".timeline") }
	if got := said(); !strings.Contains(got, "Recorded: an operation of 8 workers took 125 ms.") || !strings.Contains(got, "Nothing was recorded with 32 workers: this is with 8.") || strings.Contains(got, "imulated") {
		t.Errorf("at first: %q", got)
	}
	b.focus(`[data-focus="cursor time"]`)
	b.keys(kb.Home + kb.ArrowRight)
	if got := said(); !strings.Contains(got, "Recorded: an operation of 2 workers took 500 ms. Of the time of its lanes 75 % is useful compute") || strings.Contains(got, "Nothing was recorded") {
		t.Errorf("pointing at 2 workers: %q", got)
	}
	if n := eval[int](b, `document.querySelectorAll('.recorded path[class^=cause-]').length`); n < 1 {
		t.Errorf("%d colours are drawn", n)
	}
	b.axe()
	b.media("", "prefers-reduced-motion", "no-preference")
	b.click(`[data-focus="play"]`)
	b.wait(`/translate\([1-9]/.test(document.querySelector('.recorded .now').getAttribute('transform'))`)
	b.click(`[data-focus="own"]`)
	if got := said(); !strings.Contains(got, "Recorded: ") || !strings.Contains(got, "Simulated from your curve:") {
		t.Errorf("with a curve: %q", got)
	}
	b.axe()
}
