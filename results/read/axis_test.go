package read

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// result is a line of Go benchmark text.
func result(name string, ns float64) string { return fmt.Sprintf("Benchmark%s 1 %g ns/op\n", name, ns) }

// Which number of the names is the level, in every way in which names say it.
func TestNames(t *testing.T) {
	lines := func(names ...string) string {
		var b strings.Builder
		for i, n := range names {
			b.WriteString(result(n, 100/float64(i+1)))
		}
		return b.String()
	}
	for _, tt := range []struct {
		name, text string
		x          string
		want       string
	}{
		{"X-4 beside X-4-8", lines("R/n-1", "R/n-1-4", "R/n-4", "R/n-4-4"), "", "R/n-1 gomaxprocs strong: 1×1 4×1\nR/n-4 gomaxprocs strong: 1×1 4×1\n"},
		{"X-4 alone", lines("R", "R-4"), "", "R gomaxprocs strong: 1×1 4×1\n"},
		{"GOMAXPROCS varies beside a number", lines("R/readers=1", "R/readers=1-4", "R/readers=8", "R/readers=8-4"), "", "R/readers=1 gomaxprocs strong: 1×1 4×1\nR/readers=8 gomaxprocs strong: 1×1 4×1\n"},
		{"a key that stays", lines("R/n=1000", "R/n=1000-4"), "", "R/n=1000 gomaxprocs strong: 1×1 4×1\n"},
		{"a key and numbers that differ by series", lines("R/size=10/workers=1-4", "R/size=10/workers=2-4", "R/size=20/workers=1-4", "R/size=20/workers=2-4"), "", "R/size=10 workers strong: 1×1 2×1\nR/size=20 workers strong: 1×1 2×1\n"},
		{"a word of workers beside another number", lines("R/size-10/threads-1-4", "R/size-10/threads-2-4", "R/size-20/threads-1-4", "R/size-20/threads-2-4"), "", "R/size-10 threads strong: 1×1 2×1\nR/size-20 threads strong: 1×1 2×1\n"},
		{"versions are no levels", lines("SHA1-4", "SHA256-4"), "", "SHA1 gomaxprocs strong: 4×1\nSHA256 gomaxprocs strong: 4×1\n"},
		{"units are no levels", lines("R/1KB-4", "R/4KB-4"), "", "R/1KB gomaxprocs strong: 4×1\nR/4KB gomaxprocs strong: 4×1\n"},
		{"fractions are no levels", lines("R/0.5-4", "R/1.5-4"), "", "R/0.5 gomaxprocs strong: 4×1\nR/1.5 gomaxprocs strong: 4×1\n"},
		{"the user's word", lines("R/size-10/buf-1-4", "R/size-10/buf-2-4"), "buf", "R/size-10 buf strong: 1×1 2×1\n"},
		{"the user's word in other capitals", lines("R/Buf=1-4", "R/Buf=2-4"), "buf", "R buf strong: 1×1 2×1\n"},
		{"the second number", lines("R/10/1-4", "R/10/2-4"), "#2", "R/10 #2 strong: 1×1 2×1\n"},
		{"the suffix", lines("R/w-1-4", "R/w-1-8"), "gomaxprocs", "R/w-1 gomaxprocs strong: 4×1 8×1\n"},
	} {
		s, err := read(t, tt.text, Options{X: tt.x})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := sketch(s); got != tt.want || len(s.Problems) > 0 {
			t.Errorf("%s: got %q, %v, want %q", tt.name, got, s.Problems, tt.want)
		}
	}
}

// A number that grows far above the processors, and the time with it, is a size.
func TestSizes(t *testing.T) {
	sweep := func(format string, times func(n float64) float64, ns ...int) string {
		var b strings.Builder
		for _, n := range ns {
			b.WriteString(result(fmt.Sprintf(format, n), times(float64(n))))
		}
		return b.String()
	}
	proportional := func(n float64) float64 { return 12 * n }
	falling := func(n float64) float64 { return 1000 * (0.1 + 0.9/n) }
	for _, tt := range []struct {
		name, text string
		taken      bool
		why        string
	}{
		{"sizes on one processor", sweep("S/size-%d", proportional, 100, 1000, 10000), false, "at the end of S/size look like a size: far above the processors, and the time grows with them"},
		{"GOMAXPROCS", sweep("S/size-%d", falling, 2, 4, 8), true, ""},
		{"a bare number that the time follows", sweep("S/%d-8", proportional, 1, 2, 4, 8), false, "look like a size: the time grows in proportion"},
		{"a bare number", sweep("S/%d-8", falling, 1, 2, 4, 8), true, ""},
		{"far above the processors", sweep("S/%d-8", proportional, 8, 64, 1024), false, "far above the processors"},
		{"many, and faster", sweep("S/%d-8", falling, 1, 64, 128), true, ""},
		{"n of elements", sweep("S/n=%d-8", proportional, 100, 1000, 10000), false, "far above the processors"},
		{"n of workers", sweep("S/n=%d-8", falling, 1, 2, 8), true, ""},
		{"a word for sizes", sweep("S/depth=%d-8", falling, 1, 2, 4), false, `the number of "depth": 1, 2, 4 looks like a size`},
		{"workers, whatever the time", sweep("S/workers=%d-8", proportional, 1, 64, 1000), true, ""},
	} {
		s, err := read(t, tt.text, Options{})
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if taken := len(s.Curves[0].Points) > 1; taken != tt.taken || taken != (len(s.Refused) == 0) {
			t.Errorf("%s: got %q, refused %v", tt.name, sketch(s), s.Refused)
		}
		if !strings.Contains(notes(s.Refused), tt.why) {
			t.Errorf("%s: refused %v, want %q", tt.name, s.Refused, tt.why)
		}
	}
}

// Between two numbers only the user can choose.
func TestChoice(t *testing.T) {
	text := result("Q/producers=1/consumers=1-8", 9) + result("Q/producers=1/consumers=4-8", 8) + result("Q/producers=4/consumers=1-8", 7)
	_, err := read(t, text, Options{})
	want := `<stdin>:1: several numbers of the names can be the workers (Q/producers=1/consumers=1-8): choose the x axis: amdahl fit -x producers, or amdahl fit -x consumers`
	if !errors.As(err, new(*ColumnError)) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	s, err := read(t, text+result("R", 9)+result("R-2", 5), Options{})
	if err != nil || sketch(s) != "R gomaxprocs strong: 1×1 2×1\n" || len(s.Problems) != 1 || s.Problems[0].Error() != want {
		t.Errorf("beside a good one: got %v, %v", s, err)
	}
	_, err = read(t, result("Q/3/1-8", 9)+result("Q/3/2-8", 8)+result("Q/1/2-8", 7), Options{})
	if err == nil || !strings.HasSuffix(err.Error(), "amdahl fit -x '#1', or amdahl fit -x '#2'") {
		t.Errorf("numbers without words: got %v", err)
	}
}

// What amdahl run varied stands in its plan.
func TestPlannedAxis(t *testing.T) {
	const lines = "round: 1\nBenchmarkzstd/t=1/level=3 1 9 ns/op\nBenchmarkzstd/t=2/level=3 1 5 ns/op\n"
	for _, tt := range []struct{ plan, want string }{
		{`["-x","t=1,2","--","zstd"]`, "zstd/level=3 t strong: 1×1 2×1\n"},
		{`["--x=t=1,2","--","sh","-x","level=1"]`, "zstd/level=3 t strong: 1×1 2×1\n"},
		{`["-x","cpu=1,2","."]`, "zstd/level=3 t strong: 1×1 2×1\n"},
		{`not JSON`, "zstd/level=3 t strong: 1×1 2×1\n"},
	} {
		s, err := read(t, "run-plan: "+tt.plan+"\n"+lines, Options{})
		if err != nil || sketch(s) != tt.want {
			t.Errorf("%s: got %v, %v", tt.plan, s, err)
		}
		if planned := strings.Contains(tt.plan, "t=1"); planned != (len(s.Notes) == 0) {
			t.Errorf("%s: got notes %v", tt.plan, s.Notes)
		}
	}
}

// A curve that is flat up to the processors and then grows asks whether the work
// grows with the workers.
func TestWorkPerWorker(t *testing.T) {
	curve := func(times ...float64) string {
		var b strings.Builder
		for i, t := range times {
			b.WriteString(result(fmt.Sprintf("Fan/goroutines=%d-8", 1<<i), t))
		}
		return b.String()
	}
	for _, tt := range []struct {
		name, text string
		asks       bool
	}{
		{"flat, then in proportion", curve(1000, 1060, 1150, 1320, 2600, 5200, 10300), true},
		{"fixed work", curve(1000, 550, 325, 212, 212, 212, 212), false},
		{"one at a time", curve(1000, 1000, 1000, 1000, 1000, 1000, 1000), false},
		{"grows from the first", curve(1000, 2000, 4000, 8000, 16000, 32000, 64000), false},
		{"tasks are known", strings.ReplaceAll(curve(1000, 1060, 1150, 1320, 2600, 5200, 10300), "ns/op", "ns/op 8 tasks/op"), false},
	} {
		s, err := read(t, tt.text, Options{})
		if err != nil {
			t.Fatal(err)
		}
		const question = "Does each of the goroutines do operations of its own, so that tasks/op grows? Then the time per operation falls 6.2 times up to 64: amdahl fit --work-per-worker"
		if got := strings.Contains(notes(s.Notes), question); got != tt.asks {
			t.Errorf("%s: got notes %v", tt.name, s.Notes)
		}
		s, err = read(t, tt.text, Options{WorkPerWorker: true})
		if known := tt.name == "tasks are known"; err != nil || known != (len(s.Problems) == 1) {
			t.Errorf("%s: with --work-per-worker got %v, %v", tt.name, s.Problems, err)
		} else if p := s.Curves[0].Points[6]; !known && (p.Tasks != 64 || s.Curves[0].Kind != "weak") {
			t.Errorf("%s: got %+v, want 64 tasks", tt.name, p)
		}
	}
	// Google Benchmark may print the time of one thread.
	s, err := read(t, "BM_X/threads:1  275 ns  274 ns  99\nBM_X/threads:8  308 ns  307 ns  99\n", Options{})
	if err != nil || !strings.Contains(notes(s.Notes), "Google Benchmark since version 1.9 prints the time of an operation in each thread: if these are, the time per operation falls 7.1 times up to 8") {
		t.Errorf("got %v, %v", s, err)
	}
}
