package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"amdahl/bench/contract"
)

// locked writes results of a benchmark that loses a third of its worker time at two workers
// to a lock, with their profiles beside them, and returns the file. extra is added to every
// traced result.
func locked(t *testing.T, extra string) string {
	t.Helper()
	return losing(t, 500, extra)
}

// losing is locked, with so many ns of an operation lost to the lock, of 1000 ns of work.
func losing(t *testing.T, lost int, extra string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "locked.txt")
	var b strings.Builder
	b.WriteString("run-x: gomaxprocs\ncpu-count: 2\n")
	for n := 1; n <= 2; n++ {
		time := 1000 + lost*(n-1)
		for i := range 4 {
			fmt.Fprintf(&b, "BenchmarkIndex-%d 1000 %d ns/op\n", n, time/n+i)
		}
		b.WriteString("profiled: true\n")
		for range 4 {
			fmt.Fprintf(&b, "BenchmarkIndex-%d 1000 %d %s %d %s 1000 %s %d %s%s\n", n, time/n, contract.UnitTraced, time, contract.UnitPaid,
				contract.UnitRunning, time-1000, contract.Lock.Unit(), extra)
		}
		b.WriteString("profiled:\n")
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(profilesOf(file), 0o700); err != nil {
		t.Fatal(err)
	}
	f := &profile.Function{ID: 1, Name: "example.com/index.(*Table).add", Filename: "/src/table.go"}
	l := &profile.Location{ID: 1, Line: []profile.Line{{Function: f, Line: 81}}}
	for n := 1; n <= 2; n++ {
		for round := 1; round <= 4; round++ {
			p := &profile.Profile{
				SampleType: []*profile.ValueType{{Type: contract.ProfileCPU, Unit: "nanoseconds"}, {Type: string(contract.Lock), Unit: "nanoseconds"}},
				Function:   []*profile.Function{f}, Location: []*profile.Location{l},
				Sample: []*profile.Sample{{Location: []*profile.Location{l}, Value: []int64{1e6, int64(1000 * lost * (n - 1))}}},
				Comments: []string{contract.ProfileBenchmark + fmt.Sprintf(" BenchmarkIndex-%d", n), contract.ProfileOps + " 1000",
					fmt.Sprintf("%s %d", contract.ProfileWorkers, n), fmt.Sprintf("%s %d", contract.ProfileRound, round)},
			}
			out, err := os.Create(filepath.Join(profilesOf(file), fmt.Sprintf("%d-%d.pb.gz", n, round)))
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Write(out); err != nil {
				t.Fatal(err)
			}
			out.Close()
		}
	}
	return file
}

func TestWhere(t *testing.T) {
	file := locked(t, "")
	clean := losing(t, 0, "")
	busy := locked(t, fmt.Sprintf(" 500 %s 900 %s", contract.UnitDelay, contract.UnitOthers))
	slow := filepath.Join(t.TempDir(), "slow.txt")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	slower := strings.ReplaceAll(string(text), "750 traced-ns/op", "900 traced-ns/op")
	if err := os.WriteFile(slow, []byte(slower), 0o600); err != nil {
		t.Fatal(err)
	}
	bare := filepath.Join(t.TempDir(), "bare.txt")
	if err := os.WriteFile(bare, text, 0o600); err != nil {
		t.Fatal(err)
	}
	picture, page := filepath.Join(t.TempDir(), "where.svg"), filepath.Join(t.TempDir(), "page")
	for _, tt := range []struct {
		args           string
		status         int
		stdout, stderr string
	}{
		{"where " + file, 0, "At 2 workers the speedup is 1.33, and 502 ns of worker time are lost of 1.50 µs. The places below explain 100 % of that.", ""},
		{"where " + file, 0, "waiting for a lock example.com/index.(*Table).add table.go:81", ""},
		{"where -o " + picture + " " + file, 0, "table.go:81", "wrote " + picture},
		{"where " + clean, 0, "which is within the spread of the measured times: no line is named.", ""},
		{"where --json " + clean, 0, `"places": [], "series": [`, ""},
		{"where " + busy, 3, "", "cannot tell where Index loses time: at 1, 2 workers other programs took processors from every traced run"},
		{"where --json " + busy, 3, `"places": []`, "cannot tell"},
		{"where --profiles " + profilesOf(file) + " " + slow, 3, "", "tracing made it 20 % slower"},
		{"where " + bare, 2, "", "no profiles in it: measure with amdahl run PACKAGE -x cpu=auto --why -o"},
		{"where --rounds 2 ./none", 2, "", "--rounds 2: at least 3 are needed for an interval"},
		{"where", 2, "", "name a file of amdahl run --why, or a package"},
		{"where " + file + " " + bare, 2, "", "2 files: name one"},
		{"where -o x.bmp " + file, 2, "", "name a file that ends in .svg"},
		{"why " + file, 0, "At 2 workers 67 % of the worker time is useful compute and 33 % is lost: 33 % to waiting for a lock.", ""},
		{"why " + file, 0, "× waiting 100 % 67 %", ""},
		{"why " + busy, 3, "Where the time went cannot be told", "cannot tell where the time of Index went"},
		{"report -o " + page + " " + file, 0, "Index", "index.html"},
	} {
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), strings.Fields(tt.args), strings.NewReader(""), &stdout, &stderr)
		folded := strings.Join(strings.Fields(stdout.String()), " ")
		if status != tt.status || !strings.Contains(folded, tt.stdout) || !strings.Contains(strings.Join(strings.Fields(stderr.String()), " "), tt.stderr) {
			t.Errorf("%s: exit status %d, stdout %s, stderr %s, want %d, %q, %q", tt.args, status, folded, &stderr, tt.status, tt.stdout, tt.stderr)
		}
	}
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"where", "--json", file}, strings.NewReader(""), &stdout, &stderr); status != 0 || !json.Valid(stdout.Bytes()) || !strings.Contains(stdout.String(), `"line": 81`) {
		t.Errorf("JSON: exit status %d, %s, %s", status, &stdout, &stderr)
	}
	html, err := os.ReadFile(filepath.Join(page, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"What does not scale: Index", "What costs more at 2 workers, by call path", "Efficiency as a product", "table.go:81"} {
		if !bytes.Contains(html, []byte(want)) {
			t.Errorf("the page has no %q", want)
		}
	}
	if svg, err := os.ReadFile(picture); err != nil || !bytes.Contains(svg, []byte("table.go:81")) {
		t.Errorf("the picture: %v", err)
	}
}

// A package is measured first. What is found is not asked: the machine may be busy.
func TestWherePackage(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a package; -short")
	}
	t.Parallel()
	dir := t.TempDir()
	keep := filepath.Join(dir, "kept.txt")
	fixture := filepath.Join("..", "..", "bench", "overlay", "testdata", "fixture")
	status, _, stderr := amdahlIn(t, fixture, "where", ".", "--bench", "Lock", "-x", "cpu=1,2", "--benchtime", "2000x", "--rounds", "3", "--keep", keep)
	if status != 0 && status != 3 {
		t.Errorf("exit status %d, %s, want 0 or 3", status, stderr)
	}
	keptProfiles(t, filepath.Join(dir, "kept.profiles"))
	if status, _, stderr := amdahlIn(t, dir, "where", "./none"); status != 1 || !strings.Contains(stderr, "./none") {
		t.Errorf("no such package: exit status %d, %s", status, stderr)
	}
}

// The critical path of a trace of a benchmark, listed and drawn.
func TestGanttCritical(t *testing.T) {
	dir := t.TempDir()
	packed := filepath.Join("..", "..", "bench", "losses", "testdata", "serial.trace.gz")
	trace := unpacked(t, packed, filepath.Join(dir, "serial.trace"))
	picture := filepath.Join(dir, "critical.svg")
	for _, tt := range []struct {
		args           string
		status         int
		stdout, stderr string
	}{
		{"gantt --critical " + trace, 0, "The critical path, of 1.1", ""},
		{"gantt --critical " + trace, 0, "planted.BenchmarkSerial", ""},
		{"gantt --critical -o " + picture + " " + trace, 0, "", "wrote " + picture},
	} {
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), strings.Fields(tt.args), strings.NewReader(""), &stdout, &stderr)
		if status != tt.status || !strings.Contains(stdout.String(), tt.stdout) || !strings.Contains(stderr.String(), tt.stderr) {
			t.Errorf("%s: exit status %d, %s, %s", tt.args, status, &stdout, &stderr)
		}
	}
	if svg, err := os.ReadFile(picture); err != nil || !bytes.Contains(svg, []byte("critical path")) {
		t.Errorf("the picture: %v", err)
	}
	for _, tt := range []struct {
		args   string
		status int
		stderr string
	}{
		{"what-if --region parse " + trace, 1, `no region "parse" in this trace, and no other: mark one in the code`},
		{"what-if --region parse --times -1 " + trace, 2, "--times -1: write a number from 0"},
		{"what-if --times 0.5 " + trace, 2, "add --region NAME"},
		{"what-if --region parse " + filepath.Join(dir, "none"), 1, "no such file"},
	} {
		var stdout, stderr bytes.Buffer
		if status := run(t.Context(), strings.Fields(tt.args), strings.NewReader(""), &stdout, &stderr); status != tt.status || !strings.Contains(stderr.String(), tt.stderr) {
			t.Errorf("%s: exit status %d, %s", tt.args, status, &stderr)
		}
	}
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"gantt", "--critical"}, strings.NewReader(smallTrace), &stdout, &stderr); status != 2 || !strings.Contains(stderr.String(), "need a trace of Go's own") {
		t.Errorf("another trace: exit status %d, %s", status, &stderr)
	}
}

// unpacked unpacks a file.
func unpacked(t *testing.T, packed, to string) string {
	t.Helper()
	in, err := os.Open(packed)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	z, err := gzip.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err == nil {
		err = os.WriteFile(to, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// keptProfiles checks that a directory has the profiles of six rounds of two levels, and of
// some or all of them without a trace.
func keptProfiles(t *testing.T, dir string) {
	t.Helper()
	traced, sampled := 0, 0
	files, err := filepath.Glob(filepath.Join(dir, "*.pb.gz"))
	for _, f := range files {
		if strings.Contains(f, "-"+contract.ProfiledSampled+"-round") {
			sampled++
		} else {
			traced++
		}
	}
	if err != nil || traced != 12 || sampled < 2 || sampled > 12 || sampled%2 != 0 {
		t.Errorf("%d profiles are kept with a trace and %d without, %v, want 12, and 2 to 12", traced, sampled, err)
	}
}
