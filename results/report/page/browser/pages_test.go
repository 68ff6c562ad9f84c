package browser

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/read"
	"amdahl/results/report"
)

// analysed reads benchmark text from files, or, where there are none, from text.
func analysed(t *testing.T, text string, files ...string) ([]*laws.Analysis, *results.Set) {
	t.Helper()
	set, err := read.Files(files, strings.NewReader(text), read.Options{})
	if err != nil {
		t.Fatal(err)
	}
	as, errs := laws.AnalyzeEach(context.Background(), set.Curves, laws.Options{})
	for i, err := range errs {
		if err != nil {
			as[i] = laws.Measured(set.Curves[i], 0)
		}
	}
	return as, set
}

// pageText is the page of benchmark text.
func pageText(t *testing.T, title, text string, files ...string) string {
	t.Helper()
	as, set := analysed(t, text, files...)
	var b strings.Builder
	if err := report.Page(&b, as, report.Options{Title: title, Environment: set.Config, Skipped: set.Skipped}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// openPage opens a page with a fragment, for a reader who wants no motion.
func openPage(t testing.TB, page, fragment string) *tab {
	t.Helper()
	b := newTab(t)
	b.media("", "prefers-reduced-motion", "reduce")
	b.openText(page, fragment)
	b.wait(`document.querySelector('.part.live')`)
	return b
}

// storedPage is the page of the stored sweep, made once.
var storedPage = sync.OnceValue(func() string {
	set, err := read.Files([]string{stored}, nil, read.Options{})
	if err != nil {
		panic(err)
	}
	as, errs := laws.AnalyzeEach(context.Background(), set.Curves, laws.Options{})
	for i, err := range errs {
		if err != nil {
			as[i] = laws.Measured(set.Curves[i], 0)
		}
	}
	var b strings.Builder
	if err := report.Page(&b, as, report.Options{Environment: set.Config, Skipped: set.Skipped}); err != nil {
		panic(err)
	}
	return b.String()
})

var stored = filepath.Join("..", "..", "..", "runs", "epyc-2cpu", "sweep", "results.txt")

// sampleText is benchmark text of two strategies of one workload: Amdahl's law with σ
// = 0.1 on levels 1 to 32, and one that waits for a lock; eight rounds, of which round
// 2 is spoilt. lost adds where the time went.
func sampleText(lost bool) string {
	var b strings.Builder
	b.WriteString("goos: linux\ngoarch: amd64\ncpu: Example CPU\ncpu-count: 8\nrun-date: 2026-11-20T10:00:00Z\nrun-command: amdahl run ./example -x workers=1,2,4,8,16,32\nrun-grade: environment B: one thing to mend\n")
	for round := 1; round <= 8; round++ {
		fmt.Fprintf(&b, "round: %d\n", round)
		for i, n := range []int{1, 2, 4, 8, 16, 32} {
			for s, strategy := range []string{"fixed", "locked"} {
				const task = 5e6 // ns
				noise := 1 + 0.02*math.Sin(float64(17*round+7*n+3*s+i))
				t := task * (0.9/float64(n) + 0.1 + float64(s)*0.004*float64(n-1)) * noise
				fmt.Fprintf(&b, "BenchmarkStrong/workload=example/strategy=%s/serial=0.1/workers=%d 10 %.0f ns/op 60 tasks/op", strategy, n, 60*t)
				if lost {
					fmt.Fprintf(&b, " %.0f paid-ns/op %.0f useful-ns/op %.0f serial-ns/op", 60*float64(n)*t, 60*task*0.95*noise, 60*task*0.1*float64(n-1)*noise)
				}
				b.WriteString("\n")
			}
		}
	}
	b.WriteString("spoilt-rounds: 2\n")
	return b.String()
}

// middle is the middle of what a selector finds first, after it was brought into the
// window.
func (b *tab) middle(selector string) (x, y float64) {
	b.t.Helper()
	at := eval[[]float64](b, fmt.Sprintf(`(() => {
  const e = document.querySelector(%q);
  if (!e) return [];
  e.scrollIntoView({block: 'center', behavior: 'instant'});
  const r = e.getBoundingClientRect();
  return [r.left + r.width / 2, r.top + r.height / 2];
})()`, selector))
	if len(at) != 2 {
		b.t.Fatalf("%s is not on the page", selector)
	}
	return at[0], at[1]
}

// click clicks with the mouse.
func (b *tab) click(selector string) {
	b.t.Helper()
	x, y := b.middle(selector)
	b.do(chromedp.MouseClickXY(x, y))
}

// hover moves the mouse to a place.
func (b *tab) hover(x, y float64) {
	b.t.Helper()
	b.do(chromedp.MouseEvent(chromedp.MouseMoved, x, y))
}

// drag moves what a selector finds by so many pixels with the mouse, and reports the
// place where it was held.
func (b *tab) drag(selector string, dx, dy float64) {
	b.t.Helper()
	x, y := b.middle(selector)
	b.hover(x, y)
	b.do(chromedp.MouseEvent(chromedp.MousePressed, x, y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
	for i := 1; i <= 4; i++ {
		k := float64(i) / 4
		b.do(chromedp.MouseEvent(chromedp.MouseMoved, x+k*dx, y+k*dy, chromedp.ButtonLeft))
	}
	eval[bool](b, `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`)
	b.do(chromedp.MouseEvent(chromedp.MouseReleased, x+dx, y+dy, chromedp.ButtonLeft, chromedp.ClickCount(1)))
}

// focus gives the focus to what a selector finds.
func (b *tab) focus(selector string) {
	b.t.Helper()
	if !eval[bool](b, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e?.focus(); return document.activeElement === e && e !== null; })()`, selector)) {
		b.t.Fatalf("%s cannot have the focus", selector)
	}
}

// text is the text of what a selector finds; "" where there is nothing.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return eval[string](b, fmt.Sprintf(`document.querySelector(%q)?.textContent ?? ''`, selector))
}

// attribute is an attribute of what a selector finds; "" where it has none.
func (b *tab) attribute(selector, name string) string {
	b.t.Helper()
	return eval[string](b, fmt.Sprintf(`document.querySelector(%q)?.getAttribute(%q) ?? ''`, selector, name))
}

// hash is the fragment of the address.
func (b *tab) hash() string {
	b.t.Helper()
	return eval[string](b, "location.hash")
}
