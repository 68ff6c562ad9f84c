package read

import (
	"strings"
	"testing"
)

// A size that grows in proportion to the workers is asked about, and is no question any more where
// the user answers it.
func TestGrowingWork(t *testing.T) {
	const text = "cores,problem_size,time\n1,1000,10\n2,2000,11\n4,4000,13\n"
	const question = `<stdin>:1: the column "problem_size" grows in proportion to "cores": if it is the work of all, so that each worker does as much at every level: amdahl fit --work-per-worker, or if every level does the same work: amdahl fit -x cores --time time`
	_, err := read(t, text, Options{})
	if err == nil || err.Error() != question {
		t.Errorf("got %v, want %s", err, question)
	}
	for _, o := range []Options{{WorkPerWorker: true}, {X: "cores", Time: []string{"time"}}} {
		s, err := read(t, text, o)
		if err != nil || len(s.Curves) != 1 || len(s.Problems) > 0 {
			t.Errorf("%v: got %v, %v", o, s, err)
			continue
		}
		if got := string(s.Curves[0].Kind); (got == "weak") != o.WorkPerWorker {
			t.Errorf("%v: it is %s", o, got)
		}
		if o.WorkPerWorker && strings.Contains(notes(s.Notes), "work-per-worker") {
			t.Errorf("%v: got notes %v", o, s.Notes)
		}
	}
	for _, tt := range []struct {
		name, text string
		asks       bool
	}{
		{"a column of any name, exactly", "ranks,bodies,seconds\n1,4096,10\n2,8192,11\n4,16384,13\n", true},
		{"a size that stays", "cores,problem_size,time\n1,1000,10\n2,1000,5.5\n4,1000,3.25\n", false},
		{"processors of nodes", "nodes,slots,time\n1,4,10\n2,8,5.5\n4,16,3.25\n", false},
		{"a throughput has the work in it", "cores,size,ops/s\n1,1000,10\n2,2000,18\n4,4000,31\n", false},
		{"a time that happens to grow", "cores,t2,time\n1,1.5,10\n2,3.1,5.5\n4,6.4,3.25\n", false},
	} {
		_, err := read(t, tt.text, Options{})
		if asks := err != nil && strings.Contains(err.Error(), "grows in proportion"); asks != tt.asks {
			t.Errorf("%s: got %v", tt.name, err)
		}
	}
}
