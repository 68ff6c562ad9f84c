package browser

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"amdahl/results/report"
)

// explorer opens the explorer with a fragment ("#…", or "").
func explorer(t *testing.T, fragment string) (b *tab, address string) {
	t.Helper()
	var text strings.Builder
	if err := report.Explore(&text); err != nil {
		t.Fatal(err)
	}
	b = newTab(t)
	address = b.openText(text.String(), fragment)
	b.wait("document.documentElement.classList.contains('ready')")
	return b, address
}

// frames waits until what was asked for has been drawn.
func (b *tab) frames() {
	b.t.Helper()
	eval[bool](b, "new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => r(true)))))")
}

const knob = "#law-figure g[role=slider]"

func TestExplorerLaw(t *testing.T) {
	b, address := explorer(t, "")
	sigma := func() string {
		return eval[string](b, "document.querySelector('"+knob+"').getAttribute('aria-valuetext')")
	}
	if got := sigma(); got != "σ is 5 %" {
		t.Errorf("at first %q", got)
	}
	if got := b.text("#law-says"); !strings.Contains(got, "ceiling20 ×") || !strings.Contains(got, "at 64 workers15.4 ×") {
		t.Errorf("at first it says %q", got)
	}
	// By keyboard, on the handle and on the slider.
	b.focus(knob)
	b.keys(kb.ArrowUp)
	b.frames()
	up := sigma()
	if up == "σ is 5 %" {
		t.Error("the arrow up changes nothing")
	}
	b.keys(kb.ArrowDown)
	b.keys(kb.Home)
	b.frames()
	if got := sigma(); got != "σ is 0 %" || !strings.Contains(b.text("#law-says"), "ceilingnone") {
		t.Errorf("Home: %q, %q", got, b.text("#law-says"))
	}
	b.keys(kb.End)
	b.frames()
	if got := sigma(); got != "σ is 100 %" {
		t.Errorf("End: %q", got)
	}
	if !eval[bool](b, "document.activeElement.matches('"+knob+"')") {
		t.Error("the handle has lost the focus")
	}
	b.focus("#law-sliders input")
	b.keys(kb.Home + kb.ArrowRight + kb.ArrowRight)
	b.frames()
	if got := sigma(); got == "σ is 100 %" || got == "σ is 0 %" {
		t.Errorf("the slider: %q", got)
	}
	// By mouse: down is slower, so more of it is serial.
	b.click("#law-controls button[value=amdahl]")
	before := eval[float64](b, "Number(document.querySelector('"+knob+"').getAttribute('aria-valuenow'))")
	b.drag(knob, 0, 60)
	b.frames()
	after := eval[float64](b, "Number(document.querySelector('"+knob+"').getAttribute('aria-valuenow'))")
	if after <= before {
		t.Errorf("dragging down: %g after %g", after, before)
	}
	// Every law, every view.
	for _, law := range []string{"ideal", "usl", "log", "bottleneck", "convoy", "gustafson", "amdahl"} {
		b.click("#law-controls button[value=" + law + "]")
		for _, view := range []string{"time", "efficiency", "speedup"} {
			b.click("#law-controls button[value=" + view + "]")
			b.frames()
			n := eval[int](b, "document.querySelectorAll('"+knob+"').length")
			if want := map[string]int{"ideal": 0, "usl": 2, "log": 2}; law != "ideal" && n == 0 || want[law] > 0 && n != want[law] {
				t.Errorf("%s, %s: %d handles", law, view, n)
			}
			if d := eval[string](b, "document.querySelector('#law-figure .law').getAttribute('d')"); len(d) < 200 || strings.Contains(d, "NaN") {
				t.Errorf("%s, %s: the curve is %q", law, view, short(d))
			}
		}
	}
	b.click("#law-controls button[value=false]")
	b.frames()
	hash := b.hash()
	if !strings.Contains(hash, "law=amdahl") || !strings.Contains(hash, "axes=lin") {
		t.Errorf("the fragment is %q", hash)
	}
	// A link shows the same.
	shown := sigma()
	b.open("about:blank")
	b.open(address + hash)
	b.wait("document.documentElement.classList.contains('ready')")
	if got := sigma(); got != shown {
		t.Errorf("a link shows %q, it was %q", got, shown)
	}
}

func TestExplorerFragments(t *testing.T) {
	b, address := explorer(t, "#law=usl&p=0.1,0.002&n=200&view=efficiency&axes=lin&job=12,3,20,0,50,10,2")
	if got := b.text("#law-sliders"); !strings.Contains(got, "10 %") || !strings.Contains(got, "0.2 %") || !strings.Contains(got, "200") {
		t.Errorf("the link shows %q", got)
	}
	if got := b.text("#job-sliders"); !strings.Contains(got, "tasks12") || !strings.Contains(got, "processors2") {
		t.Errorf("the link shows %q", got)
	}
	for _, hash := range []string{"#law=__proto__", "#law=constructor&p=1", "#law=usl&p=NaN,Infinity", "#law=amdahl&p=7", "#n=1e99&view=__proto__", "#job=1,2", "#job=9e9,-5,x,,1e999,3,3", "#%E0%A4%A", "#law", "#reading"} {
		b.open("about:blank")
		b.open(address + hash)
		b.wait("document.documentElement.classList.contains('ready')")
		if d := eval[string](b, "document.querySelector('#law-figure .law').getAttribute('d')"); strings.Contains(d, "NaN") || len(d) < 100 {
			t.Errorf("%s: the curve is %q", hash, short(d))
		}
	}
}

func TestExplorerTasks(t *testing.T) {
	b, _ := explorer(t, "#job=40,4,0,0,0,0,0")
	if got := b.text("#job-says"); !strings.Contains(got, "4 workers are 4 times as fast as one (100 % efficient)") {
		t.Errorf("equal tasks: %q", got)
	}
	if got := b.text("#job-table"); !strings.Contains(got, "computed100 %") {
		t.Errorf("equal tasks: %q", got)
	}
	set := func(label string, value int) {
		t.Helper()
		if !eval[bool](b, `(() => {
  const row = [...document.querySelectorAll('#job-sliders .dial')].find((d) => d.querySelector('label').textContent === '`+label+`');
  if (!row) return false;
  row.querySelector('input').value = `+string(must(json.Marshal(value)))+`;
  row.querySelector('input').dispatchEvent(new Event('input'));
  return true;
})()`) {
			t.Fatalf("no slider %q", label)
		}
		b.frames()
	}
	set("serial part", 20) // 40 tasks are uneven on 16 and more workers, which looks serial
	if got := b.text("#job-says"); !strings.Contains(got, "σ = 21.2 %; 20 % were planted") {
		t.Errorf("a serial part of 20 %%: %q", got)
	}
	set("serial part", 0)
	set("under one lock, of each task", 100)
	if got := b.text("#job-says"); !strings.Contains(got, "4 workers are 1 times as fast as one") {
		t.Errorf("all under the lock: %q", got)
	}
	if n := eval[int](b, "document.querySelectorAll('#job-lanes .cause-lock').length"); n == 0 {
		t.Error("no worker is shown to wait for the lock")
	}
	// By keyboard.
	b.focus("#job-sliders input")
	b.keys(kb.End)
	b.frames()
	if got := b.text("#job-sliders .dial span"); got != "256" {
		t.Errorf("End on the first slider: %s tasks", got)
	}
	for _, law := range []string{"usl", "log", "bottleneck", "convoy"} {
		b.click("#job-controls button[value=" + law + "]")
		b.frames()
		if got := b.text("#job-says"); strings.Contains(got, "NaN") || strings.Contains(got, "undefined") {
			t.Errorf("%s: %q", law, got)
		}
	}
}

func TestExplorerOwnNumbers(t *testing.T) {
	b, _ := explorer(t, "")
	show := func(text string) {
		t.Helper()
		eval[bool](b, "document.getElementById('own-text').value = "+string(must(json.Marshal(text)))+", true")
		b.click("#own-show")
		b.frames()
	}
	b.click("#own-example")
	b.frames()
	if got := b.text("#own-says"); !strings.Contains(got, "Amdahl's law, fitted: σ = ") || !strings.Contains(got, "no intervals here") {
		t.Errorf("the example: %q", got)
	}
	b.drag("#own-figure g[role=slider]", 0, -30)
	b.frames()
	if got := b.text("#own-says"); !strings.Contains(got, "Your curve: σ = ") {
		t.Errorf("after a drag: %q", got)
	}
	if n := eval[int](b, "document.querySelectorAll('#own-figure .ghost').length"); n != 1 {
		t.Errorf("%d ghosts of the fit", n)
	}
	show("threads,seconds\n1,10\n2,6\n")
	if got := b.text("#own-says"); !strings.Contains(got, "Amdahl's law needs 3 numbers of workers; there are 2") {
		t.Errorf("two levels: %q", got)
	}
	b.click("#own-controls button[value=ideal]")
	b.frames()
	if got := b.text("#own-says"); !strings.Contains(got, "Ideal scaling, fitted: no parameter") {
		t.Errorf("the ideal law on two levels: %q", got)
	}
	show("impl,threads,ms\na,1,10\na,2,6\na,4,4\nb,1,12\nb,2,7\nb,4,5\n")
	if got := b.text("#own-controls"); !strings.Contains(got, "impl=a") || !strings.Contains(got, "impl=b") {
		t.Errorf("two series: %q", got)
	}
	b.click("#own-controls button[value='1']")
	b.frames()
	if got := b.text("#own-table"); !strings.Contains(got, "12 ms") {
		t.Errorf("the second series: %q", got)
	}
	show("nonsense")
	if got := b.text("#own-message"); !strings.Contains(got, "neither output of go test -bench nor a CSV file") {
		t.Errorf("nonsense: %q", got)
	}
	if !eval[bool](b, "document.getElementById('own-result').hidden") {
		t.Error("nonsense leaves the result of something else")
	}
	// Names of others are text.
	show("impl,threads,ms\n<img src=x onerror=alert(1)>,1,10\n<img src=x onerror=alert(1)>,2,6\n\"><script>alert(2)</script>,1,10\n\"><script>alert(2)</script>,2,6\n")
	if n := eval[int](b, "document.querySelectorAll('img, #own script').length"); n != 0 {
		t.Errorf("%d elements came from a name", n)
	}
	// A file that is dropped.
	eval[bool](b, `(() => {
  const data = new DataTransfer();
  data.items.add(new File(['threads,seconds\n1,8\n2,5\n4,3\n'], 'x.csv'));
  document.getElementById('own').dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));
  return true;
})()`)
	b.wait("document.getElementById('own-table').textContent.includes('8 s')")
	eval[bool](b, `(() => {
  const data = new DataTransfer();
  data.items.add(new File(['x'.repeat(200000)], 'x.csv'));
  document.getElementById('own').dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));
  return true;
})()`)
	b.wait("document.getElementById('own-message').textContent.includes('takes up to 100 KB')")
}

// 2,000 samples, dark and light, a phone, no motion, print: nothing is wider than the
// window and axe finds nothing.
func TestExplorerLooks(t *testing.T) {
	var many strings.Builder
	for i := range 2000 {
		n := 1 << (i % 6)
		many.WriteString(strings.ReplaceAll("BenchmarkMany/workers=N 1 T ns/op\n", "N", itoa(n)))
	}
	b, _ := explorer(t, "")
	lines := strings.Split(many.String(), "\n")
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], " T ", " "+itoa(1000000/(1<<(i%6))+i*7%900)+" ")
	}
	eval[bool](b, "document.getElementById('own-text').value = "+string(must(json.Marshal(strings.Join(lines, "\n"))))+", true")
	b.click("#own-show")
	b.frames()
	if got := b.text("#own-says"); !strings.Contains(got, "fitted: σ = ") {
		t.Fatalf("2,000 samples: %q", got)
	}
	if n := eval[int](b, "document.querySelectorAll('*').length"); n > 1500 {
		t.Errorf("%d elements with 2,000 samples", n)
	}
	fits := func(what string) {
		t.Helper()
		b.frames()
		if wide := eval[string](b, `(() => {
  const w = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= w) return '';
  const e = [...document.querySelectorAll('body *')].find((e) => e.getBoundingClientRect().right > w + 1 && !e.closest('.scroll'));
  return document.documentElement.scrollWidth + ' of ' + w + ': ' + (e ? e.outerHTML.slice(0, 200) : '');
})()`); wide != "" {
			t.Errorf("%s: wider than the window: %s", what, wide)
		}
		b.axe()
	}
	fits("1400 light")
	b.picture("explore-1400-light", 1400, 2300)
	b.media("", "prefers-color-scheme", "dark", "prefers-reduced-motion", "reduce")
	fits("1400 dark")
	b.picture("explore-1400-dark", 1400, 2300)
	b.viewport(360, 800)
	fits("360 dark")
	b.picture("explore-360-dark", 360, 4200)
	b.media("")
	b.viewport(360, 800)
	fits("360 light")
	b.picture("explore-360-light", 360, 4200)
	b.media("print")
	fits("print")
	b.picture("explore-print", 800, 2600)
}

func itoa(n int) string { return string(must(json.Marshal(n))) }

// A name of 500 letters leaves the page as wide as the window.
func TestLongNames(t *testing.T) {
	b, _ := explorer(t, "")
	b.viewport(360, 800)
	var text strings.Builder
	for _, name := range []string{strings.Repeat("n", 500), strings.Repeat("m", 500)} {
		for n, time := range map[int]int{1: 80, 2: 45, 4: 30} {
			fmt.Fprintf(&text, "Benchmark%s/workers=%d 10 %d ns/op\n", name, n, time)
		}
		fmt.Fprintf(&text, "Benchmark%sAlone 10 5 ns/op\n", name)
	}
	eval[bool](b, "document.getElementById('own-text').value = "+string(must(json.Marshal(text.String())))+", true")
	b.click("#own-show")
	b.wait("!document.getElementById('own-result').hidden")
	if w := eval[int](b, "document.documentElement.scrollWidth"); w > 360 {
		t.Errorf("the page is %d pixels wide on 360", w)
	}
}
