package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"amdahl/bench/labs"
	"amdahl/results/grade"
)

var half = flag.Int("half", 0, "TestHalfProcessor grades each lab's solution this often in a control group of half a processor and 768 MB; it needs root")

// What graders on Gradescope have.
const (
	halfPeriod = 100_000 // µs
	halfQuota  = 50_000  // µs of each period
	halfMemory = 768 << 20

	mostWarm = 10 * time.Second // a submission, with a build cache
	mostCold = 60 * time.Second // without one, as on Classroom 50
)

// A box is a control group. Its folders are removed at the end of the test.
type box struct{ folders []string }

// newBox makes a control group of half a processor and 768 MB, of version 1 or 2.
func newBox(t *testing.T) *box {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can make a control group")
	}
	const root = "/sys/fs/cgroup"
	name := fmt.Sprintf("amdahl-test-%d", os.Getpid())
	limits := map[string][][2]string{
		filepath.Join(root, "cpu", name):    {{"cpu.cfs_period_us", fmt.Sprint(halfPeriod)}, {"cpu.cfs_quota_us", fmt.Sprint(halfQuota)}},
		filepath.Join(root, "memory", name): {{"memory.limit_in_bytes", fmt.Sprint(halfMemory)}},
	}
	if _, err := os.Stat(filepath.Join(root, "cgroup.controllers")); err == nil {
		limits = map[string][][2]string{
			filepath.Join(root, name): {{"cpu.max", fmt.Sprintf("%d %d", halfQuota, halfPeriod)}, {"memory.max", fmt.Sprint(halfMemory)}},
		}
	}
	b := &box{}
	t.Cleanup(func() {
		for _, dir := range b.folders {
			if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("a control group is left: %v", err)
			}
		}
	})
	for dir, settings := range limits {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Skip("this machine lets nobody make a control group: ", err)
		}
		b.folders = append(b.folders, dir)
		for _, s := range settings {
			if err := os.WriteFile(filepath.Join(dir, s[0]), []byte(s[1]), 0o644); err != nil {
				t.Skip("this machine lets nobody limit a control group: ", err)
			}
		}
	}
	return b
}

// args is a command in the box.
func (b *box) args(command ...string) []string {
	var enter strings.Builder
	for _, dir := range b.folders {
		fmt.Fprintf(&enter, "echo $$ > %s/cgroup.procs && ", dir)
	}
	return append([]string{"sh", "-c", enter.String() + `exec "$0" "$@"`}, command...)
}

// peak is the most memory that the box had, in bytes; 0 if the system does not say.
func (b *box) peak() (bytes int64) {
	for _, dir := range b.folders {
		for _, name := range []string{"memory.max_usage_in_bytes", "memory.peak"} {
			if text, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
				fmt.Sscan(string(text), &bytes)
			}
		}
	}
	return bytes
}

// changed adds a line to the code of a submission.
func changed(t *testing.T, file, line string) {
	t.Helper()
	s, err := grade.ReadSubmission(file)
	if err != nil {
		t.Fatal(err)
	}
	for name := range s.Files {
		s.Files[name] += line
	}
	text, err := s.Encode()
	if err == nil {
		err = os.WriteFile(file, text, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// timed is script, with the time that passed and the processor time.
func timed(t *testing.T, dir string, env []string, args ...string) (out string, wall, cpu time.Duration, err error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, env
	cutOff(cmd)
	begin := time.Now()
	text, err := cmd.CombinedOutput()
	wall = time.Since(begin)
	if s := cmd.ProcessState; s != nil {
		cpu = s.UserTime() + s.SystemTime()
	}
	return string(text), wall, cpu, err
}

// tooLong fails if a grading took longer than it may. Where it got less than its half
// processor, because other programs ran, the processor time decides.
func tooLong(t *testing.T, wall, cpu, most time.Duration) {
	t.Helper()
	switch {
	case wall <= most:
	case cpu*halfPeriod/halfQuota > most:
		t.Errorf("it took %v, and %v of processor time: at most %v in half a processor", wall, cpu, most)
	default:
		t.Logf("it took %v with %v of processor time: other programs ran, measure again on a quiet machine", wall, cpu)
	}
}

// In half a processor and 768 MB, without a network, every lab's solution is graded in
// ten seconds, the first one of a bundle without a build cache in sixty, and each repeat
// gives the same score and the same text:
//
//	go test ./cmd/amdahl -run TestHalfProcessor -half 100 -v -timeout 2h
func TestHalfProcessor(t *testing.T) {
	if *half < 1 {
		t.Skip("it measures time: give -half 100, as root on a quiet machine")
	}
	b := newBox(t)
	cold := true
	for _, name := range labs.Names {
		t.Run(name, func(t *testing.T) {
			image := t.TempDir()
			packedFor(t, name, "prairielearn", image)
			shared(t, image)
			if out, err := script(t, image, bare(), filepath.Join(image, "grade"), "--warm"); err != nil {
				t.Fatalf("--warm: %v: %s", err, out)
			}
			submission := filepath.Join(t.TempDir(), "submission.json")
			handedIn(t, secretLabs(t, name), submission)
			command := b.args(filepath.Join(image, "grade"), "--lab", name, "--format", "json", submission)
			seen := map[string]int{}
			var took, cpu []time.Duration
			for i := range *half {
				changed(t, submission, fmt.Sprintf("\n// Submission %d.\n", i)) // else the build cache has it
				out, wall, used, err := timed(t, image, bare(), command...)
				took, cpu = append(took, wall), append(cpu, used)
				if err != nil && !strings.Contains(out, `"state"`) {
					t.Fatalf("%v: %s", err, out)
				}
				seen[out[max(strings.Index(out, "{"), 0):]]++ // without what is said of a slow build
			}
			slices.Sort(took)
			slices.Sort(cpu)
			t.Logf("%s: %d times, %d outcomes: %.2f s, slowest %.2f s; processor time %.2f s, at most %.2f s; %d MB", name, len(took), len(seen),
				took[len(took)/2].Seconds(), took[len(took)-1].Seconds(), cpu[len(cpu)/2].Seconds(), cpu[len(cpu)-1].Seconds(), b.peak()>>20)
			if len(seen) != 1 {
				t.Errorf("%d outcomes: %v", len(seen), seen)
			}
			tooLong(t, took[len(took)-1], cpu[len(cpu)-1], mostWarm)
			if !cold {
				return
			}
			cold = false
			if err := os.Remove(filepath.Join(image, "cache")); err != nil {
				t.Fatal(err)
			}
			command = slices.Insert(command, len(command)-1, "--no-race") // as the archive for Classroom 50 does
			out, wall, used, err := timed(t, image, bare("GOCACHE="+filepath.Join(t.TempDir(), "cache")), command...)
			if err != nil && !strings.Contains(out, `"state"`) {
				t.Fatalf("%v: %s", err, out)
			}
			t.Logf("%s: %.1f s without a build cache, processor time %.1f s, %d MB", name, wall.Seconds(), used.Seconds(), b.peak()>>20)
			tooLong(t, wall, used, mostCold)
		})
	}
}
