package browser

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// The page of the stored run says nothing on the console and requests nothing; each
// tab of this package checks that when it ends. It is small, and its figures come to
// life only near the window.
func TestStoredPage(t *testing.T) {
	page := storedPage()
	if n, most := len(page), 1_100_000; n > most {
		t.Errorf("the page has %d bytes, want at most %d", n, most)
	}
	b := openPage(t, page, "")
	nodes := eval[int](b, `document.querySelectorAll('*').length`)
	live := eval[int](b, `document.querySelectorAll('.part.live').length`)
	t.Logf("%d bytes, %d nodes, %d figures live", len(page), nodes, live)
	if nodes > 14_000 {
		t.Errorf("the page has %d nodes when it opens, want at most 14000", nodes)
	}
	if live > 3 {
		t.Errorf("%d figures are live when the page opens, want those near the window", live)
	}
	eval[bool](b, `(async () => { for (const p of document.querySelectorAll('.part')) { p.scrollIntoView({behavior: 'instant'}); await new Promise((d) => requestAnimationFrame(() => setTimeout(d, 20))); } return true; })()`)
	b.wait(`document.querySelectorAll('.part.live').length === document.querySelectorAll('.part').length`)
	if n := eval[int](b, `document.querySelectorAll('*').length`); n > 30_000 {
		t.Errorf("the page has %d nodes when all figures are live, want at most 30000", n)
	}
	b.axe()
	for _, shot := range []struct {
		name, scheme  string
		width, height int64
	}{{"wide-light", "light", 1400, 2600}, {"wide-dark", "dark", 1400, 2600}, {"narrow-light", "light", 360, 6000}, {"narrow-dark", "dark", 360, 6000}} {
		b.media("", "prefers-color-scheme", shot.scheme, "prefers-reduced-motion", "reduce")
		eval[bool](b, "scrollTo(0, 0) || true")
		b.picture("stored-"+shot.name, shot.width, shot.height)
	}
}

// The policy of the page is in force: neither a script nor a style that is not its own
// is taken.
func TestPolicyInForce(t *testing.T) {
	b := openPage(t, pageText(t, "", sampleText(false)), "")
	b.maySay("Content Security Policy")
	got := eval[[]bool](b, `(() => {
  const script = document.createElement('script');
  script.textContent = 'window.taken = true';
  document.body.append(script);
  const p = document.createElement('p');
  p.setAttribute('style', 'color: rgb(1, 2, 3)');
  document.body.append(p);
  return [window.taken === true, getComputedStyle(p).color === 'rgb(1, 2, 3)'];
})()`)
	if got[0] || got[1] {
		t.Errorf("a script was taken: %t, a style: %t; want neither", got[0], got[1])
	}
}

// Without script everything is there.
func TestWithoutScript(t *testing.T) {
	page := pageText(t, "A title", sampleText(true))
	for _, fragment := range []string{"", "#predict"} {
		b := newTab(t)
		if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
			t.Fatal(err)
		}
		b.openText(page, fragment)
		b.seesAll(fragment)
	}
}

// A script that the browser refuses or that fails leaves the page as Go wrote it, also
// where the address asks for a prediction.
func TestBrokenScript(t *testing.T) {
	page := pageText(t, "A title", sampleText(true))
	for name, broken := range map[string]string{
		"no data": strings.Replace(page, `id="data"`, `id="gone"`, 1),
		"refused": strings.Replace(page, `<script type="module">`, `<script type="module">;`, 1),
	} {
		b := newTab(t)
		b.maySay("Content Security Policy|integrity")
		b.openText(broken, "#predict")
		b.wait(`document.readyState === 'complete' && !document.documentElement.classList.contains('predicting')`)
		b.seesAll(name)
	}
}

// seesAll fails the test unless a reader sees all that Go wrote: answer, drawings,
// sentences and tables.
func (b *tab) seesAll(what string) {
	b.t.Helper()
	b.viewport(1200, 10_000) // what is far below the window is not drawn, and innerText leaves it out
	b.wait(`document.body.innerText.includes('About 10')`)
	seen := eval[string](b, `document.body.innerText`)
	for _, want := range []string{"A title", "times as fast as one", "About 10", "measured 2026-11-20", "environment B", "amdahl run ./example"} {
		if !strings.Contains(strings.ToLower(seen), strings.ToLower(want)) {
			b.t.Errorf("%s: the reader does not see %q", what, want)
		}
	}
	if n := eval[int](b, `[...document.querySelectorAll('svg.drawing[role=img]')].filter((s) => s.getBoundingClientRect().width > 200).length`); n < 4 {
		b.t.Errorf("%s: %d drawings can be seen, want two of scaling and two of lost time", what, n)
	}
}

// On 360 pixels nothing makes the page scroll sideways, and letters in drawings keep
// their size.
func TestNarrow(t *testing.T) {
	b := openPage(t, storedPage(), "")
	b.viewport(360, 800)
	b.wait(`document.querySelector('.live-drawing').getBoundingClientRect().width < 360`)
	if w := eval[int](b, `document.documentElement.scrollWidth`); w > 360 {
		t.Errorf("the page is %d pixels wide on 360, for %s", w, eval[string](b, `[...document.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > 361 && !e.closest('.scroll')).slice(0, 8).map((e) => e.tagName + '.' + (e.getAttribute('class') ?? '') + ' ' + Math.round(e.getBoundingClientRect().right)).join(', ')`))
	}
	if size := eval[string](b, `getComputedStyle(document.querySelector('.live-drawing .tick')).fontSize`); size != "12px" {
		t.Errorf("letters in a drawing have %s, want 12px", size)
	}
	if k := eval[float64](b, `(() => { const s = document.querySelector('.live-drawing'); return s.getBoundingClientRect().width / s.viewBox.baseVal.width; })()`); math.Abs(k-1) > 0.02 {
		t.Errorf("a drawing is shrunk to %.2f of its size", k)
	}
}

// On paper everything is open, and nothing that can only be clicked is printed.
func TestPrint(t *testing.T) {
	b := openPage(t, pageText(t, "", sampleText(true)), "")
	b.click(`[data-focus="own"]`)
	b.media("print")
	if n := eval[int](b, `[...document.querySelectorAll('.toolbar, .own-panel, .knob, nav')].filter((e) => e.getBoundingClientRect().width > 0).length`); n > 0 {
		t.Errorf("%d controls are printed", n)
	}
	if n := eval[int](b, `[...document.querySelectorAll('details table')].filter((e) => e.getBoundingClientRect().height === 0).length`); n > 0 {
		t.Errorf("%d folded tables are not printed", n)
	}
}

// Two thousand points are a few hundred elements.
func TestManyPoints(t *testing.T) {
	var text strings.Builder
	for round := 1; round <= 50; round++ {
		fmt.Fprintf(&text, "round: %d\n", round)
		for n := 1; n <= 40; n++ {
			fmt.Fprintf(&text, "BenchmarkMany/workers=%d 10 %.3f ns/op\n", n, 1e6*(0.05+0.95/float64(n))*(1+0.03*math.Sin(float64(n*round))))
		}
	}
	page := pageText(t, "", text.String())
	b := openPage(t, page, "")
	b.click(`[data-focus="own"]`)
	drawn := eval[int](b, `document.querySelector('.live-drawing').querySelectorAll('*').length`)
	all := eval[int](b, `document.querySelectorAll('*').length`)
	t.Logf("%d bytes, %d nodes, %d in the first drawing", len(page), all, drawn)
	if drawn > 400 || all > 3500 || len(page) > 220_000 {
		t.Errorf("2000 points: %d bytes, %d nodes, %d in a drawing; want at most 220000, 3500, 400", len(page), all, drawn)
	}
}

// Names come from files of unknown origin.
func TestHostileNames(t *testing.T) {
	const evil = `"'><script>document.title=1;<!--<img>`
	text := strings.ReplaceAll(sampleText(true), "strategy=locked", "strategy="+evil)
	b := openPage(t, pageText(t, evil, text), "")
	b.click(`[data-focus="own"]`)
	b.click(`[data-focus="of 0"]`) // it stands before "fixed"
	if title := eval[string](b, "document.title"); title != evil {
		t.Errorf("the title is %q, want %q", title, evil)
	}
	if n := eval[int](b, `document.querySelectorAll('img, script').length`); n != 3 {
		t.Errorf("there are %d images and scripts, want the three scripts of the page", n)
	}
	if !strings.Contains(b.hash(), "s=%22'%3E%3Cscript%3E") {
		t.Errorf("the fragment is %s, want the escaped name of the series", b.hash())
	}
	again := openPage(t, pageText(t, evil, text), b.hash())
	if got := again.attribute(`[data-focus="of 0"]`, "aria-pressed"); got != "true" {
		t.Error("the series with the hostile name is not chosen again by the fragment")
	}
}

// A group without a curve keeps the drawing of Go, bars by name, beside figures that
// are live.
func TestBarsByName(t *testing.T) {
	b := openPage(t, pageText(t, "", "", strings.Replace(stored, "sweep", "peers", 1)), "")
	b.wait(`document.querySelectorAll('.part.live').length > 0`)
	if n := eval[int](b, `[...document.querySelectorAll('.part:not(.live) svg.drawing[role=img]')].filter((s) => s.checkVisibility()).length`); n == 0 {
		t.Error("no drawing of bars can be seen")
	}
	b.axe()
	b.picture("peers", 1400, 2600)
}

// Where too few rounds are sound, the reader sees that, in words, and no curve.
func TestUnsound(t *testing.T) {
	b := newTab(t)
	b.openText(pageText(t, "", strings.Replace(sampleText(false), "spoilt-rounds: 2", "spoilt-rounds: 1,2,3,4,5,7", 1)), "#predict")
	seen := eval[string](b, `document.body.innerText`)
	if eval[bool](b, `document.documentElement.classList.contains('predicting')`) {
		b.click(".banner .chip")
		seen = eval[string](b, `document.body.innerText`)
	}
	for _, want := range []string{"Not sound.", "Only 2 of 8 rounds", "cannot tell"} {
		if !strings.Contains(seen, want) {
			t.Errorf("the reader does not see %q", want)
		}
	}
	if n := eval[int](b, `document.querySelectorAll('.explorer, svg.drawing[role=img], .picture').length`); n != 0 || regexp.MustCompile(`\d times as fast`).MatchString(seen) {
		t.Errorf("%d drawings of what is not sound, or a speedup of it in %q", n, seen)
	}
}
