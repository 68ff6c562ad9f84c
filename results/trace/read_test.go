package trace

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"amdahl/bench/contract"
	"amdahl/bench/contract/ledger"
	"amdahl/results/replay"
)

func sample(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/trace.json")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// text prints an operation and its slices.
func text(o *contract.Operation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d workers, %d processors, slowdown %d, %v, serial %v, paid %v, %d parts\n",
		o.Case, o.Workers, o.Processors, o.Slowdown, o.Time, o.Serial, o.Paid, len(o.Parts))
	for _, s := range ledger.Slices(o) {
		l := o.Lanes[s.Lane]
		fmt.Fprintf(&b, "%d.%d %s %v–%v\n", l.Process, l.Number, s.Cause, s.From, s.To)
	}
	return b.String()
}

const wantHash = `Strong/workload=hash/strategy=fixed/locked=0.25/workers=2: 2 workers, 2 processors, slowdown 0, 1ms, serial 200µs, paid 2ms, 3 parts
0.0 unattributed 0s–1µs
0.0 unattributed 1µs–2µs
0.0 useful 2µs–200µs
0.0 dispatch 200µs–210µs
0.0 useful 210µs–610µs
0.0 dispatch 610µs–640µs
0.0 queued 640µs–690µs
0.0 useful 690µs–990µs
0.0 dispatch 990µs–1ms
0.1 serial 0s–200µs
0.1 dispatch 200µs–220µs
0.1 lock 220µs–320µs
0.1 useful 320µs–620µs
0.1 io 620µs–720µs
0.1 imbalance 720µs–990µs
0.1 dispatch 990µs–1ms
`

const wantSleep = `Strong/workload=sleep/strategy=process/workers=2: 2 workers, 2 processors, slowdown 32, 50.5µs, serial 10µs, paid 0s, 0 parts
0.0 io 0s–10µs
1.0 dispatch 10µs–15µs
1.0 io 15µs–50µs
1.0 dispatch 50µs–50.5µs
2.0 serial 0s–10µs
2.0 dispatch 10µs–12µs
2.0 useful 12µs–42µs
2.0 imbalance 42µs–50µs
2.0 dispatch 50µs–50.5µs
`

func TestRead(t *testing.T) {
	plain := string(sample(t))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(plain))
	z.Close()
	lines := strings.Split(strings.TrimSuffix(strings.TrimPrefix(plain, "[\n"), "\n]\n"), ",\n")
	backward := make([]string, len(lines))
	for i, l := range lines {
		backward[len(lines)-1-i] = l
	}
	ops := map[string]string{
		"plain":    plain,
		"gzip":     packed.String(),
		"object":   `{"displayTimeUnit":"ns","other":[1,{"a":[]}],"traceEvents":` + plain + `,"more":{}}`,
		"backward": "[" + strings.Join(backward, ",") + "]",
		"strange":  "[" + `{"ph":"X","args":[1]},{"ph":"X","name":"a","args":{"op":"x"}},{"ph":"i","args":null},` + strings.Join(lines, ",") + "]",
	}
	for name, data := range ops {
		got, err := Read(strings.NewReader(data), "t.json", nil)
		if err != nil || len(got.Problems) > 0 || len(got.Operations) != 2 || len(got.Runs) > 0 {
			t.Errorf("%s: %+v, %v; want 2 operations and nothing else", name, got, err)
			continue
		}
		for i, want := range []string{wantHash, wantSleep} {
			if d := cmp.Diff(want, text(got.Operations[i])); d != "" {
				t.Errorf("%s (-want +got):\n%s", name, d)
			}
		}
	}
	var names []string
	got, err := Read(strings.NewReader(plain), "t.json", func(name string) bool {
		names = append(names, name)
		return strings.Contains(name, "sleep")
	})
	if err != nil || len(got.Problems) > 0 || len(got.Operations) != 1 || text(got.Operations[0]) != wantSleep || len(names) != 2 {
		t.Errorf("only sleep: got %+v of %q, %v", got, names, err)
	}
	if got, err := Read(strings.NewReader(plain), "t.json", func(string) bool { return false }); err != nil || len(got.Operations) != 0 || got.Problems != nil {
		t.Errorf("none wanted: got %+v, %v", got, err)
	}
}

func TestParts(t *testing.T) {
	read, err := Read(bytes.NewReader(sample(t)), "t.json", nil)
	if err != nil {
		t.Fatal(err)
	}
	ops := read.Operations
	want := contract.Parts{contract.Useful: 1500 * time.Microsecond, contract.Lock: 100 * time.Microsecond, contract.Queued: 10}
	if d := cmp.Diff(len(want), len(ops[0].Parts)); d != "" {
		t.Error(d)
	}
	for c, v := range want {
		if got := ops[0].Parts[c]; got != v {
			t.Errorf("%s: got %v, want %v", c, got, v)
		}
	}
}

// What cannot be used is complained about with its place.
func TestReadComplains(t *testing.T) {
	plain := string(sample(t))
	tests := []struct {
		name, data string
		ops        int
		want       string // in the error or the first problem
	}{
		{"empty", "", 0, "t.json: no operation and no run in it: it is empty"},
		{"benchmark text", "goos: linux\nBenchmarkX-4 10 5 ns/op\n", 0, "t.json: this is benchmark text, and a trace is wanted, which says who did what when: make one of a package with amdahl run"},
		{"no JSON", "hello", 0, "t.json: this is no JSON of events, and a trace is wanted"},
		{"bytes", "\x7fELF\x00\x01", 0, "t.json: this is no text, and a trace is wanted"},
		{"a number", "7", 0, "t.json: this is no JSON of events, and a trace is wanted"},
		{"another object", `{"a":1}`, 0, "no operation and no run in it: an object without traceEvents"},
		{"no array", `{"traceEvents":7}`, 0, "traceEvents is 7"},
		{"half an object", `{"traceEv`, 0, "this is no trace: unexpected EOF"},
		{"no events", "[]", 0, "t.json: no operation and no run in it: make one of"},
		{"events of others", `[{"ph":"X","cat":"task","name":"x","ts":1,"pid":"a"}]`, 0, `t.json:1: an event whose "pid" is a JSON string`},
		{"gzip that is none", "\x1f\x8bxxxxxxxxxx", 0, "t.json: gzip"},
		{"cut off", plain[:len(plain)-10], 1, "the trace ends here (unexpected EOF)"},
		{"not ended", strings.TrimSuffix(plain, "]\n"), 2, "the trace was not ended"},
		{"broken in the middle", strings.Replace(plain, `{"name":"wait","cat":"state","ph":"X","ts":0.000`, `{"name":`, 1), 1, "the trace ends here (invalid character"},
		{"a task is missing", strings.Replace(plain, `"cat":"task","ph":"X","ts":210`, `"cat":"task","ph":"x","ts":210`, 1), 1, "t.json:138: Strong/workload=hash/strategy=fixed/locked=0.25/workers=2 is left out: 3 of its 4 tasks are there"},
		{"a task stands twice", strings.Replace(plain, `"serial":false,"task":1}`, `"serial":false,"task":2}`, 1), 1, "task 1 is missing or stands twice"},
		{"overlapping states", strings.Replace(plain, `"ts":320.000,"dur":300`, `"ts":310.000,"dur":300`, 1), 1, "task 2: compute from 310µs to 610µs does not fit between 320µs and 720µs"},
		{"a state beyond its task", strings.Replace(plain, `"ts":620.000,"dur":100`, `"ts":620.000,"dur":200`, 1), 1, "task 2: wait from 620µs to 820µs does not fit"},
		{"two tasks on a lane", strings.Replace(plain, `"ts":640.000,"dur":350`, `"ts":600.000,"dur":390`, 1), 1, "task 3 begins at 600µs, while another runs on its lane until 610µs"},
		{"a task beyond the end", strings.Replace(plain, `"ts":0.000,"dur":1000.000`, `"ts":0.000,"dur":900.000`, 1), 1, "task 3: from 640µs to 990µs, but the operation ends at 900µs"},
		{"no workers", strings.Replace(plain, `"useful-ns":1500000,"workers":2`, `"useful-ns":1500000`, 1), 1, "0 workers: at least 1 is needed"},
		{"a strange lock", strings.Replace(plain, `"locked":0.25`, `"locked":1.5`, 1), 1, "locked is 1.5: a share from 0 to 1 is needed"},
		{"no time", strings.Replace(plain, `"ts":0.000,"dur":1000.000`, `"ts":0.000`, 1), 1, "it took 0s"},
		{"a strange state", strings.Replace(plain, `"name":"lock"`, `"name":"dream"`, 1), 2, `unknown state "dream"`},
		{"before the beginning", strings.Replace(plain, `"ts":220.000,"dur":100.000`, `"ts":-1,"dur":100.000`, 1), 2, `"lock" begins at -1 µs`},
		{"for ever", strings.Replace(plain, `"ts":220.000,"dur":100.000`, `"ts":220.000,"dur":1e300`, 1), 2, `lasts 1e+300 µs`},
		{"an operation twice", strings.Replace(plain, `"op":1,"pid":100`, `"op":0,"pid":100`, 1), 1, "operation 0 stands twice"},
		{"no operation", strings.Replace(plain, `"cat":"operation","ph":"X","ts":0.000,"dur":1000`, `"cat":"o","ph":"X","ts":0.000,"dur":1000`, 1), 1, "events of operation 0, which is not there, are left out"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			read, err := Read(strings.NewReader(tt.data), "t.json", nil)
			got, ops := fmt.Sprint(err), 0
			if err == nil {
				ops = len(read.Operations)
				if len(read.Problems) > 0 {
					got = read.Problems[0].Error()
				}
			}
			if ops != tt.ops || !strings.Contains(got, tt.want) {
				t.Errorf("got %d operations and %q, want %d and %q", ops, got, tt.ops, tt.want)
			}
			if nothing := tt.ops == 0; nothing != (err != nil) {
				t.Errorf("error %v with %d operations", err, ops)
			}
		})
	}
	if _, err := Read(strings.NewReader("[]"), "t.json", nil); !errors.Is(err, ErrNothing) {
		t.Errorf("got %v, want ErrNothing", err)
	}
	many := "[" + strings.Repeat(`{"ts":"x"},`, 1000) + `{"ts":"x"}]`
	read, err := Read(strings.NewReader(strings.Replace(plain, "[", many[:len(many)-1]+",", 1)), "t.json", nil)
	if err != nil || len(read.Problems) != mostProblems+1 {
		t.Errorf("a thousand problems: got %v, %v, want %d", read, err, mostProblems+1)
	}
}

// An event that nobody wants is not kept: memory does not grow with the file.
func TestReadStreams(t *testing.T) {
	const events = 20_000
	r, w := io.Pipe()
	go func() {
		io.WriteString(w, `[{"name":"operation","cat":"operation","ph":"X","ts":0,"dur":1,"pid":1,"args":{"op":0,"case":"big","workers":1,"tasks":9}}`)
		for range events / 1000 {
			io.WriteString(w, strings.Repeat(`,{"name":"compute","cat":"state","ph":"X","ts":0,"dur":1,"args":{"op":0}}`, 1000))
		}
		io.WriteString(w, "]")
		w.Close()
	}()
	keep := 0
	read, err := Read(r, "t.json", func(string) bool { keep++; return false })
	if err != nil || len(read.Operations) != 0 || len(read.Problems) != 0 || keep != 1 {
		t.Errorf("got %+v, %v; asked %d times, want once", read, err, keep)
	}
}

func TestJob(t *testing.T) {
	read, err := Read(bytes.NewReader(sample(t)), "t.json", nil)
	if err != nil {
		t.Fatal(err)
	}
	ops := read.Operations
	us := time.Microsecond
	want := []replay.Job{
		{
			Serial: []replay.Task{{{Kind: replay.Locked, Time: 47500}, {Kind: replay.Compute, Time: 142500}}}, // CPU time, a quarter of it locked
			Tasks: []replay.Task{
				{{Kind: replay.Locked, Time: 100 * us}, {Kind: replay.Compute, Time: 300 * us}},
				{{Kind: replay.Locked, Time: 75 * us}, {Kind: replay.Compute, Time: 225 * us}, {Kind: replay.Wait, Time: 100 * us}}, // no CPU time known
				{{Kind: replay.Locked, Time: 75 * us}, {Kind: replay.Compute, Time: 225 * us}},                                      // no more than the clock says
			},
		},
		{
			Serial: []replay.Task{{{Kind: replay.Wait, Time: 10 * us}}},
			Tasks:  []replay.Task{{{Kind: replay.Wait, Time: 35 * us}}, {{Kind: replay.Compute, Time: 30 * us}}}, // a slow core's time is the clock's
		},
	}
	for i, o := range ops {
		job := Job(o)
		if d := cmp.Diff(want[i], job); d != "" {
			t.Errorf("%s (-want +got):\n%s", o.Case, d)
		}
		if _, err := replay.Run(t.Context(), job, replay.Machine{Workers: o.Workers}); err != nil {
			t.Errorf("%s: %v", o.Case, err)
		}
	}
}

// Where more tasks ran at a time than there are workers, gaps are nobody's.
func TestIdle(t *testing.T) {
	o := &contract.Operation{
		Case: "spawn", Workers: 1, Time: 10, Lanes: []contract.Lane{{}, {Number: 1}},
		Tasks: []contract.Task{{Index: 0, Lane: 0, From: 1, To: 5}, {Index: 1, Lane: 1, From: 2, To: 9}},
	}
	want := "spawn: 1 workers, 0 processors, slowdown 0, 10ns, serial 0s, paid 0s, 0 parts\n0.0 unattributed 1ns–5ns\n0.1 unattributed 2ns–9ns\n"
	if got := text(o); got != want || ledger.Idle(o) {
		t.Errorf("got %q, idle %v; want %q and false", got, ledger.Idle(o), want)
	}
}

// A trace of before queued-for was written: the parts tell what it was.
func TestQueuedFor(t *testing.T) {
	plain := string(sample(t))
	for _, tt := range []struct {
		args string
		want contract.Cause
	}{
		{`"queued-ns":10`, ""},
		{`"interpreter-ns":10`, contract.Interpreter},
		{`"queued-for":"runnable"`, contract.Runnable},
		{`"queued-for":"a bus"`, ""},
	} {
		read, err := Read(strings.NewReader(strings.Replace(plain, `"queued-ns":10`, tt.args, 1)), "t.json", nil)
		if err != nil || read.Operations[0].QueuedFor != tt.want {
			t.Errorf("%s: got %v, want %q", tt.args, err, tt.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	plain := string(sample(f))
	f.Add(plain)
	f.Add(`[{"name":"operation","cat":"operation","ph":"X","dur":9,"args":{"op":0,"case":"a","workers":2}},{"name":"serial section","cat":"operation","ph":"X","dur":5,"args":{"op":0}}]`)
	f.Add(string(runs(f)))
	f.Add(strings.ReplaceAll(string(runs(f)), `"ph":"E"`, `"ph":"B"`))
	f.Add(strings.ReplaceAll(string(runs(f)), `"ph":"B"`, `"ph":"E"`))
	f.Add(strings.ReplaceAll(plain, `"tasks":3`, `"tasks":-1`))
	f.Add(`{"traceEvents":[{"name":"operation","cat":"operation","ph":"X","dur":1e9,"args":{"op":9,"case":"a","workers":99999999999,"tasks":0}}]}`)
	f.Add(`[{"name":"operation","cat":"operation","ph":"X","dur":1,"args":{"op":-1,"case":"locked=1","workers":1,"tasks":1}},{"cat":"task","ph":"X","dur":1,"args":{"op":-1}}]`)
	f.Fuzz(func(t *testing.T, data string) {
		read, err := Read(strings.NewReader(data), "f", nil)
		if (err != nil) != (read == nil) {
			t.Fatalf("got %+v and %v", read, err)
		}
		if err != nil {
			return
		}
		for _, r := range read.Runs {
			soundRun(t, r)
		}
		for _, o := range read.Operations {
			last := ledger.Slice{Lane: -1}
			for _, s := range ledger.Slices(o) {
				if s.Cause == "" || s.From < 0 || s.To <= s.From || s.To > o.Time || s.Lane < last.Lane || s.Lane == last.Lane && s.From < last.To {
					t.Fatalf("slice %+v after %+v, of %v", s, last, o.Time)
				}
				last = s
			}
			if len(o.Tasks) == 0 {
				continue
			}
			if _, err := replay.Run(t.Context(), Job(o), replay.Machine{Workers: 2}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// The lock is held for whole sections, and over what is waited between them:
// given up for a moment, it would be another's.
func TestJobLocked(t *testing.T) {
	stay := func(s contract.State, from, to time.Duration) contract.Stay {
		return contract.Stay{State: s, From: from, To: to, CPU: -1}
	}
	const compute, wait = contract.StateCompute, contract.StateWait
	four := []contract.Stay{
		stay(contract.StateLock, 0, 5), stay(compute, 5, 14), stay(wait, 14, 15), stay(compute, 15, 26), stay(wait, 26, 30), stay(compute, 30, 40), stay(compute, 40, 50),
	}
	tests := []struct {
		locked float64
		want   replay.Task
	}{
		{0, replay.Task{{Kind: replay.Compute, Time: 9}, {Kind: replay.Wait, Time: 1}, {Kind: replay.Compute, Time: 11}, {Kind: replay.Wait, Time: 4}, {Kind: replay.Compute, Time: 20}}},
		{0.25, replay.Task{{Kind: replay.Locked, Time: 9}, {Kind: replay.Wait, Time: 1}, {Kind: replay.Compute, Time: 11}, {Kind: replay.Wait, Time: 4}, {Kind: replay.Compute, Time: 20}}},
		{0.5, replay.Task{{Kind: replay.Locked, Time: 21}, {Kind: replay.Wait, Time: 4}, {Kind: replay.Compute, Time: 20}}},
		{0.4, replay.Task{{Kind: replay.Locked, Time: 17}, {Kind: replay.Compute, Time: 4}, {Kind: replay.Wait, Time: 4}, {Kind: replay.Compute, Time: 20}}}, // 16 of 40 ns
		{1, replay.Task{{Kind: replay.Locked, Time: 45}}},
	}
	for _, tt := range tests {
		o := &contract.Operation{Locked: tt.locked, Slowdown: 1, Tasks: []contract.Task{{To: 50, Stays: four}}}
		if d := cmp.Diff(tt.want, Job(o).Tasks[0]); d != "" {
			t.Errorf("locked %v (-want +got):\n%s", tt.locked, d)
		}
	}
}
