package main

import (
	"bufio"
	"bytes"
	"flag"
	"maps"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"amdahl/results/stats"
)

var profileCost = flag.String("profile-cost", "", "measure what profiles and the trace cost the planted programs that this pattern of -test.bench selects; the machine has to be quiet; with -test.run ProfileCost -test.v")

// Mutex and CPU profiles cost at most 5 % of the time at two workers, and what the execution
// trace costs is printed beside that. It measures for minutes, on a quiet machine:
//
//	go test ./cmd/amdahl -run ProfileCost -profile-cost 'strength=60' -v -timeout 1h
func TestProfileCost(t *testing.T) {
	if *profileCost == "" {
		t.Skip("measures for minutes, on a quiet machine; -profile-cost .")
	}
	dir := t.TempDir()
	binary := filepath.Join(dir, "planted.test")
	compile := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", binary, ".")
	compile.Dir = filepath.Join("testdata", "planted")
	if out, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	with := map[string][]string{
		"nothing": nil, "CPU profile": {"-test.cpuprofile=" + filepath.Join(dir, "cpu")},
		"mutex profile":                   {"-test.mutexprofile=" + filepath.Join(dir, "mutex"), "-test.mutexprofilefraction=1"},
		"execution trace and CPU profile": {"-test.trace=" + filepath.Join(dir, "trace"), "-test.cpuprofile=" + filepath.Join(dir, "cpu")},
	}
	names := slices.Sorted(maps.Keys(with))
	times := map[string]map[string][]float64{} // by benchmark and by what was on
	for range 10 {
		for _, i := range rand.Perm(len(names)) {
			args := append([]string{"-test.run=^$", "-test.bench=" + *profileCost, "-test.cpu=2", "-test.benchtime=300ms"}, with[names[i]]...)
			cmd := exec.CommandContext(t.Context(), binary, args...)
			cmd.Dir = dir
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%s: %v: %s", names[i], err, out)
			}
			for benchmark, ns := range nsPerOp(out) {
				if times[benchmark] == nil {
					times[benchmark] = map[string][]float64{}
				}
				times[benchmark][names[i]] = append(times[benchmark][names[i]], ns)
			}
		}
	}
	if len(times) == 0 {
		t.Fatalf("no benchmark matches %q", *profileCost)
	}
	for _, benchmark := range slices.Sorted(maps.Keys(times)) {
		base := stats.MedianEstimate(times[benchmark]["nothing"], 0.95)
		for _, name := range names {
			if name == "nothing" {
				continue
			}
			cost := stats.Quotient(stats.MedianEstimate(times[benchmark][name], 0.95), base)
			t.Logf("%-50s %-32s %+5.1f %% [%+.1f, %+.1f]", benchmark, name, 100*(cost.Value-1), 100*(cost.Interval.Low-1), 100*(cost.Interval.High-1))
			if name != "execution trace and CPU profile" && cost.Interval.Low > 1.05 {
				t.Errorf("%s: the %s costs %.1f %%, want 5 %% at most", benchmark, name, 100*(cost.Value-1))
			}
		}
	}
}

var nsLine = regexp.MustCompile(`^(Benchmark\S+)\s+\d+\s+([0-9.]+) ns/op`)

// nsPerOp are the times of benchmark text, by the names.
func nsPerOp(text []byte) map[string]float64 {
	all := map[string]float64{}
	for in := bufio.NewScanner(bytes.NewReader(text)); in.Scan(); {
		if m := nsLine.FindStringSubmatch(in.Text()); m != nil {
			all[m[1]], _ = strconv.ParseFloat(m[2], 64)
		}
	}
	return all
}
