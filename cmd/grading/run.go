package grading

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"amdahl/bench/contract"
	"amdahl/bench/labs"
	"amdahl/bench/rounds"
	"amdahl/results/grade"
	"amdahl/results/stats"
)

// A line is one result of a run file.
type line struct {
	round    int
	sentinel bool
	level    string // "plan=static workers=3"
	plan     string // the values of plan, kind and code, as in threads-wait, or chunk=4; "" if there is none
	workers  int
	runs     int                // operations that were timed together
	values   map[string]float64 // by unit
}

// A run is a student's run file, checked.
type run struct {
	lines   []line
	seed    uint64
	broken  string   // why it cannot be graded: it does not follow from the predictions; "" if it does
	unknown string   // why it cannot tell
	notes   []string // what is odd
	work    uint64   // the seed of the work
}

// workers is the axis of all labs.
const workers = "workers"

// parseRun reads the text that amdahl run wrote. It wants the order of lines, which a
// reader of curves does not keep.
func parseRun(text string) (*run, error) {
	r := &run{}
	round, sentinel, canary := 0, false, false
	for number, t := range strings.Split(text, "\n") {
		if key, value, ok := strings.Cut(t, ":"); ok && !strings.HasPrefix(t, "Benchmark") && !strings.Contains(key, " ") {
			value = strings.TrimSpace(value)
			switch key {
			case contract.KeyRound:
				round, _ = strconv.Atoi(value)
			case contract.KeySentinel:
				sentinel = value == "true"
			case contract.KeyCanary:
				canary = value == "true"
			case contract.KeySeed:
				r.seed, _ = strconv.ParseUint(value, 10, 64)
			}
			continue
		}
		if !strings.HasPrefix(t, "Benchmark") || canary {
			continue
		}
		l, err := parseLine(t)
		if err != nil {
			return nil, fmt.Errorf("line %d of the run: %w", number+1, err)
		}
		l.round, l.sentinel = round, sentinel
		r.lines = append(r.lines, l)
	}
	if len(r.lines) == 0 {
		return nil, fmt.Errorf("the run has no benchmark results")
	}
	return r, nil
}

var procsSuffix = regexp.MustCompile(`-\d+$`)

func parseLine(text string) (line, error) {
	fields := strings.Fields(text)
	l := line{values: map[string]float64{}}
	if len(fields) < 4 || len(fields)%2 != 0 {
		return l, fmt.Errorf("it is not a benchmark result")
	}
	var err error
	if l.runs, err = strconv.Atoi(fields[1]); err != nil {
		return l, fmt.Errorf("%q is not a number of operations", fields[1])
	}
	parts := strings.Split(procsSuffix.ReplaceAllString(fields[0], ""), "/")[1:]
	l.level = strings.Join(parts, " ")
	for _, p := range parts {
		key, value, _ := strings.Cut(p, "=")
		switch key {
		case workers:
			l.workers, _ = strconv.Atoi(value)
		case "plan", "kind", "code":
			l.plan = strings.TrimPrefix(l.plan+"-"+value, "-")
		case "chunk":
			l.plan = p
		}
	}
	for i := 2; i < len(fields); i += 2 {
		v, err := strconv.ParseFloat(fields[i], 64)
		if err != nil || !stats.Finite(v) {
			return l, fmt.Errorf("%q is not a number", fields[i])
		}
		l.values[fields[i+1]] = v
	}
	return l, nil
}

// checkRun reads and checks the run of a submission. The error says what is missing.
func checkRun(lab *labs.Lab, s *grade.Submission) (*run, error) {
	if s.Run == "" {
		return nil, fmt.Errorf("there is no run: measure with amdahl lab measure")
	}
	r, err := parseRun(s.Run)
	if err != nil {
		return nil, err
	}
	work, order := s.Seal.Seeds()
	r.work = work
	if r.seed != order {
		r.broken = fmt.Sprintf("The run has the seed %d, and your sealed predictions give %d: it was measured with other predictions, or is not your own. %s", r.seed, order, again)
		return r, nil
	}
	levels, err := levelsOf(lab)
	if err != nil {
		return nil, err
	}
	w, err := workOf(lab)
	if err != nil {
		return nil, err
	}
	if r.broken = r.checkOrder(levels, lab.Measure.Rounds); r.broken == "" {
		r.broken = r.checkWork(w)
	}
	if r.broken == "" {
		r.checkFloor(w)
	}
	return r, nil
}

// levelsOf lists the levels of a lab in the order in which amdahl run plans them.
func levelsOf(lab *labs.Lab) ([]rounds.Level, error) {
	var axes []rounds.Axis
	for _, text := range lab.Measure.Axes {
		a, err := rounds.ParseAxis(text)
		if err != nil {
			return nil, fmt.Errorf("grading: %s/lab.toml: %w", lab.Name, err)
		}
		axes = append(axes, a)
	}
	axes, err := rounds.Order(axes)
	if err != nil {
		return nil, fmt.Errorf("grading: %s/lab.toml: %w", lab.Name, err)
	}
	return rounds.Levels(axes), nil
}

// again ends the sentences about runs that cannot be used.
const again = "Measure again with amdahl lab measure --again."

// checkOrder holds the order of the levels against the seed: rounds.Sequence says
// which level comes when, so that no round and no level can be dropped, repeated or moved.
// It returns what is wrong, "" if nothing is.
func (r *run) checkOrder(levels []rounds.Level, planned int) string {
	var lines []line
	for _, l := range r.lines {
		if !l.sentinel {
			lines = append(lines, l)
		}
	}
	at := 0
	for round := 1; round <= planned; round++ {
		for _, i := range rounds.Sequence(r.seed, round, len(levels)) {
			want := levels[i].String()
			switch {
			case at == len(lines):
				return fmt.Sprintf("The run ends in round %d of %d. %s", round, planned, again)
			case lines[at].round != round || lines[at].level != want:
				return fmt.Sprintf("The run has %.100s in round %d where its seed gives %s in round %d. %s", lines[at].level, lines[at].round, want, round, again)
			case lines[at].runs != 1:
				return fmt.Sprintf("The run has %d operations in one result, and amdahl lab measure takes one. %s", lines[at].runs, again)
			}
			at++
		}
	}
	if at < len(lines) {
		return fmt.Sprintf("The run has more than %d rounds. %s", planned, again)
	}
	return ""
}

// checkWork computes the work again, and compares exactly. It returns what is wrong.
func (r *run) checkWork(w work) string {
	for _, l := range r.lines {
		if wrong := w.check(r.work, l); wrong != "" {
			return wrong + ". It was measured with other predictions, or the numbers were changed. " + again
		}
	}
	return ""
}

// checkFloor looks for times below what the work allows. Sleeping never ends early, so no
// honest run has one; but a clock that is set could, so it takes no points: the
// run cannot tell.
func (r *run) checkFloor(w work) {
	const rounding = 1 - 1e-4
	below, worst := 0, ""
	for _, l := range r.lines {
		if floor := w.floor(r.work, l); l.values[contract.UnitTime] < floor*rounding {
			below++
			worst = fmt.Sprintf("%s in round %d took %.0f ns, and its work takes %.0f ns", l.level, l.round, l.values[contract.UnitTime], floor)
		}
	}
	if below > 0 {
		r.unknown = worst + ". " + again
		r.notes = append(r.notes, fmt.Sprintf("%d of %d times of the run lie below what the work allows: %s.", below, len(r.lines), worst))
	}
}

// times lists the times of a plan at a number of workers, in seconds.
func (r *run) times(plan string, n int) []float64 {
	var list []float64
	for _, l := range r.lines {
		if !l.sentinel && l.plan == plan && l.workers == n {
			list = append(list, l.values[contract.UnitTime]/1e9)
		}
	}
	return list
}

// speedup is median T(1) / median T(n), with its interval.
func (r *run) speedup(plan string, n int) stats.Estimate {
	const confidence = 0.95
	return stats.Quotient(stats.MedianEstimate(r.times(plan, 1), confidence), stats.MedianEstimate(r.times(plan, n), confidence))
}

// levels lists the plans in the order of the run's names, and the numbers of workers.
func (r *run) levels() (plans []string, numbers []int) {
	for _, l := range r.lines {
		if !slices.Contains(plans, l.plan) {
			plans = append(plans, l.plan)
		}
		if !slices.Contains(numbers, l.workers) {
			numbers = append(numbers, l.workers)
		}
	}
	slices.SortFunc(plans, func(a, b string) int { // chunk=4 before chunk=16
		return cmp.Or(cmp.Compare(strings.TrimRight(a, digits), strings.TrimRight(b, digits)), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	slices.Sort(numbers)
	return plans, numbers
}

const digits = "0123456789"
