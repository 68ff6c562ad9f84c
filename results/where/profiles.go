package where

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/google/pprof/profile"

	"amdahl/bench/contract"
	"amdahl/results"
)

// A Profile is one that "amdahl run --why" wrote: of one benchmark, level and round.
type Profile struct {
	Benchmark string // as on its line: "BenchmarkIndex/size=4-2"
	Ops       float64
	Workers   float64
	Round     int
	Sampled   bool // it was made without a trace
	paths     []path
	rounds    []*Profile // all of the level, if it is one of several; see placer
}

// A path is one call path, the innermost call first, with what it cost in ns of all
// operations, by the names of the values.
type path struct {
	frames []frame
	values map[string]float64
}

type frame struct {
	function, file string
	line           int
}

// ErrForeign is the error for a profile that amdahl run has not written.
var ErrForeign = errors.New("this profile was not written by amdahl run --why: it does not say whose it is")

// Read reads the profiles of files.
func Read(files []string) ([]*Profile, error) {
	var all []*Profile
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		p, err := ReadProfile(f)
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, p)
	}
	return all, nil
}

// ReadProfile reads one profile.
func ReadProfile(r io.Reader) (*Profile, error) {
	in, err := profile.Parse(r)
	if err != nil {
		return nil, err
	}
	p := &Profile{}
	for _, c := range in.Comments {
		key, value, _ := strings.Cut(c, " ")
		n, err := strconv.ParseFloat(value, 64)
		switch key {
		case contract.ProfileBenchmark:
			p.Benchmark = value
			continue
		case contract.ProfileOps:
			p.Ops = n
		case contract.ProfileWorkers:
			p.Workers = n
		case contract.ProfileRound:
			p.Round = int(n)
		case contract.ProfileSampled:
			p.Sampled = true
		default:
			continue
		}
		if err != nil || !(n > 0 && n < 1e15) {
			return nil, fmt.Errorf("its comment %q is wrong: a number above 0 is needed", c)
		}
	}
	if p.Benchmark == "" || p.Ops == 0 || p.Workers == 0 {
		return nil, ErrForeign
	}
	for _, s := range in.Sample {
		x := path{values: map[string]float64{}}
		for _, l := range s.Location {
			for _, line := range l.Line { // the innermost of inlined calls first
				if line.Function != nil {
					x.frames = append(x.frames, frame{line.Function.Name, line.Function.Filename, int(line.Line)})
				}
			}
		}
		for i, v := range s.Value {
			if i < len(in.SampleType) && v > 0 {
				x.values[in.SampleType[i].Type] += float64(v)
			}
		}
		if len(x.frames) > 0 && len(x.values) > 0 {
			p.paths = append(p.paths, x)
		}
	}
	return p, nil
}

// of reports whether a profile is of a curve.
func (p *Profile) of(c *results.Curve) bool {
	name := strings.TrimPrefix(p.Benchmark, "Benchmark")
	if i := strings.LastIndexByte(name, '-'); i > 0 {
		if _, err := strconv.Atoi(name[i+1:]); err == nil {
			name = name[:i]
		}
	}
	own := c.Name
	own.Package = ""
	return results.ParseName(name).Without(c.X).String() == own.String()
}
