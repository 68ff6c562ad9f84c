package browser

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"amdahl/results/laws"
	"amdahl/results/read"
	"amdahl/results/report"
	"amdahl/results/report/view"
)

// waitLoads is wait for a page that loads itself again meanwhile.
func (b *tab) waitLoads(expression string) {
	b.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("Boolean("+expression+")")); err == nil && ok {
			return
		}
		if time.Now().After(end) {
			b.t.Fatalf("this did not become true: %s", expression)
		}
	}
}

// TestView grows a file while a page shows it: the page follows, keeps its fragment
// and what is unfolded, and says when the server has ended.
func TestView(t *testing.T) {
	b := newTab(t)
	file := filepath.Join(t.TempDir(), "results.txt")
	var s *view.Server
	s, err := view.New(view.Options{
		Files: []string{file}, Title: "waiting for results.txt",
		Page: func(ctx context.Context, w io.Writer, version string) error {
			set, err := read.Files([]string{file}, nil, read.Options{Open: s.Open})
			if err != nil {
				return err
			}
			var all []*laws.Analysis
			for _, c := range set.Curves {
				a, err := laws.Analyze(c, laws.Options{})
				if err != nil {
					a = laws.Measured(c, 0)
				}
				all = append(all, a)
			}
			return report.Page(w, all, report.Options{Live: version})
		},
		Every: 20 * time.Millisecond, Settle: time.Hour, Rest: 50 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()

	put := func(text string) {
		t.Helper()
		f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	round := func(k int) string {
		var text strings.Builder
		for _, n := range []int{1, 2, 4, 8} {
			fmt.Fprintf(&text, "BenchmarkGrow/workers=%d 100 %d ns/op\n", n, 1000000/n+50000+k*1000)
		}
		return text.String()
	}
	b.open(s.URL())
	if got := b.text("body"); !strings.Contains(got, "Nothing to show yet") || !strings.Contains(got, "waiting for results.txt") {
		t.Fatalf("without a file: %q", got)
	}
	put(round(1))
	b.waitLoads("document.querySelector('.work, #answers')")
	// Something the reader did must survive.
	b.do(chromedp.Evaluate[chromedp.Void]("history.replaceState(null, '', '#g=strong&x=lin'); document.querySelectorAll('details').forEach((d, i) => { d.open = i === 0; })"))
	samples := func(n int) string {
		return fmt.Sprintf("JSON.parse(document.getElementById('data')?.textContent ?? '{}').groups?.[0]?.series[0].levels[0].t.length === %d", n)
	}
	b.waitLoads(samples(1))
	put(round(2) + "BenchmarkGrow/workers=1 100 10")
	b.waitLoads(samples(2))
	b.waitLoads("document.querySelector('details').open && location.hash === '#g=strong&x=lin'")
	b.picture("view-1200", 1200, 1000)
	put("60000 ns/op\n")
	b.waitLoads(samples(3))
	// While a key was pressed a moment ago nothing moves.
	before := eval[float64](b, "performance.timeOrigin")
	b.keys(kb.Tab)
	put(round(3))
	time.Sleep(300 * time.Millisecond)
	if eval[float64](b, "performance.timeOrigin") != before {
		t.Error("the page was loaded again while the reader typed")
	}
	b.waitLoads(samples(4))
	b.waitLoads("document.querySelector('.live-note')?.textContent === 'Follows the measurement.'")
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	b.waitLoads("document.querySelector('.live-note').textContent.startsWith('amdahl view has ended')")
	time.Sleep(1500 * time.Millisecond) // it does not ask again
}
