package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Inputs that lead to a question or to a note with a command.
var inputsOfQuestions = map[string]string{
	"which x.csv":        "threads,cores,time\n1,1,9\n2,1,5\n4,2,3\n",
	"which time.csv":     "threads,time a,time b\n1,9.5,8.5\n2,5.5,4.5\n",
	"what.csv":           "threads,static,dynamic\n1,9.5,8.5\n2,5.5,4.5\n",
	"same name.csv":      "threads,\"my time\",\"my time\"\n1,9.5,8.5\n2,5.5,4.5\n",
	"grows.csv":          "1,10.5\n2,19.5\n",
	"no header.csv":      "1,10.5,1\n2,5.5,1.9\n",
	"it's.csv":           "\"load, all\",\"time $x\"\n1.5,3\n3,1.6\n",
	"sizes.csv":          "impl,1024,2048,4096\na,40,21,11\nb,48,25,13\n",
	"years.csv":          "country,2019,2020,2021\nA,10,9,8\nB,20,18,16\n",
	"words of sizes.csv": "impl,size 100,size 1000\na,15.2,1.5\nb,16.9,1.7\n",
	"by sizes.csv":       "threads,1024,2048\n1,10,20\n2,5.5,11\n4,3.25,6.5\n",
	"cells.md":           "| algorithm | 1 thread | 2 threads | 4 threads |\n|---|---|---|---|\n| a | 117 | 190 | 220 |\n",
	"n.md":               "| N | native (ms) |\n|---|---|\n| 128 | 0.86 |\n| 512 | 7.5 |\n| 1024 | 74.83 |\n",
	"nodes.csv":          "nodes,tasks,elapsed\n1,1,119\n1,24,10\n1,48,8\n2,96,6\n",
	"commas.csv":         "threads;time\n1;12,345\n2;6,789\n4;4,012\n",
	"parts.csv":          "threads,time\n1,10\n2,5.5\n\n1,20\n2,11\n",
	"parameters.json":    `{"results": [{"command": "x", "times": [9, 9.1], "parameters": {"t": "1", "n": "1"}}, {"command": "x", "times": [5], "parameters": {"t": "2", "n": "2"}}]}`,
	"size.json":          `{"results": [{"command": "x", "times": [9, 9.1], "parameters": {"size": "1"}}, {"command": "x", "times": [5], "parameters": {"size": "2"}}]}`,
	"numbers.txt":        "BenchmarkX/a=1/b=1-4 1 1000 ns/op\nBenchmarkX/a=2/b=2-4 1 550 ns/op\nBenchmarkX/a=4/b=1-4 1 350 ns/op\n",
	"each.txt":           "BenchmarkFan/goroutines=1-8 1 100 ns/op\nBenchmarkFan/goroutines=8-8 1 110 ns/op\nBenchmarkFan/goroutines=16-8 1 220 ns/op\nBenchmarkFan/goroutines=64-8 1 880 ns/op\n",
	"unit.txt":           "BenchmarkX 1 1000 ns/op\nBenchmarkX-2 1 550 ns/op\n",
	"metric.csv":         "threads,time,mean\n1,10,1\n2,5.5,1\n",
	"absent.csv":         "threads,time\n1,10\n2,5.5\n",
	"growth.csv":         "cores,problem size,wall time\n1,1000,10\n2,2000,11\n4,4000,13\n",
	"scale.json":         `{"results": [{"command": "x 1", "times": [9, 9.1], "parameters": {"s": "1"}}, {"command": "x 2", "times": [15], "parameters": {"s": "2"}}]}`,
	"records.json":       `[{"threads": 1, "cores": 1, "time": 9}, {"threads": 2, "cores": 1, "time": 5}, {"threads": 4, "cores": 2, "time": 3}]`,
	"twice.csv":          "threads,time,time\n1,10,20\n2,5.5,11\n",
	"two.tex":            "\\begin{tabular}{rrr}\nCores & Nodes & Time [s] \\\\\n1 & 1 & 10 \\\\\n2 & 1 & 5.5 \\\\\n4 & 2 & 3.25 \\\\\n\\end{tabular}\n",
	"wrk.txt":            "Running 9s test @ http://h/\n  2 threads and 1 connections\nRequests/sec: 1000\nRunning 9s test @ http://h/\n  2 threads and 8 connections\nRequests/sec: 4000\n",
}

// The flags with which some of them do.
var flagsOfQuestions = map[string][]string{
	"wrk.txt":    {"-x", "users"},
	"metric.csv": {"--metric", "time"},
	"unit.txt":   {"--unit", "ms"},
	"absent.csv": {"-x", "cores"},
}

// Every command that a message prints does not ask again what it answers.
func TestPrintedCommands(t *testing.T) {
	t.Parallel()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh: ", err)
	}
	dir := t.TempDir()
	for name, text := range inputsOfQuestions {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		tries := [][]string{append(append([]string{"fit"}, flagsOfQuestions[name]...), path)}
		for _, args := range tries {
			_, said := curvesOf(args)
			commands := printedCommands(said)
			if len(commands) == 0 {
				t.Errorf("%q prints no command: %s", args, said)
			}
			for _, c := range commands {
				out, err := exec.CommandContext(t.Context(), sh, "-c", "set -- "+strings.TrimPrefix(c, "amdahl ")+`; printf '%s\n' "$@"`).Output()
				if err != nil {
					t.Errorf("%s: a shell does not read it: %v", c, err)
					continue
				}
				status, again := curvesOf(strings.Split(strings.TrimRight(string(out), "\n"), "\n"))
				if status == 2 || firstLine(again) == firstLine(said) && strings.Contains(firstLine(said), c) {
					t.Errorf("%s\n  was printed by %q and ends with %d: %s", c, args, status, again)
				}
			}
		}
	}
}

func curvesOf(args []string) (status int, said string) {
	var stdout, stderr bytes.Buffer
	status = run(context.Background(), args, strings.NewReader(""), &stdout, &stderr)
	return status, stderr.String()
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// printedWord is a word of a command as a shell reads it.
var printedWord = regexp.MustCompile(`^ ((?:'[^']*'|\\'|[^\s'\\])+)`)

// printedCommands finds the commands in a message: they begin with amdahl fit and
// end where the sentence goes on.
func printedCommands(said string) (all []string) {
	for rest := said; ; {
		at := strings.Index(rest, "amdahl fit")
		if at < 0 {
			return all
		}
		command := "amdahl fit"
		rest = rest[at+len(command):]
		for {
			m := printedWord.FindStringSubmatch(rest)
			if m == nil || m[1] == "for" || m[1] == "or" || strings.HasPrefix(m[1], "(") {
				break
			}
			word := strings.TrimRight(m[1], ",:;)")
			command += " " + word
			if rest = rest[len(m[0]):]; word != m[1] {
				break
			}
		}
		all = append(all, command)
	}
}
