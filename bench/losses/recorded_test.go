package losses

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"amdahl/bench/contract"
)

// recorded opens a trace of testdata: of a planted program at two workers, 100 operations,
// recorded with
//
//	go test -c -overlay overlay.json ./cmd/amdahl/testdata/planted
//	planted.test -test.bench Lock/./strength=60 -test.cpu 2 -test.benchtime 100x -test.trace lock.trace -test.cpuprofile x
//
// on two processors that other programs used too.
func recorded(t *testing.T, name string) *bytes.Reader {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".trace.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(z); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b.Bytes())
}

// Of recorded programs, the planted cause has nearly all of the time of workers that did
// not run, and its function is in the profile.
func TestRecorded(t *testing.T) {
	for _, tt := range []struct {
		name     string
		cause    contract.Cause
		least    float64 // of the time of workers that did not run
		function string
	}{
		{"lock", contract.Lock, 0.8, "planted.BenchmarkLock"},
		{"channel", contract.Channel, 0.8, "planted.BenchmarkChannel"},
		{"serial", contract.Serial, 0.7, "planted.setup"},
		{"imbalance", contract.Imbalance, 0.8, "planted.long"},
	} {
		all, err := Read(recorded(t, tt.name))
		if err != nil || len(all) != 1 {
			t.Errorf("%s: got %d results, %v, want one", tt.name, len(all), err)
			continue
		}
		r := all[0]
		idle, sum := 0.0, r.Running
		for _, v := range r.Parts {
			idle += v
			sum += v
		}
		if paid := r.Workers * r.Time; sum < 0.9999*paid || sum > 1.0001*paid || r.Workers != 2 || r.Procs != 2 || r.N != 100 {
			t.Errorf("%s: the parts add up to %g ns of %g; %+v", tt.name, sum, paid, r)
		}
		if own := r.Parts[tt.cause] / idle; own < tt.least {
			t.Errorf("%s: %.3f of the time without work is %s, want %g; all: %v", tt.name, own, tt.cause, tt.least, r.Parts)
		}
		p := r.Profile()
		under, total := int64(0), int64(0)
		for _, x := range p.Sample {
			for i, v := range p.SampleType {
				if v.Type != string(tt.cause) {
					continue
				}
				total += x.Value[i]
				if slices.ContainsFunc(x.Location, func(l *profile.Location) bool { return strings.HasPrefix(l.Line[0].Function.Name, tt.function) }) {
					under += x.Value[i]
				}
			}
		}
		if float64(under) < 0.9*float64(total) || total == 0 {
			t.Errorf("%s: %d ns of %d are below %s, want nine tenths", tt.name, under, total, tt.function)
		}
	}
}

// A goroutine that sits in a system call for the whole trace runs nothing: here it is the one
// that writes the CPU profile, of which the trace says nothing but that, while the program
// sleeps. All twelve programs of BenchmarkClean are in it, at one worker.
func TestAsleep(t *testing.T) {
	all, err := Read(recorded(t, "asleep"))
	if err != nil || len(all) != 12 {
		t.Fatalf("got %d results, %v, want 12", len(all), err)
	}
	for _, r := range all {
		share, want := r.Running/r.Time, 0.98
		if strings.HasSuffix(r.Name, "sleep") {
			share, want = r.Parts[contract.IO]/r.Time, 0.98
		}
		if share < want {
			t.Errorf("%s: running, or asleep, for a share of %.3f, want %g: %v", r.Name, share, want, r.Parts)
		}
	}
}

// A trace that is cut anywhere is an error or a result, and never a panic.
func TestCut(t *testing.T) {
	r := recorded(t, "lock")
	text := make([]byte, r.Len())
	if _, err := r.Read(text); err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(text); n += 1 + len(text)/50 {
		if all, err := Read(bytes.NewReader(text[:n])); err == nil && len(all) == 0 {
			t.Errorf("cut at %d: neither a result nor an error", n)
		}
	}
	if _, err := Read(strings.NewReader("go 1.26 trace\x00\x00\x00" + fmt.Sprint(text))); err == nil {
		t.Error("no error for what is no trace")
	}
}
