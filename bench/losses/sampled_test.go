package losses

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"amdahl/bench/contract"
)

// A sampled is a sample of a profile: a stack, the innermost function first, and its value.
type sampled struct {
	functions []string
	count     int64
	ns        int64
}

// profileOf writes a profile.
func profileOf(t *testing.T, list ...sampled) []byte {
	t.Helper()
	p := &profile.Profile{SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}}}
	known := map[string]*profile.Location{}
	for _, x := range list {
		s := &profile.Sample{Value: []int64{x.count, x.ns}}
		for _, name := range x.functions {
			if known[name] == nil {
				fn := &profile.Function{ID: uint64(len(p.Function) + 1), Name: name, Filename: "x.go"}
				known[name] = &profile.Location{ID: fn.ID, Line: []profile.Line{{Function: fn, Line: 7}}}
				p.Function, p.Location = append(p.Function, fn), append(p.Location, known[name])
			}
			s.Location = append(s.Location, known[name])
		}
		p.Sample = append(p.Sample, s)
	}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// writeRegion writes the files of the first benchmark of a run without a trace: 100 operations in
// 1 s at two workers.
func writeRegion(t *testing.T, text string, cpu []byte, mutex, block [2][]byte) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, b := range map[string][]byte{"txt": []byte(text), "cpu": cpu, "mutex0": mutex[0], "mutex1": mutex[1], "block0": block[0], "block1": block[1]} {
		if b == nil {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, "1."+name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Stacks of the tests.
var (
	ofWorker  = []string{"x.work", "x.BenchmarkA.func1", "testing.(*B).RunParallel.func1"}
	ofParent  = []string{"x.setup", "x.BenchmarkA", "testing.(*B).runN", "testing.(*B).launch"}
	inMutex   = []string{"runtime.procyield", "internal/sync.(*Mutex).lockSlow", "sync.(*Mutex).Lock", "x.BenchmarkA.func1", "testing.(*B).RunParallel.func1"}
	unlocks   = []string{"sync.(*Mutex).Unlock", "x.section", "testing.(*B).RunParallel.func1"}
	atMutex   = []string{"sync.(*Mutex).Lock", "x.BenchmarkA.func1", "testing.(*B).RunParallel.func1"}
	atChannel = []string{"runtime.chanrecv1", "x.BenchmarkA.func1", "testing.(*B).RunParallel.func1"}
	atGroup   = []string{"sync.(*WaitGroup).Wait", "x.BenchmarkA.func1", "testing.(*B).RunParallel.func1"}
	parentAt  = []string{"runtime.chanrecv1", "x.BenchmarkA", "testing.(*B).runN", "testing.(*B).launch"}
	switches  = []string{"runtime.selectgo", contract.ProfilesSwitch, "testing.(*whyProfiles).begin.gowrap1"}
	schedules = []string{"runtime.execute", "runtime.schedule", "runtime.mcall"}
	searches  = []string{"runtime.usleep", "runtime.runqgrab", "runtime.stealWork", "runtime.findRunnable", "runtime.schedule", "runtime.mcall"}
	finds     = []string{"runtime.runqget", "runtime.findRunnable", "runtime.schedule", "runtime.mcall"}
)

// The rules of the account without a trace, each where it decides. The block profile was on for
// half of the time.
func TestSampled(t *testing.T) {
	const ms = 1_000_000
	for _, tt := range []struct {
		name              string
		cpu, gc, runnable float64 // ms, of 2000 that are paid
		used              []sampled
		waited            []sampled
		running           float64 // ms
		want              map[contract.Cause]float64
		released          int64 // by the mutex profile, ns
	}{
		{"two workers that compute", 2000, 0, 0, []sampled{{ofWorker, 200, 2000 * ms}}, nil, 2000, nil, 0},
		{"a lock", 1000, 0, 0, []sampled{{ofWorker, 100, 1000 * ms}}, []sampled{{atMutex, 900_000_000, 550 * ms}}, 1000,
			map[contract.Cause]float64{contract.Lock: 1000}, 0},
		{"a lock that explains a half", 1000, 0, 0, []sampled{{ofWorker, 100, 1000 * ms}}, []sampled{{atMutex, 900_000_000, 250 * ms}}, 1000,
			map[contract.Cause]float64{contract.Lock: 500, contract.Unattributed: 500}, 0},
		{"the goroutine of the benchmark works alone, and the others wait for it", 1000, 0, 0, []sampled{{ofParent, 60, 600 * ms}, {ofWorker, 40, 400 * ms}},
			[]sampled{{atChannel, 900_000_000, 900 * ms}}, 1000, map[contract.Cause]float64{contract.Serial: 600, contract.Channel: 400}, 0},
		{"its own waiting is for the others, and that of the profile does not count", 1000, 0, 0, []sampled{{ofWorker, 100, 1000 * ms}}, []sampled{{parentAt, 9, 900 * ms}, {atGroup, 1, 900 * ms}, {switches, 1, 900 * ms}}, 1000,
			map[contract.Cause]float64{contract.Unattributed: 1000}, 0},
		{"a processor that looks for work is idle, one that switches is not", 1000, 0, 0,
			[]sampled{{ofWorker, 50, 500 * ms}, {searches, 30, 300 * ms}, {schedules, 15, 150 * ms}, {finds, 5, 50 * ms}}, []sampled{{atMutex, 900_000_000, 2000 * ms}}, 500,
			map[contract.Cause]float64{contract.Dispatch: 200, contract.Lock: 1300}, 0},
		{"garbage collection, and goroutines that could run", 1000, 300, 400, []sampled{{ofWorker, 100, 1000 * ms}}, nil, 700,
			map[contract.Cause]float64{contract.GC: 300, contract.Dispatch: 400, contract.Unattributed: 600}, 0},
		{name: "waits for a lock that are too long for the block profile", cpu: 1000, used: []sampled{{ofWorker, 100, 1000 * ms}}, running: 1000, released: 700 * ms,
			want: map[contract.Cause]float64{contract.Lock: 700, contract.Unattributed: 300}},
		{name: "waits of half a stretch of the block profile", cpu: 1000, used: []sampled{{ofWorker, 100, 1000 * ms}}, waited: []sampled{{atChannel, 100, 50 * ms}}, running: 1000,
			want: map[contract.Cause]float64{contract.Channel: 200, contract.Unattributed: 800}},
		{name: "few samples say nothing of the scheduler", cpu: 1000, used: []sampled{{schedules, 1, 10 * ms}}, running: 1000,
			want: map[contract.Cause]float64{contract.Unattributed: 1000}},
		{name: "more garbage collection than CPU time", cpu: 300, gc: 700, used: []sampled{{ofWorker, 30, 300 * ms}},
			want: map[contract.Cause]float64{contract.GC: 300, contract.Unattributed: 1700}},
		{"more CPU time than is paid", 2600, 0, 0, []sampled{{ofWorker, 260, 2600 * ms}}, []sampled{{atMutex, 900_000_000, 900 * ms}}, 2000, nil, 0},
		{"no sample", 800, 0, 0, nil, nil, 800, map[contract.Cause]float64{contract.Unattributed: 1200}, 0},
	} {
		text := strings.TrimSpace(strings.Join([]string{"500000000 100 2 2 1000000000", num(tt.cpu * ms), num(tt.gc * ms), num(tt.runnable * ms), "BenchmarkA/size=4 x"}, " "))
		// What was waited for before the region does not count.
		before := []sampled{{atMutex, 3, 5000 * ms}, {unlocks, 3, 5000 * ms}}
		after := append(slices.Clone(before), tt.waited...)
		released := append(slices.Clone(before), sampled{unlocks, 1, max(1, tt.released)})
		dir := writeRegion(t, text, profileOf(t, tt.used...), [2][]byte{profileOf(t, before...), profileOf(t, released...)}, [2][]byte{profileOf(t, before...), profileOf(t, after...)})
		all, err := Sampled(dir)
		if err != nil || len(all) != 1 {
			t.Errorf("%s: got %d results, %v", tt.name, len(all), err)
			continue
		}
		r := all[0]
		if r.Name != "BenchmarkA/size=4 x" || r.N != 100 || r.Procs != 2 || r.Workers != 2 || r.Time != 1e9 || !r.Sampled {
			t.Errorf("%s: got %+v", tt.name, r)
		}
		sum := r.Running
		for c, v := range r.Parts {
			sum += v
			if math.Abs(v/ms-tt.want[c]) > 1e-3 {
				t.Errorf("%s: %s has %g ms, want %g", tt.name, c, v/ms, tt.want[c])
			}
		}
		if math.Abs(r.Running/ms-tt.running) > 1e-3 || math.Abs(sum/ms-2000) > 1e-3 {
			t.Errorf("%s: %g ms of running, want %g; all parts are %g, want 2000", tt.name, r.Running/ms, tt.running, sum/ms)
		}
		// The waiting for a lock stands at who released it.
		p := r.Profile()
		if !strings.Contains(strings.Join(p.Comments, "\n"), contract.ProfileSampled+" 1") {
			t.Errorf("%s: the profile does not say that it is without a trace: %q", tt.name, p.Comments)
		}
		at := int64(0)
		for _, x := range p.Sample {
			for i, v := range p.SampleType {
				if v.Type == string(contract.Lock) && x.Value[i] > 0 {
					at += x.Value[i]
					if name := x.Location[1].Line[0].Function.Name; name != "x.section" {
						t.Errorf("%s: waiting stands at %s, want x.section", tt.name, name)
					}
				}
			}
		}
		if math.Abs(float64(at)/ms-tt.want[contract.Lock]) > 1e-3 {
			t.Errorf("%s: the profile has %d ns of waiting for the lock, want %g ms", tt.name, at, tt.want[contract.Lock])
		}
	}
}

func num(v float64) string { return strconv.FormatFloat(v, 'f', 0, 64) }

// Spinning is CPU time of the lock.
func TestSampledSpinning(t *testing.T) {
	none := [2][]byte{profileOf(t), profileOf(t)}
	dir := writeRegion(t, "1000 1 2 2 1000 2000 0 0 BenchmarkA", profileOf(t, sampled{ofWorker, 3, 30_000_000}, sampled{inMutex, 7, 70_000_000}), none, none)
	all, err := Sampled(dir)
	if err != nil || len(all) != 1 || all[0].LockCPU != 70e6 || all[0].Own != 30e6 || all[0].Samples != 10 || all[0].Running != 2000 {
		t.Errorf("got %+v, %v", all, err)
	}
}

// Files that are damaged or missing are errors that name them; none at all is no benchmark.
func TestSampledDamaged(t *testing.T) {
	if all, err := Sampled(t.TempDir()); len(all) > 0 || err != nil {
		t.Errorf("nothing: got %v, %v", all, err)
	}
	p := profileOf(t)
	whole := [2][]byte{p, p}
	const text = "1000 1 2 2 1000 2000 0 0 BenchmarkA"
	for _, tt := range []struct {
		text         string
		cpu          []byte
		mutex, block [2][]byte
		want         string
	}{
		{"1000 1 2 2 1000 2000 0 BenchmarkA", p, whole, whole, "1.txt: \"1000 1 2 2 1000"},
		{"1000 0 2 2 1000 2000 0 0 BenchmarkA", p, whole, whole, "numbers above 0 are needed"},
		{"1000 1 2 2 NaN 2000 0 0 BenchmarkA", p, whole, whole, "numbers above 0 are needed"},
		{"1000 1 2 x 1000 2000 0 0 BenchmarkA", p, whole, whole, "invalid syntax"},
		{text, []byte("no profile"), whole, whole, "1.cpu: "},
		{text, p, [2][]byte{nil, p}, whole, "a profile is missing: open "},
		{text, p, whole, [2][]byte{p, []byte{}}, "1.block1: "},
	} {
		all, err := Sampled(writeRegion(t, tt.text, tt.cpu, tt.mutex, tt.block))
		if err == nil || !strings.Contains(err.Error(), tt.want) || len(all) > 0 {
			t.Errorf("%q: got %v, %v, want an error with %q", tt.text, all, err, tt.want)
		}
	}
}

// Whatever stands in the files, the parts of what is read are times that add up to what was
// paid, or there is an error.
func FuzzSampled(f *testing.F) {
	var t testing.T
	p := profileOf(&t, sampled{ofWorker, 3, 30_000_000}, sampled{inMutex, 7, 70_000_000}, sampled{searches, 1, 10_000_000})
	f.Add("500 1 2 2 1000 2000 0 0 BenchmarkA", p, profileOf(&t), profileOf(&t, sampled{unlocks, 3, 500}))
	f.Add("1000 7 2 8 1e9 2e9 1 5 BenchmarkA b", p, p, p)
	f.Fuzz(func(t *testing.T, text string, cpu, before, after []byte) {
		all, err := Sampled(writeRegion(t, text, cpu, [2][]byte{before, after}, [2][]byte{before, after}))
		if err != nil {
			return
		}
		for _, r := range all {
			sum := r.Running
			for c, v := range r.Parts {
				if !(v >= 0) {
					t.Errorf("%s has %g ns", c, v)
				}
				sum += v
			}
			if paid := r.Workers * r.Time; !(math.Abs(sum-paid) <= 1e-6*paid) {
				t.Errorf("the parts add up to %g of %g", sum, paid)
			}
			if err := r.Profile().CheckValid(); err != nil {
				t.Error(err)
			}
		}
	})
}
