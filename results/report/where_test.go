package report

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"amdahl/results/stats"
	"amdahl/results/trace"
	"amdahl/results/where"
	"amdahl/results/why"
)

// costs are what a place costs at 2, 4 and 8 workers.
func costs(list ...float64) (all []where.Cost) {
	for i, v := range list {
		all = append(all, where.Cost{N: float64(int(2) << i), Cost: stats.Estimate{Value: v, Interval: &stats.Interval{Low: 0.9 * v, High: 1.1 * v}}})
	}
	return all
}

// answers are four series, of which one has a guilty place.
func answers() []*where.Answer {
	return []*where.Answer{
		{Series: "Index/size=4", Sure: true, Cost: 0.031, N: 8, Rounds: 6, Speedup: 3.1, Law: "Amdahl's law", Paid: 2.6e-3, Loss: 1.6e-3, Known: 0.71, Levels: []float64{2, 4, 8},
			Places: []where.Place{{Function: "example.com/index.(*Table).add", File: "/src/index/table.go", Line: 81, Cause: why.Lock,
				Share: stats.Estimate{Value: 0.71, Interval: &stats.Interval{Low: 0.66, High: 0.76}}, Cost: 1.14e-3, Without: 5.6, Path: []string{"main.main", "x"}, Growth: costs(0.16e-3, 0.48e-3, 1.14e-3)}}},
		{Series: "Clean", Sure: true, N: 2, Levels: []float64{2}, Rounds: 6, Speedup: 1.97, Paid: 1.02e-3, Loss: 0.02e-3},
		{Series: "Unsure", N: 2, Rounds: 6, Speedup: 1.9, Paid: 1.05e-3, Loss: 0.05e-3},
		{Series: "Quicker", N: 2, Rounds: 6, Speedup: 2.1, Paid: 0.9e-3, Loss: -0.1e-3},
	}
}

func TestWhere(t *testing.T) {
	var b strings.Builder
	if err := Where(&b, answers(), Options{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "where.golden", b.String())
}

// The method says what the last column goes by, and why not by a law.
func TestWhereMethod(t *testing.T) {
	for _, tt := range []struct {
		a    where.Answer
		want string
	}{
		{where.Answer{N: 2, Levels: []float64{2}}, "because two levels support no law."},
		{where.Answer{N: 4, Levels: []float64{2, 4}}, "because no law that holds can be fitted to these levels."},
		{where.Answer{N: 2, Levels: []float64{2}, Rounds: 6, Cost: 0.02}, "the spread of 6 traced rounds, which were up to 2.0 % slower, and of the times of the rounds without a trace,"},
		{where.Answer{N: 2, Levels: []float64{2}, Rounds: 6, Sampled: true}, "the spread of 6 profiled rounds, which were not slower, and of the times of the rounds without profiles,"},
		{where.Answer{N: 4, Levels: []float64{2, 4}, Law: "Amdahl's law"}, "is that by the chosen law (Amdahl's law), fitted to the times of all levels without what the place costs there."},
	} {
		if got := whereMethod(&tt.a); !strings.Contains(got, tt.want) {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

// The JSON has what its readers are promised, and an empty list where nothing is guilty.
func TestWhereJSON(t *testing.T) {
	var b strings.Builder
	if err := WhereJSON(&b, answers()); err != nil {
		t.Fatal(err)
	}
	var d struct {
		Version int
		Places  []struct {
			Function, File, Cause string
			Line                  int
			Share                 struct{ Value, Low, High float64 }
			Without               float64 `json:"speedup_without"`
			Levels                []struct{ N, Cost, Low, High float64 }
		}
	}
	if err := json.Unmarshal([]byte(b.String()), &d); err != nil {
		t.Fatal(err)
	}
	if d.Version != 1 || len(d.Places) != 1 {
		t.Fatalf("got %+v", d)
	}
	if p := d.Places[0]; p.Function != "example.com/index.(*Table).add" || p.File != "/src/index/table.go" || p.Line != 81 || p.Cause != "lock" ||
		p.Share.Value != 0.71 || p.Share.Low != 0.66 || p.Share.High != 0.76 || p.Without != 5.6 || len(p.Levels) != 3 || p.Levels[1].N != 4 || p.Levels[1].Cost != 0.48e-3 {
		t.Errorf("got %+v", p)
	}
	var promised struct{ Places []map[string]any }
	if err := json.Unmarshal([]byte(b.String()), &promised); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{"function": "", "file": "", "cause": "", "line": 0., "speedup_without": 0., "share": map[string]any{}} {
		if got := promised.Places[0][key]; reflect.TypeOf(got) != reflect.TypeOf(want) {
			t.Errorf("%s is %T, want %T", key, got, want)
		}
	}
	if share := promised.Places[0]["share"].(map[string]any); len(share) != 3 || share["value"] != 0.71 || share["low"] != 0.66 || share["high"] != 0.76 {
		t.Errorf("the share is %v", share)
	}
	b.Reset()
	if err := WhereJSON(&b, answers()[1:]); err != nil || !strings.Contains(b.String(), `"places": []`) {
		t.Errorf("got %s, %v, want an empty list", &b, err)
	}
}

func TestCritical(t *testing.T) {
	c := &trace.CriticalPath{Time: 200 * time.Millisecond, Parts: []trace.CriticalPart{
		{Name: "main.work", Doing: "running", Reason: "sync", Where: "main.release:81", Time: 150 * time.Millisecond, Count: 12},
		{Name: "main.main", Doing: "waiting", Reason: "sleep", Where: "main.pause:7", Time: 40 * time.Millisecond, Count: 1},
	}}
	for range mostParts {
		c.Parts = append(c.Parts, trace.CriticalPart{Name: "main.other", Doing: "runnable", Time: 666 * time.Microsecond, Count: 1})
	}
	var b strings.Builder
	if err := Critical(&b, "trace-cpu=2", c, Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"The critical path, of 200 ms", "75 %", "main.release:81", "And 2 more parts"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
}
