package where

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"amdahl/bench/contract"
	"amdahl/results/laws"
	"amdahl/results/read"
	"amdahl/results/stats"
	"amdahl/results/why"
)

// What was planted comes first, with its share, for every cause.
func TestPlanted(t *testing.T) {
	place := []string{"main.guilty /p/g.go 99", "main.run /p/r.go 3"}
	under := append([]string{"runtime.x /go/src/runtime/x.go 1", "sync.(*Mutex).Unlock /go/src/sync/mutex.go 60"}, place...)
	for _, tt := range []struct {
		cause contract.Cause
		value string
	}{
		{contract.Lock, "lock"}, {contract.Lock, "lock-cpu"}, {contract.Channel, "channel"}, {contract.Channel, "channel-cpu"},
		{contract.Inflation, "cpu"}, {contract.GC, "gc"}, {contract.IO, "io"}, {contract.Dispatch, "dispatch"},
		{contract.Serial, "serial"}, {contract.Imbalance, "imbalance"},
	} {
		all := rounds(t, 6, 0.02, call{under, map[string]float64{tt.value: 450}}, call{[]string{"main.other /p/o.go 5"}, map[string]float64{tt.value: 50}})
		w, err := Of(analysis(t, "", map[contract.Cause]float64{tt.cause: 500}), all)
		if err != nil {
			t.Errorf("%s: %v", tt.value, err)
			continue
		}
		if len(w.Places) == 0 {
			t.Errorf("%s: nothing is guilty", tt.value)
			continue
		}
		p := w.Places[0]
		if p.Function != "main.guilty" || p.File != "/p/g.go" || p.Line != 99 || p.Cause.Name != tt.cause || math.Abs(p.Share.Value-0.9) > 0.1 {
			t.Errorf("%s: got %+v, want main.guilty at g.go:99 for 0.9 of %s", tt.value, p, tt.cause)
		}
		// With 0.9 of the loss of 0.5 T(1) gone, S = 2/(1+0.05).
		if math.Abs(p.Without-2/1.05) > 0.1 || w.N != 2 || w.Rounds != 6 || w.Law != "" || math.Abs(w.Speedup-2/1.5) > 0.01 {
			t.Errorf("%s: a speedup of %v without it, %+v", tt.value, p.Without, w)
		}
		if p.Path[0] != "main.run" || math.Abs(w.Diff.Grown-500e-6) > 60e-6 {
			t.Errorf("%s: path %q, the difference adds up to %v s", tt.value, p.Path, w.Diff.Grown)
		}
	}
}

// Clean programs have no guilty place, however noisy their samples are.
func TestClean(t *testing.T) {
	for _, noise := range []float64{0, 0.02, 0.05, 0.1} {
		for lost := range 4 { // up to 3 % of useful time
			w, err := Of(analysis(t, "", map[contract.Cause]float64{contract.Inflation: 10 * float64(lost)}), rounds(t, 6, noise))
			if err != nil || len(w.Places) > 0 {
				t.Errorf("noise %g, %d µs lost: got %+v, %v", noise, 10*lost, w, err)
			}
		}
	}
}

// A helper that also runs while all are busy is not to blame for serial work: the function
// that only runs alone is.
func TestSerialCaller(t *testing.T) {
	helper := func(caller string, us float64, serial float64) call {
		return call{[]string{"main.helper /p/h.go 5", caller, "main.run /p/r.go 3"}, map[string]float64{"cpu": us, "serial": serial}}
	}
	var all []*Profile
	for round := 1; round <= 6; round++ {
		all = append(all,
			written(t, "BenchmarkA/size=4-1", 1, round, []call{helper("main.setup /p/s.go 8", 500, 0), helper("main.part /p/p.go 9", 500, 0)}),
			written(t, "BenchmarkA/size=4-2", 2, round, []call{helper("main.setup /p/s.go 8", 500, 500), helper("main.part /p/p.go 9", 500, 3)}))
	}
	w, err := Of(analysis(t, "", map[contract.Cause]float64{contract.Serial: 500}), all)
	if err != nil || len(w.Places) != 1 || w.Places[0].Function != "main.setup" || w.Places[0].Line != 8 {
		t.Errorf("got %+v, %v, want main.setup alone", w.Places, err)
	}
}

// Where the account is from profiles without a trace, so are the places; else those profiles
// do not count.
func TestSampled(t *testing.T) {
	guilty := func(name string) call {
		return call{[]string{"main." + name + " /p/g.go 99"}, map[string]float64{"lock": 500}}
	}
	all := rounds(t, 6, 0.02, guilty("traced"))
	for _, p := range rounds(t, 4, 0.02, guilty("sampled")) {
		p.Sampled = true
		all = append(all, p)
	}
	for sampled, want := range map[bool]string{false: "main.traced", true: "main.sampled"} {
		a := analysis(t, "", map[contract.Cause]float64{contract.Lock: 500})
		a.Account.Sampled = sampled
		for i := range a.Curve.Points {
			p := &a.Curve.Points[i]
			p.Sampled = append(slices.Clone(p.Profiled), p.Profiled[0])
		}
		w, err := Of(a, all)
		if err != nil || len(w.Places) != 1 || w.Places[0].Function != want || w.Rounds != map[bool]int{false: 6, true: 4}[sampled] || w.Sampled != sampled {
			t.Errorf("sampled %t: got %+v, %v, want %s", sampled, w, err, want)
		}
	}
	text := &profile.Profile{SampleType: []*profile.ValueType{{Type: "cpu", Unit: "nanoseconds"}},
		Comments: []string{"benchmark BenchmarkA-2", "ops 10", "workers 2", contract.ProfileSampled + " 1"}}
	var b bytes.Buffer
	if err := text.Write(&b); err != nil {
		t.Fatal(err)
	}
	if p, err := ReadProfile(&b); err != nil || !p.Sampled {
		t.Errorf("got %+v, %v, want one without a trace", p, err)
	}
}

func TestRefuses(t *testing.T) {
	lost := map[contract.Cause]float64{contract.Lock: 500}
	guilty := call{[]string{"main.guilty /p/g.go 99"}, map[string]float64{"lock": 500}}
	if _, err := Of(analysis(t, "", lost), nil); !errors.Is(err, ErrNoProfiles) {
		t.Errorf("no profiles: got %v", err)
	}
	if _, err := Of(analysis(t, "", lost), rounds(t, 2, 0, guilty)); err == nil || !strings.Contains(err.Error(), "2 rounds of profiles: at least 3") {
		t.Errorf("two rounds: got %v", err)
	}
	busy := fmt.Sprintf(" %g %s %g %s", 500e3, contract.UnitDelay, 900e3, contract.UnitOthers)
	if _, err := Of(analysis(t, busy, lost), rounds(t, 6, 0, guilty)); !errors.Is(err, ErrBusy) {
		t.Errorf("busy: got %v", err)
	}
	for _, text := range []string{"", "no profile"} {
		if p, err := ReadProfile(strings.NewReader(text)); err == nil {
			t.Errorf("%q: got %+v", text, p)
		}
	}
	foreign := &profile.Profile{SampleType: []*profile.ValueType{{Type: "cpu", Unit: "nanoseconds"}}}
	for _, tt := range []struct{ comment, want string }{{"", "was not written by amdahl"}, {"ops -1", `"ops -1" is wrong`}, {"workers NaN", "is wrong"}} {
		foreign.Comments = []string{tt.comment}
		var b bytes.Buffer
		if err := foreign.Write(&b); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadProfile(&b); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %s", tt.comment, err, tt.want)
		}
	}
}

func TestStandard(t *testing.T) {
	for _, tt := range []struct {
		f    frame
		want bool
	}{
		{frame{"runtime.mallocgc", "/usr/lib/go/src/runtime/malloc.go", 1}, true},
		{frame{"sync/atomic.(*Int64).Add", "/usr/lib/go/src/sync/atomic/type.go", 1}, true},
		{frame{"internal/poll.(*FD).Write", "internal/poll/fd_unix.go", 1}, true},
		{frame{"time.Sleep", "", 1}, true},
		{frame{"sort.By", "/home/me/sort/by.go", 1}, false}, // a module of this name
		{frame{"main.work", "/p/w.go", 1}, false},
		{frame{"example.com/sync.(*Mutex).Lock", "/p/src/sync/m.go", 1}, false},
	} {
		if got := standard(tt.f); got != tt.want {
			t.Errorf("%s in %s: got %v", tt.f.function, tt.f.file, got)
		}
	}
}

// The bound from work and span: no speedup without a place is above the workers, nor above
// what the serial part leaves that stays.
func TestBound(t *testing.T) {
	w := &Answer{N: 4, Speedup: 2}
	for share, want := range map[float64]float64{0: 2, 0.5: 4 / 1.5, 1: 4, 1.5: 4} {
		if got := w.karpFlatt(share); math.Abs(got-want) > 1e-12 {
			t.Errorf("%g: got %v, want %v", share, got, want)
		}
	}
	if got := (&Answer{N: 4, Speedup: 5}).without(nil, Place{}); got != 4 {
		t.Errorf("superlinear: got %v, want 4", got)
	}
	// 1 s of work, and 0.5 s of it alone: no lock can bring more than 2.
	w = &Answer{N: 4, Speedup: 1.5, work: 1, Span: 0.5}
	for _, tt := range []struct {
		p    Place
		want float64
	}{
		{Place{Cause: why.Lock}, 2},
		{Place{Cause: why.Serial, Cost: 0.6}, 1 / 0.3},
		{Place{Cause: why.Serial, Cost: 1.5}, 4},
	} {
		if got := w.bound(tt.p); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("%s, %g s: got %v, want %v", tt.p.Cause.Name, tt.p.Cost, got, tt.want)
		}
	}
	w.Speedup = 1.5
	if got := w.without(nil, Place{Cause: why.Lock, Share: stats.Estimate{Value: 1}}); got != 2 {
		t.Errorf("a lock that is all of the loss: got %v, want the bound 2", got)
	}
}

// With four levels, every level is compared, and the speedup without a place is that of the
// law fitted to the times without it.
func TestLevels(t *testing.T) {
	// 1000 µs of work, a serial part of 100 µs of it, and at n workers 60·(n−1) µs that a lock takes.
	var b strings.Builder
	var all []*Profile
	levels := []int{1, 2, 4, 8}
	lock := func(n int) float64 { return 60 * float64(n-1) }
	for _, n := range levels {
		serial := 100 * float64(n-1)
		paid := 1000 + serial + lock(n)
		for i := range 5 {
			fmt.Fprintf(&b, "BenchmarkA/size=4-%d 1000 %g ns/op\n", n, 1000*paid/float64(n)*(1+0.002*float64(i-2)))
		}
		b.WriteString("profiled: true\n")
		for round := 1; round <= 6; round++ {
			fmt.Fprintf(&b, "BenchmarkA/size=4-%d 1000 %g %s %g %s %g %s %g %s %g %s\n", n, 1000*paid/float64(n), contract.UnitTraced, 1000*paid, contract.UnitPaid,
				1e6, contract.UnitRunning, 1000*serial, contract.Serial.Unit(), 1000*lock(n), contract.Lock.Unit())
			calls := []call{{[]string{"main.setup /p/s.go 8", "main.run /p/r.go 3"}, map[string]float64{"cpu": 100, "serial": serial}}}
			calls = append(calls, base...)
			if n > 1 {
				calls = append(calls, call{[]string{"main.guilty /p/g.go 99", "main.run /p/r.go 3"}, map[string]float64{"lock": lock(n) * (1 + 0.01*float64(round-3))}})
			}
			all = append(all, written(t, fmt.Sprintf("BenchmarkA/size=4-%d", n), n, round, calls))
		}
		b.WriteString("profiled:\n")
	}
	set, err := read.Files(nil, strings.NewReader(b.String()), read.Options{X: read.GOMAXPROCS})
	if err != nil || len(set.Curves) != 1 {
		t.Fatal(err, set.Problems)
	}
	a, err := laws.Analyze(set.Curves[0], laws.Options{})
	if err != nil || a.Chosen == nil {
		t.Fatal(a, err)
	}
	w, err := Of(a, all)
	if err != nil || w.Law == "" || !slices.Equal(w.Levels, []float64{2, 4, 8}) || len(w.Places) != 2 {
		t.Fatalf("got %+v, %v", w, err)
	}
	if w.Places[0].Function != "main.setup" || w.Places[1].Function != "main.guilty" {
		t.Errorf("the order is %s, %s", w.Places[0].Function, w.Places[1].Function)
	}
	for i, want := range []struct{ cost8, without float64 }{
		{700, 8000 / (1000 + lock(8))}, // serial: its work stays, and runs in parallel
		{lock(8), 8000 / 1700.},
	} {
		p := w.Places[i]
		if math.Abs(p.Without-want.without) > 0.05*want.without || len(p.Growth) != 3 {
			t.Errorf("%s: a speedup of %v without it, want %v; %+v", p.Function, p.Without, want.without, p.Growth)
		}
		for k, n := range levels[1:] {
			want := want.cost8 * float64(n-1) / 7 * 1e-6
			if c := p.Growth[k]; c.N != float64(n) || math.Abs(c.Cost.Value-want) > 0.03*want || c.Cost.Interval == nil {
				t.Errorf("%s at %d: %+v, want %v", p.Function, n, c, want)
			}
		}
	}
	if math.Abs(w.Span-100e-6) > 3e-6 {
		t.Errorf("the span is %v, want the serial 100 µs", w.Span)
	}
	// Without the profiles of a level it is left out, and with one level it is Karp and Flatt's.
	few := slices.DeleteFunc(slices.Clone(all), func(p *Profile) bool { return p.Workers == 4 })
	if w, err := Of(a, few); err != nil || !slices.Equal(w.Levels, []float64{2, 8}) || math.Abs(w.Places[1].Without-8000/1700.) > 0.3 {
		t.Errorf("without level 4: %+v, %v", w, err)
	}
	// The curve has a law all the same, and what is said of the method is not that one.
	one := slices.DeleteFunc(few, func(p *Profile) bool { return p.Workers == 2 })
	if w, err := Of(a, one); err != nil || w.Law != "" || !slices.Equal(w.Levels, []float64{8}) || math.Abs(w.Speedup-8000/2120.) > 0.05 {
		t.Errorf("with level 8 alone: %+v, %v", w, err)
	}
}
