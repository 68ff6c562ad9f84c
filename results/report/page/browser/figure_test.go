package browser

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"amdahl/results/laws"
	"amdahl/results/words"
)

// A sample tells its value, interval, round and order, by mouse and by keyboard, and
// its level lights up in the other panels and in the bars of lost time.
func TestPoint(t *testing.T) {
	b := openPage(t, pageText(t, "", sampleText(true)), "")
	median := regexp.MustCompile(`fixed at 8 workers: median of 7 samples 1\.\d+ ms \[1\.\d+, 1\.\d+ ms\]|fixed at 8 workers: median of 7 samples .* ms \[.* ms, .* ms\]; speedup 4\.\d+ \[.*\]; efficiency .* %; Karp–Flatt 0\.\d+`)
	// The fourth level of the first series, in the panel of speedups.
	at := eval[[]float64](b, `(() => {
  const svg = document.querySelectorAll('.live-drawing')[1];
  svg.scrollIntoView({block: 'center', behavior: 'instant'});
  const tick = [...svg.querySelectorAll('.tick')].filter((e) => e.textContent === '8' && e.getAttribute('text-anchor') === 'middle')[0].getBoundingClientRect();
  const up = [...svg.querySelectorAll('.tick')].filter((e) => e.textContent === '4' && e.getAttribute('text-anchor') === 'end')[0].getBoundingClientRect();
  return [tick.left + tick.width / 2, up.top + up.height / 2];
})()`)
	b.hover(at[0], at[1]-8)
	if said := b.text(".pointed"); !strings.Contains(said, "at 8 workers") {
		t.Errorf("pointing at 8 workers says %q", said)
	}
	lit := func() (lines, rings int) {
		v := eval[[]int](b, `[document.querySelectorAll('.panel .lit').length, document.querySelectorAll('.stack + .ring').length]`)
		return v[0], v[1]
	}
	if lines, rings := lit(); lines != 2 || rings != 2 {
		t.Errorf("%d panels and %d bars of lost time are lit, want 2 and 2", lines, rings)
	}
	cursor := `[data-focus="cursor time"]`
	b.focus(cursor)
	b.keys(kb.Escape + kb.Home)
	for range 3 {
		b.keys(kb.ArrowRight)
	}
	said := b.attribute(cursor, "aria-valuetext")
	if !median.MatchString(said) || said != b.text(".pointed") && !strings.HasPrefix(b.text(".pointed"), said) {
		t.Errorf("three to the right: %q, and below the figure %q", said, b.text(".pointed"))
	}
	if now := b.attribute(cursor, "aria-valuenow"); now != "4" {
		t.Errorf("the cursor is at %s, want level 4", now)
	}
	rounds := map[string]bool{}
	sample := regexp.MustCompile(`^fixed at 8 workers, sample \d of 7: 1\.\d+ ms, speedup \d\.\d+; round (\d), the (\d+)(st|nd|rd|th) measurement in it\.$`)
	out := ""
	for range 8 {
		b.keys(kb.ArrowUp)
		said := b.attribute(cursor, "aria-valuetext")
		if m := sample.FindStringSubmatch(said); m != nil {
			rounds[m[1]] = true
			if m[2] != "7" {
				t.Errorf("%q: want the 7th measurement, the first series of the fourth level", said)
			}
		} else {
			out = said
		}
	}
	if len(rounds) != 7 || rounds["2"] {
		t.Errorf("the samples are of rounds %v, want all of 8 but 2", rounds)
	}
	if want := regexp.MustCompile(`a sample that does not count: .* round 2, .* left out: `); !want.MatchString(out) {
		t.Errorf("the sample of the spoilt round says %q", out)
	}
	b.keys(kb.PageUp)
	if said := b.attribute(cursor, "aria-valuetext"); !strings.HasPrefix(said, "locked at 8 workers: median") {
		t.Errorf("the other series: %q", said)
	}
	b.keys(kb.Escape)
	if lines, rings := lit(); lines != 0 || rings != 0 {
		t.Errorf("after Escape %d panels and %d bars are lit", lines, rings)
	}
	if h := b.hash(); h != "" {
		t.Errorf("pointing wrote %s into the address", h)
	}
}

// Series, views and axes are switched by mouse and by the space bar; the focus stays
// where it was.
func TestSwitches(t *testing.T) {
	b := openPage(t, pageText(t, "", sampleText(false)), "")
	type shown struct {
		Panels []string
		Marks  int
		Laws   int
	}
	see := func() shown {
		return eval[shown](b, `({Panels: [...document.querySelectorAll('.panel .title')].map((e) => e.textContent), Marks: document.querySelectorAll('.panel:first-child .live-drawing > g > g[transform]').length, Laws: document.querySelectorAll('.panel:first-child .law').length})`)
	}
	before := see()
	if strings.Join(before.Panels, "|") != "time per task (ms)|speedup" || before.Laws != 2 {
		t.Fatalf("at first: %+v", before)
	}
	for name, press := range map[string]func(string){
		"mouse":    b.click,
		"keyboard": func(s string) { b.focus(s); b.keys(" ") },
	} {
		press(`[data-focus="series 1"]`)
		if got := see(); got.Laws != 1 || got.Marks != before.Marks/2 {
			t.Errorf("%s: with a series off: %+v, before %+v", name, got, before)
		}
		if held := eval[string](b, `document.activeElement.getAttribute('data-focus') ?? ''`); held != "series 1" {
			t.Errorf("%s: the focus went to %q", name, held)
		}
		press(`[data-focus="series 1"]`)
		press(`[data-focus="view efficiency"]`)
		press(`[data-focus="view serial"]`)
		press(`[data-focus="view time"]`)
		if got := strings.Join(see().Panels, "|"); got != "speedup|efficiency|Karp–Flatt fraction" {
			t.Errorf("%s: the panels are %s", name, got)
		}
		press(`[data-focus="view time"]`)
		press(`[data-focus="axis x"]`)
		press(`[data-focus="axis y"]`)
		ticks := eval[[]string](b, `[...document.querySelectorAll('.panel:first-child .tick[text-anchor=middle]')].map((e) => e.textContent)`)
		if strings.Contains(strings.Join(ticks, " "), "logarithmic") || !strings.Contains(strings.Join(ticks, " "), "10") {
			t.Errorf("%s: a linear axis of workers has the labels %q", name, ticks)
		}
		if h := b.hash(); !strings.Contains(h, "x=lin") || !strings.Contains(h, "y=lin") || !strings.Contains(h, "view=time,speedup,efficiency,serial") {
			t.Errorf("%s: the fragment is %s", name, h)
		}
		for _, s := range []string{"axis x", "axis y", "view efficiency", "view serial"} {
			press(fmt.Sprintf(`[data-focus=%q]`, s))
		}
		if got := see(); fmt.Sprint(got) != fmt.Sprint(before) {
			t.Errorf("%s: switched back: %+v, before %+v", name, got, before)
		}
	}
	// The last panel and the last series cannot leave an empty figure with an error.
	for _, s := range []string{"view time", "view speedup", "series 0", "series 1"} {
		b.click(fmt.Sprintf(`[data-focus=%q]`, s))
	}
	if got := see(); len(got.Panels) != 1 || got.Marks != 0 {
		t.Errorf("everything off: %+v, want one panel and no marks", got)
	}
}

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

// Where the time went is not known at every level: the nearest one is lit, and that is
// said.
func TestNearestLevel(t *testing.T) {
	text := regexp.MustCompile(`(?m)(workers=8 .* tasks/op) .*$`).ReplaceAllString(sampleText(true), "$1")
	b := openPage(t, pageText(t, "", text), "")
	b.focus(`[data-focus="cursor time"]`)
	b.keys(kb.Home + strings.Repeat(kb.ArrowRight, 3))
	said := b.text(".pointed")
	if !strings.Contains(said, "at 8 workers") || !regexp.MustCompile(`Lost time was recorded at (4|16), not at 8: that level is marked\.`).MatchString(said) {
		t.Errorf("at a level without an account: %q", said)
	}
	if n := eval[int](b, `document.querySelectorAll('.stack + .ring').length`); n != 2 {
		t.Errorf("%d bars are marked, want one of each series", n)
	}
}

// How long the page of the stored run takes until its first figure is live, and a
// move of a handle until it is drawn. Times are printed and not judged.
func TestSpeed(t *testing.T) {
	b := openPage(t, storedPage(), "")
	first := eval[float64](b, `performance.getEntriesByType('navigation')[0].loadEventEnd`)
	b.click(`[data-focus="own"]`)
	move := eval[float64](b, `(() => {
  const slider = document.querySelector('[data-focus="slider sigma"]'), begin = performance.now();
  for (let i = 0; i < 100; i++) {
    slider.value = 50 + i;
    slider.dispatchEvent(new Event('input'));
  }
  document.querySelector('.live-drawing').getBoundingClientRect();
  return (performance.now() - begin) / 100;
})()`)
	t.Logf("loaded after %.0f ms, %.2f ms of script a move", first, move)
}
