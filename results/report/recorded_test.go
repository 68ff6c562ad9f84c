package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/report/page"
)

// traced is an operation of two tasks on two lanes, the second twice as long.
func traced(name string, workers int, long time.Duration) *contract.Operation {
	task := func(i int, to time.Duration) contract.Task {
		return contract.Task{Index: i, Lane: i, To: to, Stays: []contract.Stay{{State: contract.StateCompute, To: to}}}
	}
	return &contract.Operation{
		Case: name, Workers: workers, Time: long, Lanes: []contract.Lane{{}, {Number: 1}},
		Tasks: []contract.Task{task(0, long/2), task(1, long)},
	}
}

// A page has the operations that were recorded of its series, by level, and no others;
// of several at one level the one of median time.
func TestRecordings(t *testing.T) {
	c := &results.Curve{Name: results.ParseName("Strong/workload=hash/strategy=fixed"), X: "workers", Points: []results.Point{{Workers: 1}, {Workers: 2}}}
	other := &results.Curve{Name: results.ParseName("Strong/workload=hash/strategy=spawn"), X: "workers", Points: c.Points}
	const ms = time.Millisecond
	ops := []*contract.Operation{
		traced("Strong/workload=hash/strategy=fixed/workers=2", 2, 30*ms),
		traced("Strong/workload=hash/strategy=fixed/workers=2", 2, 10*ms),
		traced("Strong/workload=hash/strategy=fixed/workers=2", 2, 20*ms),
		traced("Strong/workload=hash/strategy=fixed/workers=8", 8, 5*ms), // no level of the curve
		traced("Strong/workload=sleep/strategy=fixed/workers=2", 2, 5*ms),
	}
	for i, want := range []bool{true, true, true, false, false} {
		if got := Belongs(ops[i], []*results.Curve{other, c}); got != want {
			t.Errorf("operation %d belongs: %v, want %v", i, got, want)
		}
	}
	m := &pageMaker{o: Options{Recorded: ops}}
	if got := m.recordings(other); got != nil {
		t.Errorf("another series has %d recordings", len(got))
	}
	all := m.recordings(c)
	if len(all) != 1 || all[0].N != 2 || all[0].Time != 0.02 {
		t.Fatalf("got %+v, want one of 2 workers and 20 ms", all)
	}
	rec := all[0]
	if len(rec.Rows) != 2 || rec.Lanes != 2 {
		t.Fatalf("rows %+v", rec.Rows)
	}
	useful := slices.IndexFunc(m.page.Data.Causes, func(c page.Cause) bool { return c.Name == string(contract.Useful) })
	if runs := rec.Rows[0].Runs; useful < 0 || runs[0] != useful || runs[1] != recordedColumns/2 {
		t.Errorf("the first lane computes half of the time: %v, causes %+v", runs, m.page.Data.Causes)
	}
	if runs := rec.Rows[1].Runs; !slices.Equal(runs, []int{useful, recordedColumns}) {
		t.Errorf("the second lane computes all the time: %v", runs)
	}
	if s := rec.Shares[useful]; s < 0.749 || s > 0.751 {
		t.Errorf("three quarters compute: %v", rec.Shares)
	}
}

// What was recorded is on the page, in the data of its script.
func TestPageHasRecordings(t *testing.T) {
	as := byHand()[:1]
	c := as[0].Curve
	n := int(c.Points[len(c.Points)-1].Workers)
	o := traced(fmt.Sprintf("%s/workers=%d", c.Name.String(), n), n, time.Second)
	for _, ops := range [][]*contract.Operation{nil, {o}} {
		var b strings.Builder
		if err := Page(&b, []*laws.Analysis{as[0]}, Options{Recorded: ops}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(b.String(), fmt.Sprintf(`"rec":[{"n":%d,"time":1,`, n)); got != (ops != nil) {
			t.Errorf("with %d operations the page has a recording: %v", len(ops), got)
		}
	}
}
