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

	round  int                  // that is under way; 0 is none yet
	also   bool                 // it runs without a trace, too
	traced map[string][]float64 // what an operation took in traced runs, by point and line
	costly map[string][]float64 // by how many times as long as without a trace
}

// worthSampling is how many times as long as without a trace an operation may take with one,
// in the mean of the rounds, so that runs without a trace are not worth their time. It is
// below what package results/why allows a trace to cost: the mean of few rounds is noisy.
const worthSampling = 1.05

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
	return &Profiling{temp: temp, keep: keep, traced: map[string][]float64{}, costly: map[string][]float64{}}, nil
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
	return &rounds.Profiling{Rounds: count, Runs: p.runs}
}

// runs are the ways to run a point in a round: traced, and in the first round without a trace
// as well. If that shows that tracing slows some benchmark down, then so in all rounds.
func (p *Profiling) runs(point rounds.Point, round int) []rounds.ProfiledRun {
	if p.round != round { // all levels of a round alike: they are compared
		p.also, p.round = p.round == 0 || p.slows(), round
	}
	file := p.file(point, round)
	// With both, the trace has the samples of the CPU profile.
	list := []rounds.ProfiledRun{{Kind: contract.ProfiledTraced, Args: []string{"-test.trace=" + file, "-test.cpuprofile=" + file + ".cpu"},
		Take: func(printed []string) ([]string, error) { return p.takeTrace(point, round, printed) }}}
	if !p.also {
		return list
	}
	dir := file + ".profiles"
	if err := os.Mkdir(dir, 0o700); err != nil {
		p.note(fmt.Sprintf("%s: no profiles without a trace: %v", point.Name, err))
		return list
	}
	return append(list, rounds.ProfiledRun{Kind: contract.ProfiledSampled, Args: []string{"-" + contract.ProfilesFlag + "=" + dir},
		Take: func(printed []string) ([]string, error) { return p.takeSampled(point, round, dir, printed) }})
}

// slows reports whether tracing was seen to slow a benchmark down.
func (p *Profiling) slows() bool {
	for _, list := range p.costly {
		sum := 0.0
		for _, v := range list {
			sum += v
		}
		if sum > worthSampling*float64(len(list)) {
			return true
		}
	}
	return false
}

// file is the trace of a run.
func (p *Profiling) file(point rounds.Point, round int) string {
	return beside(filepath.Join(p.temp, "profiled"), fmt.Sprintf("%s-round%d", point.Name, round), ".trace")
}

// takeTrace makes the lines of a traced run, and its profiles.
func (p *Profiling) takeTrace(point rounds.Point, round int, printed []string) (lines []string, err error) {
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
	return p.lines(point, round, printed, all, func(key string, ns float64) {
		p.traced[key] = append(p.traced[key], ns)
	})
}

// takeSampled makes those of a run without a trace.
func (p *Profiling) takeSampled(point rounds.Point, round int, dir string, printed []string) (lines []string, err error) {
	defer os.RemoveAll(dir)
	all, err := losses.Sampled(dir)
	if err != nil {
		return nil, err
	}
	return p.lines(point, round, printed, all, func(key string, ns float64) {
		if n := len(p.traced[key]); n > 0 && ns > 0 {
			p.costly[key] = append(p.costly[key], p.traced[key][n-1]/ns)
		}
	})
}

// isOf reports whether a line is of the benchmark with a name: the key of the point may stand
// behind it, and GOMAXPROCS.
func isOf(line, name, key string) bool {
	printed, _, _ := strings.Cut(strings.ReplaceAll(line, "\t", " "), " ")
	rest, ok := strings.CutPrefix(printed, name)
	if i := strings.LastIndexByte(rest, '-'); i >= 0 {
		if _, err := strconv.Atoi(rest[i+1:]); err == nil {
			rest = rest[:i]
		}
	}
	return ok && (rest == "" || key != "" && rest == "/"+key)
}

// lines are those of the accounts of a run, each beside what the run printed. Took gets what
// an operation of each took, in ns, by a key for point and line.
func (p *Profiling) lines(point rounds.Point, round int, printed []string, all []*losses.Result, took func(key string, ns float64)) (lines []string, err error) {
	for _, r := range all {
		line, rest := "", printed
		for i, l := range printed {
			if isOf(l, r.Name, point.Key) {
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
		name := strings.Fields(text)[0]
		took(point.Name+"\x00"+name, r.Time/float64(r.N))
		if err := p.write(name, point, round, r); err != nil {
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
	kind := ""
	if r.Sampled {
		kind = "-" + contract.ProfiledSampled
	}
	file := beside(filepath.Join(p.keep, "x"), fmt.Sprintf("%s-%s%s-round%d", strings.TrimPrefix(name, "Benchmark"), point.Name, kind, round), profileExt)
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
