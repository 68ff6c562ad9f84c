package browser

import (
	"testing"
)

// BenchmarkOpen opens the page of the stored full run, 76 series, and reports how long
// that takes until everything is loaded and its first figure is live: it is to be under
// a second.
func BenchmarkOpen(b *testing.B) {
	tab := newTab(b)
	address := tab.openText(storedPage(), "")
	sum, n := 0.0, 0
	for b.Loop() {
		tab.open(address)
		tab.wait(`document.querySelector('.part.live') && performance.getEntriesByType('navigation')[0].loadEventEnd > 0`)
		sum += eval[float64](tab, `Math.max(performance.getEntriesByType('navigation')[0].loadEventEnd, ...performance.getEntriesByType('paint').map((e) => e.startTime))`)
		n++
	}
	b.ReportMetric(sum/float64(n), "ms/open")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkDrag moves a handle of that page once a frame, and reports what a move costs
// with its layout, and how many of 60 moves took longer than the sixtieth of a second
// that a frame has: none are to.
func BenchmarkDrag(b *testing.B) {
	tab := openPage(b, storedPage(), "")
	tab.click(`[data-focus="own"]`)
	type moves struct {
		Mean float64 `json:"mean"`
		Late int     `json:"late"`
	}
	sum, late, n := 0.0, 0, 0
	for b.Loop() {
		m := eval[moves](tab, `new Promise((done) => {
  const slider = document.querySelector('[data-focus="slider sigma"]'), costs = [];
  const step = () => {
    const begin = performance.now();
    slider.value = 50 + costs.length;
    slider.dispatchEvent(new Event('input'));
    requestAnimationFrame(() => {
      document.querySelector('.live-drawing').getBoundingClientRect();
      costs.push(performance.now() - begin);
      if (costs.length < 60) setTimeout(step);
      else done({ mean: costs.reduce((a, c) => a + c) / costs.length, late: costs.filter((c) => c > 2 * 1000 / 60).length });
    });
  };
  requestAnimationFrame(step);
})`)
		sum, late, n = sum+m.Mean, late+m.Late, n+1
	}
	b.ReportMetric(sum/float64(n), "ms/move")
	b.ReportMetric(float64(late)/float64(n), "late/60-moves")
	b.ReportMetric(0, "ns/op")
}
