package timeline

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"amdahl/bench/contract"
)

// A read event is one as any reader of the format sees it.
type readEvent struct {
	Name, Cat, Ph, BP string
	TS, Dur           json.Number
	PID, TID, ID      *int
	Args              map[string]any
}

// ns is a time of the file in ns; it must be whole.
func ns(n json.Number) (int64, error) {
	us, err := n.Float64()
	ns := math.Round(us * 1000)
	if err != nil || math.Abs(ns-us*1000) > 1e-3 || ns < 0 {
		return 0, fmt.Errorf("%q is no time in µs with up to three decimals", n)
	}
	return int64(ns), nil
}

// A row is one thread of a trace.
type row struct{ pid, tid int }

// rules checks a trace against the rules of the format and of Perfetto, and
// returns what breaks them: slices of a thread nest and come in the order of
// time; flows begin and end in a slice of their thread, once each, and not
// backwards; counters are numbers; every process and thread has a name.
func rules(events []readEvent) (broken []string) {
	say := func(e readEvent, format string, args ...any) {
		broken = append(broken, fmt.Sprintf("%s %q at %s: ", e.Ph, e.Name, e.TS)+fmt.Sprintf(format, args...))
	}
	type span struct{ from, to int64 }
	open := map[row][]span{}
	slicesOf := map[row][]span{}
	last := map[row]int64{}
	names := map[string]bool{}
	flows := map[int][]readEvent{}
	for _, e := range events {
		if e.PID == nil || e.TID == nil || e.Name == "" {
			say(e, "an event needs a name, a pid and a tid")
			continue
		}
		r := row{*e.PID, *e.TID}
		if e.Ph == "M" {
			names[fmt.Sprint(e.Name, r.pid)] = true
			names[fmt.Sprint(e.Name, r)] = true
			continue
		}
		ts, err := ns(e.TS)
		if err != nil {
			say(e, "%v", err)
			continue
		}
		if !names[fmt.Sprint("process_name", r.pid)] || !names[fmt.Sprint("thread_name", r)] {
			say(e, "its process %d or thread %d has no name yet", r.pid, r.tid)
		}
		if ts < last[r] {
			say(e, "it comes after one at %d ns of its thread", last[r])
		}
		last[r] = ts
		switch e.Ph {
		case "X":
			dur, err := ns(e.Dur)
			if err != nil {
				say(e, "dur: %v", err)
				continue
			}
			for len(open[r]) > 0 && open[r][len(open[r])-1].to <= ts {
				open[r] = open[r][:len(open[r])-1]
			}
			if n := len(open[r]); n > 0 && ts+dur > open[r][n-1].to {
				say(e, "it ends after the slice that it began in")
			}
			open[r] = append(open[r], span{ts, ts + dur})
			slicesOf[r] = append(slicesOf[r], span{ts, ts + dur})
		case "s", "f":
			if e.ID == nil || e.Cat == "" || e.Ph == "f" && e.BP != "e" {
				say(e, "a flow needs an id, a category and, at its end, bp e")
				continue
			}
			flows[*e.ID] = append(flows[*e.ID], e)
			if !slices.ContainsFunc(slicesOf[r], func(s span) bool { return s.from <= ts && ts <= s.to }) {
				say(e, "no slice of its thread encloses it")
			}
		case "C":
			for key, v := range e.Args {
				if _, ok := v.(float64); !ok {
					say(e, "its value %s is no number", key)
				}
			}
			if len(e.Args) == 0 {
				say(e, "it counts nothing")
			}
		default:
			say(e, "nothing here writes such events")
		}
	}
	for id, f := range flows {
		slices.SortStableFunc(f, func(a, b readEvent) int { return -strings.Compare(a.Ph, b.Ph) })
		if len(f) != 2 || f[0].Ph != "s" || f[1].Ph != "f" || f[0].Name != f[1].Name || f[0].Cat != f[1].Cat {
			broken = append(broken, fmt.Sprintf("flow %d: want one begin and one end of one name and category, have %d events", id, len(f)))
			continue
		}
		if from, _ := ns(f[0].TS); true {
			if to, _ := ns(f[1].TS); to < from {
				broken = append(broken, fmt.Sprintf("flow %d ends before it begins", id))
			}
		}
	}
	return broken
}

// written is a trace of operations, as read back.
func written(t *testing.T, ops ...Operation) []readEvent {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b)
	for i, o := range ops {
		if err := w.Write("case="+strconv.Itoa(i), o, contract.Parts{contract.Useful: 5}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var events []readEvent
	if err := json.Unmarshal(b.Bytes(), &events); err != nil {
		t.Fatalf("%v in\n%s", err, &b)
	}
	return events
}

func example() Operation {
	o := made(2, 10, 9, task(0, 0, 0, w, 1, q, 1, c, 1), task(1, 0, 3, k, 1, c, 2), task(2, 1, 4, c, 3, w, 2), task(3, 0, 6, c, 2))
	o.Serial = 1
	o.Tasks[2].PID, o.Tasks[2].Lane = 2, 0
	return o
}

func TestTrace(t *testing.T) {
	later := example()
	later.Begin += 5
	later.Tasks[0] = task(0, 0, 1, c, 2)
	events := written(t, example(), later)
	for _, b := range rules(events) {
		t.Error(b)
	}
	var got []string
	for _, e := range events {
		if e.Args["op"] == 1.0 {
			continue
		}
		line := fmt.Sprint(e.Ph, " ", e.Name, " ", e.TS, "+", e.Dur)
		switch {
		case e.Cat == "task":
			line += fmt.Sprint(" ", e.Args["task"], " ", e.Args["serial"])
		case e.Cat == "state":
			line += fmt.Sprint(" ", e.Args["task"], " ", e.Args["state"], " ", e.Args["cpu-ns"])
		case e.Ph == "C":
			line += fmt.Sprint(" ", e.Args["tasks"])
		case e.Ph == "M":
			line = fmt.Sprint("M ", e.Name, " ", e.Args["name"])
		}
		if !strings.Contains(line, "sort_index") && len(got) < 34 {
			got = append(got, line)
		}
	}
	want := []string{
		"M process_name case=0, process 1", "M thread_name operation", "M thread_name lane 0", "M process_name case=0, process 2", "M thread_name lane 0",
		"X operation 0.000+10000.000", "X serial section 0.000+3000.000", "X task 0 0.000+3000.000 0 true", "X wait 0.000+1000.000 0 wait <nil>", "C running 0.000+ 0",
		"X queued 1000.000+1000.000 0 queued <nil>",
		"X compute 2000.000+1000.000 0 compute 1e+06", "C running 2000.000+ 1",
		"X parallel section 3000.000+7000.000", "X task 1 3000.000+3000.000 1 false", "X lock 3000.000+1000.000 1 lock <nil>",
		"s dispatch 3000.000+", "f dispatch 3000.000+", "s dispatch 3000.000+", "C running 3000.000+ 0",
		"X task 2 4000.000+5000.000 2 false", "X compute 4000.000+3000.000 2 compute 3e+06", "X compute 4000.000+2000.000 1 compute 2e+06", "f dispatch 4000.000+", "C running 4000.000+ 2",
		"X task 3 6000.000+2000.000 3 false", "X compute 6000.000+2000.000 3 compute 2e+06", "s dispatch 6000.000+", "f dispatch 6000.000+", "C running 6000.000+ 2",
		"X wait 7000.000+2000.000 2 wait <nil>", "C running 7000.000+ 1", "C running 8000.000+ 0",
		"M process_name case=1, process 1",
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
	for _, e := range events {
		if e.Name == "operation" && e.Ph == "X" && e.Args["op"] == 0.0 {
			for key, want := range map[string]any{"workers": 2.0, "processors": 2.0, "tasks": 4.0, "serial-tasks": 1.0, "pid": 1.0, "useful-ns": 5.0, "paid-ns": 2e7} {
				if e.Args[key] != want {
					t.Errorf("%s: got %v, want %v", key, e.Args[key], want)
				}
			}
		}
	}
}

// The rules find what breaks them.
func TestRules(t *testing.T) {
	for _, tt := range []struct {
		name string
		edit func([]readEvent) []readEvent
		want string
	}{
		{"overlap", func(e []readEvent) []readEvent { edit(e, "X", "task 1").Dur = "3500.000"; return e }, "ends after the slice"},
		{"order", func(e []readEvent) []readEvent { slices.Reverse(e); return e }, "comes after"},
		{"no names", func(e []readEvent) []readEvent {
			return slices.DeleteFunc(e, func(e readEvent) bool { return e.Ph == "M" })
		}, "has no name"},
		{"half a flow", func(e []readEvent) []readEvent {
			return slices.DeleteFunc(e, func(e readEvent) bool { return e.Ph == "f" })
		}, "one begin and one end"},
		{"bp", func(e []readEvent) []readEvent { edit(e, "f", "dispatch").BP = ""; return e }, "bp e"},
		{"no slice", func(e []readEvent) []readEvent {
			return slices.DeleteFunc(e, func(e readEvent) bool { return e.Cat == "task" || e.Cat == "state" })
		}, "no slice"},
		{"counter", func(e []readEvent) []readEvent { edit(e, "C", "running").Args["tasks"] = "two"; return e }, "no number"},
		{"time", func(e []readEvent) []readEvent { edit(e, "C", "running").TS = "1.0005"; return e }, "no time"},
	} {
		if got := strings.Join(rules(tt.edit(written(t, example()))), "\n"); !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// edit is the first event of that kind and name.
func edit(events []readEvent, ph, name string) *readEvent {
	i := slices.IndexFunc(events, func(e readEvent) bool { return e.Ph == ph && e.Name == name })
	return &events[i]
}

// Whatever was recorded, the trace keeps the rules.
func FuzzTrace(f *testing.F) {
	for seed := range uint64(300) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		o := random(seed)
		for _, b := range rules(written(t, o, example())) {
			t.Error(b)
		}
	})
}

func TestTraceEmpty(t *testing.T) {
	if got := written(t); len(got) > 0 {
		t.Errorf("got %d events, want an empty array", len(got))
	}
}

func TestTraceFails(t *testing.T) {
	w := NewWriter(full{})
	first, second, closing := w.Write("a", example(), nil), w.Write("b", example(), nil), w.Close()
	if !errors.Is(first, errFull) || !errors.Is(second, errFull) || closing != nil {
		t.Errorf("got %v, %v, %v, want that it is full, and said once to who closes", first, second, closing)
	}
	if err := NewWriter(&bytes.Buffer{}).Write("a", Operation{}, nil); err == nil {
		t.Error("got no error for an operation that cannot be")
	}
}

var errFull = errors.New("full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
