package main

import (
	"bytes"
	"encoding/json"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"amdahl/bench/machine"
	"amdahl/results/report"
)

// A machine that has never existed.
var patient = machine.Observation{
	Facts: machine.Facts{
		CPU: "Made-up CPU", Allowed: 6, AllowedList: "0-5", Online: 8, Physical: 4, ThreadsPerCore: 2, Siblings: new(true), OnePerCore: "0-2,4",
		Quota: new(0.0), Governor: "powersave", VM: "none", Container: "none", Memory: 16 << 30, Dir: "/tmp", FS: "tmpfs", Fsync: 5 * time.Microsecond,
		Kernel: "6.1.0", Go: "go1.26.0", Commit: "0123456789ab",
		Unknown: []machine.Unknown{{Name: "turbo", Why: "/sys/devices/system/cpu/cpufreq/boost is not there"}},
	},
	Start:  machine.Snapshot{Load: new(0.4), Pressure: &machine.Pressure{Avg10: 0.5}, Times: &machine.Times{Wanted: 1000}, Thermal: new(uint64(0))},
	During: &machine.Change{Steal: new(0.0), Load: new(0.55)},
	Timing: &machine.Timing{Late: 60 * time.Microsecond, LateMost: 200 * time.Microsecond, Alone: machine.Reading{Wall: 20 * time.Millisecond},
		Processors: 6, Worth: 4.2, Ran: 0.99},
}

const patient80 = `environment D: 6 of 8 CPUs, SMT siblings, governor powersave, 6 give 4.2
Made-up CPU, 16.0 GiB, kernel 6.1.0, go1.26.0, commit 0123456789ab

costs grades
  -1  SMT        Allowed processors share cores, 2 threads a core. Two threads
                 of a core share its units and give about 1.3 processors' worth:
                 the curve bends where they begin.
                 Measure on one thread of each core, or switch the siblings off:
                   $ taskset -c 0-2,4 amdahl ...
                   $ echo off | sudo tee /sys/devices/system/cpu/smt/control
  -1  governor   Set to powersave. A frequency that follows the load makes the
                 first samples and the idle levels slow.
                 Keep the frequency up while you measure:
                   $ sudo cpupower frequency-set -g performance
  -1  together   6 processors give 4.2 processors' worth, though they ran all
                 the time. This is the speedup that perfectly parallel work can
                 reach here.
                 SMT siblings, virtual processors on one core, unlike cores or
                 turbo do this: use other processors, or count these for what
                 they are worth.

worth knowing
      processors 6 of 8 allowed, 4 cores: only 0-5. A law shows itself over
                 several levels: two or three fit any law.
                 The affinity mask or a cpuset narrows them; if that is not
                 meant, start from a shell without it.
      scratch    /tmp is tmpfs, a write and fsync take 5.0 µs. Work on files
                 waits for the disk of this directory.
                 It is kept in memory, so work on files measures the processor.
                 Name a directory on a disk:
                   $ TMPDIR=/var/tmp amdahl ...

good
      quota      none
      virtual    neither a VM nor a container
      steal      0.0 % of the wanted time since start, 0.0 % just now
      heat       never slowed for it
      load       load 0.40 over a minute, work waited in 0.5 % of the last 10 s
      timer      a sleep of 1 ms is 60 µs late, 200 µs in one of a hundred

unknown
      turbo      /sys/devices/system/cpu/cpufreq/boost is not there
`

var unstyled = strings.NewReplacer("\x1b[1m", "", "\x1b[0m", "")

// What is printed of a machine: every finding that costs something with its
// reason and its remedy, in the width of the terminal.
func TestPrintDoctor(t *testing.T) {
	var b strings.Builder
	if err := report.PrintDoctor(&b, diagnosis(patient), report.Options{Width: 80}); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(patient80, b.String()); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	for _, width := range []int{60, 140} {
		b.Reset()
		if err := report.PrintDoctor(&b, diagnosis(patient), report.Options{Width: width, Color: true}); err != nil {
			t.Fatal(err)
		}
		text := unstyled.Replace(b.String())
		for line := range strings.Lines(text) {
			// A command is not folded.
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > min(width, 100) && !strings.Contains(line, "$ ") {
				t.Errorf("at %d columns: %q has %d", width, line, n)
			}
		}
		if d := cmp.Diff(strings.Fields(patient80), strings.Fields(text)); d != "" {
			t.Errorf("at %d columns other words: -want +got\n%s", width, d)
		}
	}
}

func TestDoctorJSON(t *testing.T) {
	busy := patient
	busy.During = &machine.Change{Steal: new(0.4), Load: new(18.04), Stalled: new(1920 * time.Millisecond)}
	var b bytes.Buffer
	if err := report.DoctorJSON(&b, diagnosis(busy)); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Version     int
		Grade, Line string
		Environment map[string]any
		Timing      report.DoctorTiming
		Findings    []report.Check
	}
	d := json.NewDecoder(&b)
	d.DisallowUnknownFields()
	if err := d.Decode(&got); err != nil {
		t.Fatal(err)
	}
	cost := 0
	for _, f := range got.Findings {
		cost += f.Cost
	}
	if got.Grade != "D" || cost != 3 || got.Version != 2 || !strings.HasPrefix(got.Line, "environment D: 6 of 8 CPUs") {
		t.Errorf("got %+v, want grade D for 3", got)
	}
	want := report.DoctorTiming{Late: 60e-6, LateMost: 200e-6, Canary: 0.02, Processors: 6, Worth: 4.2, Ran: 0.99}
	if got.Timing != want {
		t.Errorf("got %+v, want %+v", got.Timing, want)
	}
	for key, want := range map[string]any{
		"goos": runtime.GOOS, "cpu": "Made-up CPU", "cpu-count": 6.0, "cpu-quota": nil, "cpu-smt": "yes", "mem": float64(16 << 30), "steal": 0.4,
		"load": 18.04, "stalled": 1.92, "scratch-fsync": 5e-6, "cpu-turbo": nil,
	} {
		if got.Environment[key] != want {
			t.Errorf("%s is %v, want %v", key, got.Environment[key], want)
		}
	}
	if q, smt := got.Findings[1], got.Findings[2]; q.Commands == nil || len(q.Commands) != 0 || len(smt.Commands) != 2 {
		t.Errorf("commands %q and %q, want an empty list for %s, two for %s", q.Commands, smt.Commands, q.Name, smt.Name)
	}
}

// The command on the machine that runs this test, whatever it is.
func TestDoctor(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args           string
		status         int
		stdout, stderr string // what they contain; "" is nothing at all
	}{
		{"doctor --json", 0, `"version": 2`, ""},
		{"doctor", 0, "environment ", ""},
		{"doctor file.txt", 2, "", "amdahl: doctor takes no arguments"},
		{"doctor --dir /no/such/place", 1, "", "amdahl: --dir: "},
		{"doctor --dir doctor.go", 1, "", "amdahl: --dir doctor.go: not a directory"},
	} {
		var stdout, stderr bytes.Buffer
		if status := run(t.Context(), strings.Fields(tt.args), strings.NewReader(""), &stdout, &stderr); status != tt.status {
			t.Errorf("%s: exit status %d, want %d", tt.args, status, tt.status)
		}
		for _, out := range []struct{ name, got, want string }{{"stdout", stdout.String(), tt.stdout}, {"stderr", stderr.String(), tt.stderr}} {
			if !strings.Contains(out.got, out.want) || out.want == "" && out.got != "" {
				t.Errorf("%s: %s: got %q, want %q in it", tt.args, out.name, out.got, out.want)
			}
		}
	}
}
