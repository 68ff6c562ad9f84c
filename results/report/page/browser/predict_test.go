package browser

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// In predict mode nothing that a reader sees, hears or reads in the tab gives away
// what was measured; see each of the leaks.
func TestPredictLeaks(t *testing.T) {
	text := sampleText(true)
	page := pageText(t, "It is 7.5 times as fast at best", text)
	b := openPage(t, page, "#predict")
	b.wait(`document.querySelector('.predict')`)
	seen := eval[string](b, `document.title + '\n' + document.body.innerText`)
	heard := eval[string](b, `[...document.querySelectorAll('*')].filter((e) => e.checkVisibility() && !e.closest('script, style, head')).flatMap((e) => ['aria-label', 'aria-valuetext', 'aria-valuenow', 'title', 'alt'].map((a) => e.getAttribute(a))).filter(Boolean).join('\n')`)
	for leak, pattern := range map[string]string{
		"the number of the card":       `(?i)use \d+ worker|^\d+$\s*workers`,
		"the sentence of the card":     `times as fast as one \(|workers are .* times`,
		"the title":                    `7\.5 times`,
		"the table":                    `σ\s+max|fixed\s+5\.\d+ ms`,
		"the sentences":                `is done by one worker at a time|overhead`,
		"the chosen law":               `(?i)amdahl's law|universal scalability|\(chosen\)|\busl\b`,
		"the notes":                    `whole rounds|fitted to log time`,
		"the samples":                  `median of|sample \d of`,
		"where the worker time went":   `useful compute|serial part.*%`,
		"the speedup in a drawing":     `speedup \d`,
		"a time":                       `\d (ms|µs)\b`,
		"the sentence of growing work": `Growing work:`,
	} {
		for what, text := range map[string]string{"seen": seen, "heard": heard} {
			if m := regexp.MustCompile("(?m)" + pattern).FindString(text); m != "" {
				t.Errorf("%s can be %s: %q", leak, what, m)
			}
		}
	}
	if title := eval[string](b, "document.title"); title != "Predict first" {
		t.Errorf("the title of the tab is %q", title)
	}
	for what, selector := range map[string]string{"a static drawing": "svg.drawing", "a ghost": ".ghost", "a law": ".law", "samples": ".dots", "a table": "table", "a picture of a card": ".picture svg", "bars": ".stack"} {
		if n := eval[int](b, fmt.Sprintf(`[...document.querySelectorAll(%q)].filter((e) => e.checkVisibility()).length`, selector)); n > 0 {
			t.Errorf("%s can be seen in predict mode", what)
		}
	}

	// Where the curve begins and how far the axes go depend on the levels alone.
	sketch := func(b *tab) string {
		return eval[string](b, `JSON.stringify([document.querySelector('.predict .own').getAttribute('d'), [...document.querySelectorAll('.predict .tick')].map((e) => e.textContent), [...document.querySelectorAll('.predict .knob')].map((e) => e.getAttribute('transform'))])`)
	}
	flat := regexp.MustCompile(`\d+ ns/op`).ReplaceAllString(text, "5000000 ns/op")
	other := openPage(t, pageText(t, "", flat), "#predict")
	other.wait(`document.querySelector('.predict')`)
	if a, z := sketch(b), sketch(other); a != z {
		t.Errorf("the empty figure differs between work that scales and work that does not:\n%s\n%s", a, z)
	}
	b.axe()
	b.picture("predict", 1400, 1400)
}

// A prediction is drawn or typed, by mouse and by keys, and then compared in words.
func TestPredict(t *testing.T) {
	page := pageText(t, "", sampleText(false))
	b := openPage(t, page, "")
	b.click(`.toolbar .controls:last-child .chip:last-child`)
	b.wait(`document.querySelector('.predict')`)
	if h := b.hash(); !strings.Contains(h, "&predict") {
		t.Errorf("the fragment is %s", h)
	}
	first, last := `[data-focus="guess 2"]`, `[data-focus="guess 32"]`
	before := b.attribute(last, "aria-valuenow")
	b.drag(last, 0, -30)
	if b.attribute(last, "aria-valuenow") == before {
		t.Error("dragging moved nothing")
	}
	b.focus(first)
	b.keys(kb.End)
	if v := b.attribute(first, "aria-valuenow"); v != "2" {
		t.Errorf("End takes 2 workers to %s, want the ideal 2", v)
	}
	b.focus(`.fields label:nth-child(3) input`) // 8 workers
	b.keys("\x01")
	eval[bool](b, `(document.activeElement.value = '') === ''`)
	b.keys("4.6" + kb.Enter)
	if v := b.attribute(`[data-focus="guess 8"]`, "aria-valuenow"); v != "4.6" {
		t.Errorf("4.6 was typed for 8 workers, and the point is at %s", v)
	}
	h := b.hash()
	if !strings.Contains(h, "8:4.6") || !strings.Contains(h, "2:2") {
		t.Errorf("the fragment is %s", h)
	}
	b.click(`[data-focus="compare"]`)
	verdict := b.text(".verdict")
	if !regexp.MustCompile(`Your curve is off by a factor of \d`).MatchString(verdict) || !strings.Contains(verdict, "At 8 workers you said 4.6; measured 4.") || !strings.Contains(verdict, "within 5 %") && !strings.Contains(verdict, "inside the interval") {
		t.Errorf("compared: %q", verdict)
	}
	if n := eval[int](b, `[...document.querySelectorAll('.part.revealed table')].filter((e) => e.checkVisibility()).length`); n == 0 {
		t.Error("after comparing, the tables of the figure are not shown")
	}
	b.axe()
	again := openPage(t, page, h)
	again.wait(`document.querySelector('.predict')`)
	if v := again.attribute(`[data-focus="guess 8"]`, "aria-valuenow"); v != "4.6" {
		t.Errorf("the fragment gives %s for 8 workers", v)
	}
	again.click(".banner .chip")
	if shown := eval[bool](again, `document.querySelector('.says').checkVisibility() && !document.querySelector('.banner') && document.title === 'How it scales'`); !shown {
		t.Error("show everything: not everything is shown")
	}
}

// Whatever stands in a fragment, the page shows something and nothing is thrown;
// unknown names of laws, views and series are ignored, also those that every object
// has.
func TestFragments(t *testing.T) {
	page := pageText(t, "", sampleText(true))
	b := openPage(t, page, "")
	id := eval[string](b, `JSON.parse(document.getElementById('data').textContent).groups[0].id`)
	keys := []string{"g=" + id, "g=__proto__", "g=", "predict", "s=fixed", "s=locked", "s=constructor", "s=%", "s=%E0%A4%A", "off=fixed,locked", "off=toString", "view=time", "view=__proto__,speedup", "view=hasOwnProperty", "view=", "x=lin", "x=valueOf", "y=lin",
		"law=amdahl", "law=usl", "law=bottleneck", "law=convoy", "law=log", "law=gustafson", "law=ideal", "law=__proto__", "law=constructor", "p=0.1", "p=0.1,0.001", "p=NaN", "p=Infinity,1", "p=-1", "p=1e308,1e308", "t1=0.01", "t1=1e999", "t1=-3",
		"levels=1,2", "levels=1,2,4,8,16,32", "levels=x", "rounds=1,3,4", "rounds=1,3,4,5,6,7,8", "n=3", "n=1e9", "n=-1", "guess=2:1.5,8:3", "guess=2:0", "guess=a:b,32:1e9", "=", "&", "%%%"}
	rng := rand.New(rand.NewPCG(16, 6))
	for i := range 80 {
		parts := []string{"g=" + id}
		for range rng.IntN(8) {
			parts = append(parts, keys[rng.IntN(len(keys))])
		}
		if i%5 == 0 {
			parts = parts[1:]
		}
		fragment := "#" + strings.Join(parts, "&")
		if !eval[bool](b, fmt.Sprintf(`new Promise((done) => { location.hash = ''; location.hash = %q; setTimeout(() => done(document.querySelector('.explorer').childElementCount > 0), 0); })`, fragment)) {
			t.Errorf("%s: the figure is empty", fragment)
		}
	}
	b.check() // nothing was thrown
	eval[bool](b, `(location.hash = '#g=`+id+`&s=locked&view=speedup&x=lin&y=log&law=usl&p=0.2,0.003&t1=0.006&levels=4&n=5') !== ''`)
	b.wait(`document.querySelector('.own-panel')`)
	b.focus(`[data-focus="slider sigma"]`)
	b.keys(kb.ArrowRight)
	if h := b.hash(); !strings.HasPrefix(h, "#g="+id+"&s=locked&view=speedup&x=lin&y=log&law=usl&p=0.2") || !strings.Contains(h, "&t1=0.006&levels=4&n=5") {
		t.Errorf("the state was written as %s", h)
	}
}
