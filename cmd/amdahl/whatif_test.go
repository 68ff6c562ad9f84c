package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lockedTrace is the timeline of one operation at each number of workers: 32 tasks that
// compute 1 ms under a lock and 3 ms beside it, without any cost of handing out.
// The workers follow each other through the lock, as it must be with up to 4.
func lockedTrace(name string, workers ...int) string {
	var events []string
	event := func(format string, a ...any) { events = append(events, fmt.Sprintf(format, a...)) }
	for op, p := range workers {
		end := 1000*(p-1) + 4000*32/p
		event(`{"name":"operation","cat":"operation","ph":"X","ts":0,"dur":%d,"pid":1,"args":{"op":%d,"case":"%s/workers=%d","workers":%d,"locked":0.25,"tasks":32}}`, end, op, name, p, p)
		for i := range 32 {
			lane, begin := i%p, 4000*(i/p)
			asks := begin
			if begin > 0 {
				asks += 1000 * lane
			}
			at := begin + 1000*lane
			event(`{"name":"task %d","cat":"task","ph":"X","ts":%d,"dur":%d,"pid":1,"tid":%d,"args":{"op":%d,"task":%d}}`, i, asks, at+4000-asks, lane, op, i)
			event(`{"name":"lock","cat":"state","ph":"X","ts":%d,"dur":%d,"pid":1,"tid":%d,"args":{"op":%d,"task":%d}}`, asks, at-asks, lane, op, i)
			event(`{"name":"compute","cat":"state","ph":"X","ts":%d,"dur":4000,"pid":1,"tid":%d,"args":{"op":%d,"task":%d}}`, at, lane, op, i)
		}
	}
	return "[" + strings.Join(events, ",\n") + "]"
}

func TestWhatIf(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, picture := filepath.Join(dir, "trace.json"), filepath.Join(dir, "whatif.svg")
	const series = "Strong/workload=spin/locked=0.25"
	text := lockedTrace(series, 1, 2, 4)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	two := strings.TrimSuffix(text, "]") + "," + strings.TrimPrefix(strings.ReplaceAll(lockedTrace("Strong/workload=hash", 1), `"op":0`, `"op":9`), "[")
	const without = "If the lock were gone, 4 workers would be 4 times as fast as one instead of 3.66; then at 4 workers 100 % of the worker time is useful compute"
	tests := []struct {
		args, stdin    string
		status         int
		stdout, stderr string // with one space between words
	}{
		{"what-if --no-lock", text, 0, without, ""},
		{"what-if --no-lock -", text, 0, without, ""},
		{"what-if --no-lock " + file, "", 0, "2 65.00 ms 1.97 65.00 ms 1.97 +0.0 % 64.00 ms 2.00 1.02 nothing", ""},
		{"what-if --no-lock " + file, "", 0, "as recorded 128.0 ms 4.000 ms 32.0 4.000 ms 32.0 3.66 the lock", ""},
		{"what-if " + file, "", 0, "As recorded, 4 workers are 3.66 times as fast as one.", ""},
		{"what-if --at 16 --no-lock --chunk 2 " + file, "", 0, "If the lock were gone and tasks were handed out 2 at a time, 16 workers would be 16 times", ""},
		{"what-if --case workers=[24]$ --split 2 --dispatch 10us --compute 0.5 --cores 8 " + file, "", 0, "not measured at 1 worker", ""},
		{"what-if --gil --processes " + file, "", 0, "If all compute needed one interpreter lock and every worker were a process of its own, 4 workers would be 3.66", ""},
		{"what-if --event-loop " + file, "", 0, "1.00 the cores", ""},
		{"what-if --merge 4 -o " + picture + " " + file, "", 0, "as fast as one", "wrote " + picture},
		{"what-if --case spin --no-lock", two, 0, without, ""},
		{"what-if", two, 2, "", "2 series: choose one with --case REGEXP, as in --case '^Strong/workload=spin/locked=0\\.25/': Strong/workload=spin/locked=0.25 Strong/workload=hash"},
		{"what-if --case sleep", text, 2, "", "none of the 3 cases matches --case; one is " + series + "/workers=1"},
		{"what-if --case (", text, 2, "", "--case: error parsing regexp"},
		{"what-if a b", "", 2, "", "2 files: name one trace"},
		{"what-if " + dir + "/none.json", "", 1, "", "no such file or directory"},
		{"what-if", "", 1, "", "no operation and no run in it: it is empty"},
		{"what-if --no-lock", text[:len(text)-9], 1, "If the lock were gone, 2 workers", "the trace ends here"},
		{"what-if -o x.gif", text, 2, "", `-o "x.gif": name a file that ends in .svg`},
		{"what-if -o " + dir + "/no/x.svg", text, 2, "", "there is no folder " + dir + "/no: make it with mkdir -p"},
		{"what-if --at 4,x", text, 2, "", `--at 4,x: "x" is not a number of workers`},
		{"what-if --at 4.5", text, 2, "", "--at 4.5: 4.5 workers cannot be replayed: write whole numbers"},
		{"what-if --split 0", text, 2, "", "--split 0: write a whole number from 1"},
		{"what-if --cores -1", text, 2, "", "--cores -1: write a whole number from 1"},
		{"what-if --compute -1", text, 2, "", "--compute -1: write a number from 0"},
		{"what-if --wait NaN", text, 2, "", "--wait NaN: write a number from 0"},
		{"what-if --wait 0.5", text, 2, "", series + ": what if waiting took half as long: none was recorded"},
		{"what-if --dispatch -1ms", text, 2, "", "--dispatch -1ms: write a time from 0"},
		{"what-if --dispatch 5", text, 2, "", "missing unit in duration"},
		{"what-if --split 2 --merge 2", text, 2, "", "--split and --merge: tasks are cut or put together: choose one of them"},
		{"what-if --event-loop --gil", text, 2, "", "--event-loop and --gil: an event loop has one thread: choose one of them"},
		{"what-if --event-loop --cores 2", text, 2, "", "--event-loop and --cores: an event loop has one thread: choose one of them"},
		{"what-if --processes", text, 2, "", "add --gil"},
		{"what-if --gil=false", text, 2, "", "what if the interpreter lock were gone: it was recorded without one"},
		{"what-if --gil --cores 2", text, 2, "", "add --processes or --gil=false"},
		{"what-if --no-serial", text, 2, "", series + ": what if the serial section were parallel: no serial task was recorded"},
	}
	for _, tt := range tests {
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), strings.Fields(tt.args), strings.NewReader(tt.stdin), &stdout, &stderr)
		out, messages := strings.Join(strings.Fields(stdout.String()), " "), strings.Join(strings.Fields(stderr.String()), " ")
		if status != tt.status || !strings.Contains(out, tt.stdout) || !strings.Contains(messages, tt.stderr) || tt.stdout == "" && out != "" || tt.stderr == "" && messages != "" {
			t.Errorf("%s: exit status %d, stdout\n%s\nstderr %q, want %d, %q, %q", tt.args, status, &stdout, &stderr, tt.status, tt.stdout, tt.stderr)
		}
	}
	if svg, err := os.ReadFile(picture); err != nil || !bytes.Contains(svg, []byte("simulated, if every 4 tasks in a row were one")) {
		t.Errorf("the picture: %v", err)
	}
}

func TestWhatIfJSON(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), strings.Fields("what-if --json --no-lock"), strings.NewReader(lockedTrace("A", 4)), &stdout, &stderr); status != 0 || stderr.Len() > 0 {
		t.Fatalf("exit status %d, %s", status, &stderr)
	}
	var got struct {
		Version  int
		Question string
		Rows     []struct {
			N        int
			Measured *struct{ Seconds, Off float64 }
			WhatIf   struct{ Seconds float64 } `json:"what_if"`
		}
	}
	if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Version != 2 || got.Question != "the lock were gone" || len(got.Rows) != 4 {
		t.Errorf("got %+v", got)
	}
	if r := got.Rows[2]; r.N != 4 || r.Measured == nil || r.Measured.Seconds != 0.035 || r.Measured.Off != 0 || r.WhatIf.Seconds != 0.032 || got.Rows[3].Measured != nil {
		t.Errorf("got %+v, want 4 workers, 35 ms, exact, and 32 ms without the lock", got.Rows)
	}
}
