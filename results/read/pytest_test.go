package read

import (
	"strings"
	"testing"
)

// What pytest-benchmark writes of each benchmark has "iterations", as Google Benchmark has:
// it is read as what it is.
func TestPytestIterations(t *testing.T) {
	const text = `{"machine_info": {"system": "Linux"}, "commit_info": {"id": "a"}, "benchmarks": [
 {"name": "test_map[1]", "params": {"n_jobs": 1}, "extra_info": {}, "stats": {"min": 0.5, "mean": 0.5, "rounds": 5, "iterations": 1}},
 {"name": "test_map[2]", "params": {"n_jobs": 2}, "extra_info": {}, "stats": {"min": 0.3, "mean": 0.3, "rounds": 5, "iterations": 1}}], "version": "4.0.0"}`
	set, err := Files(nil, strings.NewReader(text), Options{})
	if err != nil || len(set.Problems) > 0 || len(set.Curves) != 1 || len(set.Curves[0].Points) != 2 {
		t.Fatalf("got %+v, %v, want one curve of two levels", set, err)
	}
	if c := set.Curves[0]; c.X != "n_jobs" || c.Points[0].Samples[0].Time != 0.5 || c.Points[1].Samples[0].Time != 0.3 {
		t.Errorf("got x %s and %+v", c.X, c.Points)
	}
}

// A program that was timed without any number of workers has no GOMAXPROCS.
func TestNoWorkersOfCommands(t *testing.T) {
	const text = `{"results": [{"command": "./serial", "mean": 3, "times": [3, 3.1], "exit_codes": [0, 0]}, {"command": "./parallel", "mean": 1, "times": [1, 1.1], "exit_codes": [0, 0]}]}`
	set, err := Files(nil, strings.NewReader(text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range set.Curves {
		if c.X == GOMAXPROCS {
			t.Errorf("%s has the x axis %s", c.Name, c.X)
		}
	}
}
