package critical

import (
	"bytes"
	"os"
	"runtime"
	"runtime/trace"
	"strings"
	"sync"
	"testing"
	"time"
)

// A real trace has a path from its begin to its end, and the goroutine that everything waits
// for is on it.
func TestFind(t *testing.T) {
	if trace.IsEnabled() {
		t.Skip("this test is being traced itself")
	}
	var text bytes.Buffer
	if err := trace.Start(&text); err != nil {
		t.Fatal(err)
	}
	var slow, quick sync.WaitGroup
	quick.Go(func() { time.Sleep(time.Millisecond) })
	slow.Go(func() {
		quick.Wait()
		for !waiting("critical.waitFor") { // only then is the time of the sleep waited for
			time.Sleep(time.Millisecond)
		}
		slowest()
	})
	waitFor(&slow)
	trace.Stop()
	dir := t.TempDir()
	p, err := Find(bytes.NewReader(text.Bytes()), Options{Temp: dir})
	if err != nil {
		t.Fatal(err)
	}
	whole(t, p)
	some := false
	for _, part := range p.Parts {
		some = some || part.Kind == Waiting && part.Reason == "sleep" && strings.Contains(part.Where, "slowest")
	}
	if !some {
		t.Errorf("the sleep of the slowest goroutine is not on the path: %+v", p.Parts)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left of the temporary file, %v", left, err)
	}
	for _, bad := range []string{"", "no trace", text.String()[:text.Len()/2]} {
		if p, err := Find(strings.NewReader(bad), Options{Temp: dir}); err == nil {
			t.Errorf("%.10q: got %+v, want an error", bad, p)
		}
	}
}

func slowest() { time.Sleep(20 * time.Millisecond) }

//go:noinline
func waitFor(wg *sync.WaitGroup) { wg.Wait() }

// waiting reports whether a goroutine that waits for a WaitGroup is in the function.
func waiting(function string) bool {
	buf := make([]byte, 1<<20)
	for text := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		head, stack, _ := strings.Cut(text, "\n")
		if strings.Contains(head, "[sync.WaitGroup.Wait") && strings.Contains(stack, function+"(") {
			return true
		}
	}
	return false
}
