package rounds

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"strconv"
	"strings"
	"time"

	"amdahl/bench/contract"
)

// Marks are lines that readers of benchmark text ignore. They say which processes
// have ended.
const (
	markDone   = "# done "
	markFailed = "# failed "
	markEnded  = "# ended round "

	markProfiled = "# profiled round "
)

// A Past describes the rounds in a file of results.
type Past struct {
	Plan, Program string
	Seed          uint64
	Size          int64 // bytes up to the last mark; what follows belongs to a process that did not end, and is to be cut off
	Results       int
	Profiled      int // rounds of Options.Profiling

	text     []byte
	holds    map[string]string
	round    int             // the last one
	ended    bool            // it is whole
	done     map[string]bool // the steps that were measured in it
	canaries []Reading
	units    map[string]bool
	whole    int // whole rounds
}

// ReadPast reads a file that Run wrote, or the beginning of one.
func ReadPast(r io.Reader) (*Past, error) {
	p := &Past{holds: map[string]string{}, done: map[string]bool{}, units: map[string]bool{}}
	type state struct { // at the last mark
		holds             map[string]string
		results, canaries int
	}
	var at state
	seeded, marked, results := false, false, 0
	in := bufio.NewReader(r)
	for {
		line, err := in.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("rounds: %w", err)
		}
		if err != nil {
			break // a line without an end was cut short
		}
		p.text = append(p.text, line...)
		text := strings.TrimSuffix(line, "\n")
		if key, value, ok := configLine(line); ok {
			if p.holds[key] = value; value == "" {
				delete(p.holds, key)
			}
			switch key {
			case contract.KeyPlan:
				p.Plan = value
			case contract.KeyProgram:
				p.Program = value
			case contract.KeySeed:
				if p.Seed, err = strconv.ParseUint(value, 10, 64); err != nil {
					return nil, fmt.Errorf("rounds: the line %q is wrong: a seed is a whole number", text)
				}
				seeded = true
			case contract.KeyRound:
				if n, err := strconv.Atoi(value); err == nil && n != p.round {
					p.round, p.ended, p.done = n, false, map[string]bool{}
				}
			}
			continue
		}
		if name, ok := resultLine(line); ok {
			if p.holds[contract.KeyProfiled] != "" {
				continue
			}
			if p.holds[contract.KeyCanary] == "" {
				results++
			} else if c, ok := readCanary(name, text); ok {
				p.canaries = append(p.canaries, Reading{p.round, c})
			}
			continue
		}
		if !p.mark(text) {
			if strings.HasPrefix(text, "Unit ") {
				p.units[text] = true
			}
			continue
		}
		marked = true
		at = state{maps.Clone(p.holds), results, len(p.canaries)}
		p.Size = int64(len(p.text))
	}
	if p.Plan == "" || !seeded {
		return nil, errors.New("rounds: no run-seed and run-plan lines in it, so there is nothing to go on with: measure anew")
	}
	if !marked { // nothing was measured: only the head stays
		at, p.Size, p.round = state{holds: map[string]string{}}, 0, 0
	}
	p.text, p.holds, p.Results, p.canaries = p.text[:p.Size], at.holds, at.results, p.canaries[:at.canaries]
	return p, nil
}

// mark takes a line if it is a mark, and reports whether it is one.
func (p *Past) mark(line string) bool {
	if name, ok := strings.CutPrefix(line, markDone); ok {
		p.done[name] = true
		return true
	}
	if name, ok := strings.CutPrefix(line, markFailed); ok {
		name, _, _ = strings.Cut(name, ": ")
		p.done[name] = true
		return true
	}
	if _, ok := strings.CutPrefix(line, markEnded); ok {
		p.ended = true
		p.whole = p.round
		return true
	}
	if number, ok := strings.CutPrefix(line, markProfiled); ok {
		n, err := strconv.Atoi(number)
		p.Profiled = max(p.Profiled, n)
		return err == nil
	}
	return false
}

// readCanary reads a line that was written for a canary; ok is false for another
// benchmark.
func readCanary(name, line string) (c Canary, ok bool) {
	f := strings.Fields(line)
	if name != contract.CanaryName {
		return c, false
	}
	c.Pieces, _ = strconv.Atoi(f[1])
	for i := 2; i+1 < len(f); i += 2 {
		ns, _ := strconv.ParseFloat(f[i], 64)
		total := time.Duration(ns * float64(c.Pieces))
		switch f[i+1] {
		case contract.UnitTime:
			c.Wall = total
		case contract.UnitCPU:
			c.CPU = total
		}
	}
	return c, c.Pieces > 0
}
