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
// of script and layout, which is to be less than the 16.7 ms of a frame, and how many of
// 60 frames came late: on a machine with nothing else to do, none.
func BenchmarkDrag(b *testing.B) {
	tab := openPage(b, storedPage(), "")
	tab.click(`[data-focus="own"]`)
	type moves struct {
		Cost  float64 `json:"cost"`
		Worst float64 `json:"worst"`
		Late  int     `json:"late"`
	}
	cost, worst, late, n := 0.0, 0.0, 0, 0
	for b.Loop() {
		m := eval[moves](tab, `new Promise((done) => {
  const slider = document.querySelector('[data-focus="slider sigma"]'), costs = [], frames = [];
  const step = (now) => {
    frames.push(now);
    const begin = performance.now();
    slider.value = 50 + costs.length;
    slider.dispatchEvent(new Event('input'));
    document.querySelector('.live-drawing').getBoundingClientRect();
    costs.push(performance.now() - begin);
    if (costs.length < 60) requestAnimationFrame(step);
    else done({ cost: costs.reduce((a, c) => a + c) / costs.length, worst: Math.max(...costs), late: frames.filter((t, i) => i && t - frames[i - 1] > 25).length });
  };
  requestAnimationFrame(step);
})`)
		cost, worst, late, n = cost+m.Cost, max(worst, m.Worst), late+m.Late, n+1
	}
	b.ReportMetric(cost/float64(n), "ms/move")
	b.ReportMetric(worst, "ms-at-worst")
	b.ReportMetric(float64(late)/float64(n), "late/60-frames")
	b.ReportMetric(0, "ns/op")
}
