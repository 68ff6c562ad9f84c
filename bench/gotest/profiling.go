package gotest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"amdahl/bench/contract"
	"amdahl/bench/losses"
	"amdahl/bench/rounds"
)

// Profiled rounds: see [Profiling]. Six are the fewest that give an interval of a median.
const profiledRounds = 6

// profileExt ends the names of profiles.
const profileExt = ".pb.gz"

// A Profiling makes accounts of runs that were traced and profiled, for
// [rounds.Options.Profiling].
type Profiling struct {
	temp string // for traces, which are removed when they were read
	keep string // for profiles; "" keeps none
	// Kept are the profiles that were written.
	Kept []string
	// Notes say which runs gave no account, each reason once.
	Notes []string
}

// NewProfiling prepares it. Traces are written into the directory temp, which exists.
// Profiles for go tool pprof are written into the directory keep, which is made, and from
// which those of an earlier run are removed; "" writes none. The first done rounds of the
// profiles in keep are this run's own, which goes on.
func NewProfiling(temp, keep string, done int) (*Profiling, error) {
	if keep != "" {
		abs, err := filepath.Abs(keep) // the levels run elsewhere
		if err == nil {
			err = os.MkdirAll(abs, 0o777)
		}
		if err != nil {
			return nil, fmt.Errorf("the profiles cannot be written: %w", err)
		}
		keep = abs
		// Those of an earlier run of the same file would be taken for this one's.
		old, _ := filepath.Glob(filepath.Join(keep, "*-round[0-9]*"+profileExt))
		for _, o := range old {
			if n := roundOf(o); 1 <= n && n <= done {
				continue
			}
			if err := os.Remove(o); err != nil {
				return nil, fmt.Errorf("the profiles of an earlier run cannot be removed: %w", err)
			}
		}
	}
	return &Profiling{temp: temp, keep: keep}, nil
}

// roundOf is the round that the name of a profile says; 0 if it says none.
func roundOf(path string) int {
	name := strings.TrimSuffix(path, profileExt)
	n, _ := strconv.Atoi(name[strings.LastIndex(name, "-round")+len("-round"):])
	return n
}

// Options are those of the driver. A count of 0 is 6 rounds.
func (p *Profiling) Options(count int) *rounds.Profiling {
	if count == 0 {
		count = profiledRounds
	}
	return &rounds.Profiling{Rounds: count, Args: p.args, Take: p.take}
}

// file is the trace of a run.
func (p *Profiling) file(point rounds.Point, round int) string {
	return beside(filepath.Join(p.temp, "profiled"), fmt.Sprintf("%s-round%d", point.Name, round), ".trace")
}

func (p *Profiling) args(point rounds.Point, round int) []string {
	file := p.file(point, round)
	// With both, the trace has the samples of the CPU profile.
	return []string{"-test.trace=" + file, "-test.cpuprofile=" + file + ".cpu"}
}

// take makes the lines of one run, and its profiles.
func (p *Profiling) take(point rounds.Point, round int, printed []string) (lines []string, err error) {
	file := p.file(point, round)
	defer os.Remove(file)
	defer os.Remove(file + ".cpu")
	in, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	all, err := losses.Read(in)
	if errors.Is(err, losses.ErrNoMarks) {
		p.note(fmt.Sprintf("%s: no account: %v", point.Name, err))
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		line, rest := "", printed
		for i, l := range printed {
			if strings.HasPrefix(l, r.Name) {
				line, rest = l, printed[i+1:]
				break
			}
		}
		if line == "" {
			continue // it did not finish
		}
		printed = rest
		text := accountLine(line, r)
		lines = append(lines, text)
		if err := p.write(strings.Fields(text)[0], point, round, r); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

func (p *Profiling) note(text string) {
	for _, n := range p.Notes {
		if n == text {
			return
		}
	}
	p.Notes = append(p.Notes, text)
}

// accountLine is a benchmark line with the metrics that the run printed, but not its time,
// and those of its account.
func accountLine(printed string, r *losses.Result) string {
	f := strings.Fields(printed)
	text := fmt.Sprintf("%s\t%d", f[0], r.N)
	metrics := r.Metrics()
	written := map[string]bool{contract.UnitTime: true}
	for _, m := range metrics {
		written[m.Unit] = true
	}
	for _, m := range metrics {
		text += fmt.Sprintf("\t%.6g %s", m.Value, m.Unit)
	}
	for i := 2; i+1 < len(f); i += 2 {
		if !written[f[i+1]] {
			text += "\t" + f[i] + " " + f[i+1]
		}
	}
	return text
}

// write writes the profile of one benchmark.
func (p *Profiling) write(name string, point rounds.Point, round int, r *losses.Result) error {
	if p.keep == "" {
		return nil
	}
	file := beside(filepath.Join(p.keep, "x"), fmt.Sprintf("%s-%s-round%d", strings.TrimPrefix(name, "Benchmark"), point.Name, round), profileExt)
	file = filepath.Join(p.keep, strings.TrimPrefix(filepath.Base(file), "x-"))
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	profile := r.Profile()
	profile.Comments = append(profile.Comments, fmt.Sprintf("%s %d", contract.ProfileRound, round))
	for i, c := range profile.Comments {
		if strings.HasPrefix(c, contract.ProfileBenchmark+" ") {
			profile.Comments[i] = contract.ProfileBenchmark + " " + name
		}
	}
	p.Kept = append(p.Kept, file)
	return errors.Join(profile.Write(out), out.Close())
}
