package read

import (
	"strings"
	"testing"
)

// The rows of runs that failed are left out, each with a complaint at its line.
func TestFailedRuns(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       string   // the sketch
		problems   []string // a part of each
	}{
		{"status", "threads,time,status\n1,1000,ok\n2,550,ok\n4,6000,timeout\n4,325,ok\n8,1,error\n8,212.5,ok\n", "<stdin> threads strong: 1×1 2×1 4×1 8×1\n",
			[]string{`<stdin>:4: left out: the run failed: "status" is "timeout"`, `<stdin>:6: left out: the run failed: "status" is "error"`}},
		{"exit code", "cores,seconds,exit_code\n1,1000,0\n2,550,0\n4,0.02,137\n8,212.5,0\n", "<stdin> cores strong: 1×1 2×1 8×1\n",
			[]string{`<stdin>:4: left out: the run failed: "exit_code" is "137"`}},
		{"Slurm", "JobID NTasks Elapsed State ExitCode\n101 1 00:16:40 COMPLETED 0:0\n102 2 00:09:10 COMPLETED 0:0\n103 4 00:00:07 FAILED 1:0\n105 8 00:30:00 TIMEOUT 0:15\n106 8 00:03:32.5 COMPLETED 0:0\n",
			"<stdin> NTasks strong: 1×1 2×1 8×1\n", []string{`<stdin>:4: left out: the run failed: "State" is "FAILED"`, `<stdin>:5: left out: the run failed: "State" is "TIMEOUT"`}},
		{"GNU parallel", "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n1\t:\t1700000000.1\t1000\t0\t0\t0\t0\t./a.out -t 1\n2\t:\t1700000011.1\t550\t0\t0\t0\t0\t./a.out -t 2\n3\t:\t1700000017.1\t0.1\t0\t0\t1\t0\t./a.out -t 4\n4\t:\t1700000018.1\t0.1\t0\t0\t0\t9\t./a.out -t 4\n",
			"./a.out t strong: 1×1 2×1\n", []string{`<stdin>:4: left out: the run failed: "Exitval" is "1"`, `<stdin>:5: left out: the run failed: "Signal" is "9"`}},
		{"a truth", "impl,threads,ms,success\na,1,1000,true\na,2,550,true\na,4,1,false\nb,1,2000,true\nb,4,650,true\n", "a threads strong: 1×1 2×1\nb threads strong: 1×1 4×1\n",
			[]string{`<stdin>:4: left out: the run failed: "success" is "false"`}},
		{"a message", "threads,time_s,error\n1,1000,\n2,550,\n4,0.3,connection refused\n8,212.5,\n", "<stdin> threads strong: 1×1 2×1 8×1\n",
			[]string{`<stdin>:4: left out: the run failed: "error" is "connection refused"`}},
		{"a remark", "| procs | time | notes |\n|---|---|---|\n| 1 | 1000 s | |\n| 2 | 550 s | warm cache |\n| 4 | 1 s | crashed at the end |\n", "<stdin> procs strong: 1×1 2×1\n",
			[]string{`<stdin>:5: left out: the run failed: "notes" is "crashed at the end"`}},
		{"results of solvers", "solver,threads,time,result\na,1,1000,SAT\na,2,550,SAT\nb,1,3600,TIMEOUT\nb,2,110,SAT\n", "a threads strong: 1×1 2×1\nb threads strong: 2×1\n",
			[]string{`<stdin>:4: left out: the run failed: "result" is "TIMEOUT"`}},
		{"instead of the time", "threads,time\n1,1000\n2,DNF\n4,325\n", "<stdin> threads strong: 1×1 4×1\n", []string{`<stdin>:3: left out: the run failed: "time" is "DNF"`}},
		{"behind the time", "threads,time\n1,1000\n2,600 (timeout)\n4,325\n", "<stdin> threads strong: 1×1 4×1\n", []string{`<stdin>:3: time is "600 (timeout)": a number above 0 is needed`}},
		{"without a header", "1,1000\n2,FAILED\n4,325\n", "<stdin> 1 strong: 1×1 4×1\n", []string{`<stdin>:2: left out: the run failed: "2" is "FAILED"`}},
		{"cells of a wide table", "solver,1,2,4,8\na,1000,550,timeout,212.5\nb,2000,1100,650,OOM\n", "a threads strong: 1×1 2×1 8×1\nb threads strong: 1×1 2×1 4×1\n",
			[]string{`<stdin>:2: left out: the run failed: "4" is "timeout"`, `<stdin>:3: left out: the run failed: "8" is "OOM"`}},
		{"a row of a wide table", "solver,1,2,4,status\na,1000,550,325,ok\nb,2000,1100,1,failed\n", "a threads strong: 1×1 2×1 4×1\n", []string{`<stdin>:3: left out: the run failed: "status" is "failed"`}},
		{"all are fine", "threads,time,status\n1,1000,ok\n2,550,ok\n", "<stdin> threads strong: 1×1 2×1\n", nil},
		{"a column of inputs", "input,threads,time\nvalid,1,1000\nvalid,2,550\ninvalid,1,1000\ninvalid,2,550\n", "valid threads strong: 1×1 2×1\ninvalid threads strong: 1×1 2×1\n", nil},
		{"standard errors", "threads,time,error\n1,1000,0.2\n2,550,0.1\n", "<stdin> threads strong: 1×1 2×1\n", nil},
	} {
		s, err := read(t, tt.text, Options{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := sketch(s); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		if len(s.Problems) != len(tt.problems) {
			t.Errorf("%s: got problems %v, want %q", tt.name, s.Problems, tt.problems)
			continue
		}
		for i, want := range tt.problems {
			if got := s.Problems[i].Error(); !strings.Contains(got, want) {
				t.Errorf("%s: got %s, want %s", tt.name, got, want)
			}
		}
	}
	_, err := read(t, "threads,time,status\n1,1000,error\n2,550,error\n", Options{})
	if want := `<stdin>:2: all 2 runs of the table failed, first here: left out: the run failed: "status" is "error"`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Rows beyond those that are held at once are treated the same.
func TestFailedRunsOfLongTables(t *testing.T) {
	var b strings.Builder
	b.WriteString("threads,time,status\n")
	for range headRows {
		b.WriteString("1,1000,ok\n2,550,ok\n")
	}
	b.WriteString("1,1,error\n2,550,ok\n")
	s, err := read(t, b.String(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := sketch(s), "<stdin> threads strong: 1×20000 2×20001\n"; got != want || len(s.Problems) != 1 {
		t.Errorf("got %q, %v, want %q", got, s.Problems, want)
	}
	if want := `<stdin>:40002: left out: the run failed: "status" is "error"`; len(s.Problems) == 1 && !strings.Contains(s.Problems[0].Error(), want) {
		t.Errorf("got %v, want %s", s.Problems[0], want)
	}
}

// What failed within a run is a note: the run counts.
func TestFailedRequests(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"clients,tps,errors\n1,1,0\n2,1.81818,12\n", `the column "errors" is above 0 in line 3`},
		{"Running 9s test @ http://h/\n  2 threads and 1 connections\n  Non-2xx or 3xx responses: 120\nRequests/sec: 1\n", "connections=1: some requests failed, and count as well: Non-2xx or 3xx responses: 120"},
		{"Running 9s test @ http://h/\n  2 threads and 1 connections\n  Socket errors: connect 0, read 0, write 0, timeout 3\nRequests/sec: 1\n", "timeout 3"},
		{"transaction type: <builtin: simple>\nnumber of clients: 4\nnumber of threads: 2\nnumber of failed transactions: 7 (0.1%)\ntps = 1.5\n", "number of failed transactions: 7 (0.1%)"},
		{"  execution: local\n    http_req_failed....: 12.00% ✓ 3  ✗ 22\n    http_reqs..........: 77   9/s\n    iterations.........: 77 3.5/s\n    vus_max............: 4 min=4 max=4\n", "http_req_failed....: 12.00%"},
	} {
		s, err := read(t, tt.text, Options{})
		if err != nil {
			t.Errorf("%q: %v", tt.text, err)
		} else if got := notes(s.Notes); !strings.Contains(got, tt.want) {
			t.Errorf("%q: got notes %q, want %s", tt.text, got, tt.want)
		}
	}
	s, err := read(t, "Running 9s test @ http://h/\n  2 threads and 1 connections\n  Socket errors: connect 0, read 0, write 0, timeout 0\nRequests/sec: 1\n", Options{})
	if err != nil || len(s.Notes) > 0 {
		t.Errorf("got %v, %v, want no note", s, err)
	}
}
