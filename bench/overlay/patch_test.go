package overlay

import (
	"strings"
	"testing"
)

// sketch has the places as they are in Go 1.24, whose b.Loop is another one,
// and in 1.25 and 1.26.
const sketch = `package testing

type B struct {
	common
	loopN int
}

func (b *B) StartTimer() {
	if !b.timerOn {
		b.start = highPrecisionTimeNow()
		b.timerOn = true
	}
}

func (b *B) StopTimer() {
	if b.timerOn {
		b.duration += highPrecisionTimeSince(b.start)
	}
}

func (b *B) ResetTimer() {
	if b.timerOn {
		b.start = highPrecisionTimeNow()
	}
	b.duration = 0
}

func (b *B) runN(n int) {
	benchmarkLock.Lock()
	defer benchmarkLock.Unlock()
}

func (b *B) launch() {
	b.result = BenchmarkResult{b.N, b.duration, b.bytes, b.netAllocs, b.netBytes, b.extra}
}
`

const patched = `package testing

type B struct {
	why whyAccount
	common
	loopN int
}

func (b *B) StartTimer() {
	if !b.timerOn {
		b.why.begin(b)
		b.start = highPrecisionTimeNow()
		b.timerOn = true
	}
}

func (b *B) StopTimer() {
	if b.timerOn {
		b.duration += highPrecisionTimeSince(b.start)
		b.why.end()
	}
}

func (b *B) ResetTimer() {
	b.why.reset()
	if b.timerOn {
		b.why.begin(b)
		b.start = highPrecisionTimeNow()
	}
	b.duration = 0
}

func (b *B) runN(n int) {
	defer b.why.leave()
	benchmarkLock.Lock()
	defer benchmarkLock.Unlock()
}

func (b *B) launch() {
	b.why.report(b)
	b.result = BenchmarkResult{b.N, b.duration, b.bytes, b.netAllocs, b.netBytes, b.extra}
}
`

func TestPatch(t *testing.T) {
	got, err := Patch([]byte(sketch))
	if err != nil || string(got) != patched {
		t.Errorf("got %v\n%s\nwant\n%s", err, got, patched)
	}
	for _, tt := range []struct{ old, new, want string }{
		{"type B struct {", "type B = struct {", `no "type B struct {"`},
		{"b.start = highPrecisionTimeNow()\n\t\tb.timerOn", "b.start = time.Now()\n\t\tb.timerOn", `not one line "b.start = highPrecisionTimeNow()" in "func (b *B) StartTimer() {"`},
		{"b.duration +=", "b.duration -=", `in "func (b *B) StopTimer() {"`},
		{"func (b *B) launch() {", "func (b *B) start() {", `no "func (b *B) launch() {"`},
		{"b.netBytes, b.extra}", "b.netBytes}", `in "func (b *B) launch() {"`},
		{"\tb.duration = 0\n", "\tif b.timerOn {\n\t}\n", `not one line "if b.timerOn {" in "func (b *B) ResetTimer() {"`},
	} {
		source := strings.Replace(sketch, tt.old, tt.new, 1)
		if got, err := Patch([]byte(source)); got != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s for %s: %v, want %s", tt.new, tt.old, err, tt.want)
		}
	}
}
