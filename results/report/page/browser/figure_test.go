package browser

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
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
