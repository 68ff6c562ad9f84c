package grading

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"amdahl/bench/labs"
	"amdahl/bench/labs/lengths"
	"amdahl/bench/labs/program"
	"amdahl/bench/labs/server"
	"amdahl/bench/labs/store"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// A question to a judge: all that it may look at.
type asked struct {
	labs.Question
	lab    *labs.Lab
	answer string
	number float64 // the answer, if the kind is number
	run    *run    // checked, and not broken; nil for judges that need none
}

// A verdict is what a judge says. Unknown is "cannot tell".
type verdict struct {
	right, unknown bool
	text           string
}

// A judge decides one kind of question. Those with run need a run that fits.
type judge struct {
	run bool
	say func(a asked) (verdict, error)
}

// judges by the name that lab.toml uses. predicted is decided in questions.
var judges = map[string]judge{
	"choice":       {false, sayChoice},
	"written":      {false, sayWritten},
	"makespan":     {true, sayMakespan},
	"speedup":      {true, saySpeedup},
	"karp-flatt":   {true, sayKarpFlatt},
	"share":        {true, sayShare},
	"imbalance":    {true, sayImbalance},
	"pool-size":    {true, sayPoolSize},
	"sigma":        {true, saySigma},
	"lock-ceiling": {true, sayLockCeiling},
	"size":         {true, saySize},
	"ceiling":      {true, sayCeiling},

	"line-ceiling":        {true, sayLineCeiling},
	"false-sharing":       {true, sayFalseSharing},
	"interpreter-ceiling": {true, sayInterpreterCeiling},
	"interpreter":         {true, sayInterpreter},
	"chunk":               {true, sayChunk},
	"longest-message":     {true, sayLongestMessage},
	"messages":            {true, sayMessages},
}

// judgePredicted is the name of the judge for predictions.
const judgePredicted = "predicted"

// near reports whether an answer is within the share of the value.
func near(answer, value, share float64) bool {
	return math.Abs(answer-value) <= share*math.Abs(value)
}

func sayChoice(a asked) (verdict, error) {
	all, err := a.lab.Answers()
	if errors.Is(err, labs.ErrHidden) {
		return verdict{}, err
	} else if err != nil {
		return verdict{}, err
	}
	right, ok := all.Answers[a.ID]
	if !ok {
		return verdict{}, fmt.Errorf("grading: %s/_hidden/answers.toml: there is no answer %s", a.lab.Name, a.ID)
	}
	if Choice(a.answer) != right.Right {
		return verdict{text: fmt.Sprintf("%s) is not right. Look at amdahl lab hint %s.", Choice(a.answer), a.ID)}, nil
	}
	return verdict{right: true, text: right.Because}, nil
}

// Choice is the letter of an answer such as "b)".
func Choice(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	return strings.TrimRight(s, "). ")
}

func sayWritten(a asked) (verdict, error) {
	if n := len(strings.Fields(a.answer)); n < a.Words {
		return verdict{text: fmt.Sprintf("Your answer has %s; at least %d %s wanted.", words.Count(n, "word"), a.Words, words.Is(a.Words))}, nil
	}
	return verdict{right: true, text: "Your lecturer reads: " + a.answer}, nil
}

func saySpeedup(a asked) (verdict, error) {
	e := a.run.speedup(a.Plan, a.At)
	within := e.Interval != nil && a.number >= e.Interval.Low && a.number <= e.Interval.High
	if within || near(a.number, e.Value, 0.05) {
		return verdict{right: true, text: fmt.Sprintf("Your run has %.2f.", e.Value)}, nil
	}
	return verdict{text: fmt.Sprintf("You say %g; the medians of your run have another quotient. Divide the time at 1 worker by the time at %d workers.", a.number, a.At)}, nil
}

func sayKarpFlatt(a asked) (verdict, error) {
	s, n := a.run.speedup(a.Plan, a.At).Value, float64(a.At)
	e := (1/s - 1/n) / (1 - 1/n)
	if math.Abs(a.number-e) <= 0.03 {
		return verdict{right: true, text: fmt.Sprintf("With S = %.2f it is %.2f: so much of the work would be serial, if a serial part were the cause.", s, e)}, nil
	}
	return verdict{text: fmt.Sprintf("You say %g; the formula gives another number for the speedup of your run.", a.number)}, nil
}

func sayShare(a asked) (verdict, error) {
	total, most := loads(pictures.of(a.run.work), a.Plan, a.At)
	bound := float64(total) / float64(most)
	if near(a.number, bound, 0.01) {
		return verdict{right: true, text: fmt.Sprintf("%d / %d = %.3f: no machine makes this division of the work faster than that.", total, most, bound)}, nil
	}
	return verdict{text: fmt.Sprintf("You say %g: divide the iterations of all workers by those of the most loaded one, at %d workers.", a.number, a.At)}, nil
}

// sayImbalance says first whether the run itself shows an imbalance: the speedup of
// the static plan is what the shares of work give, and the same rows, handed
// out one by one, are faster.
func sayImbalance(a asked) (verdict, error) {
	total, most := loads(pictures.of(a.run.work), a.Plan, a.At)
	bound := float64(total) / float64(most)
	static, dynamic := a.run.speedup(a.Plan, a.At).Value, a.run.speedup("dynamic", a.At).Value
	if !near(static, bound, 0.15) || dynamic < 1.2*static {
		return verdict{unknown: true, text: fmt.Sprintf("Your run does not show the cause: the shares of work give a speedup of %.2f at %d workers, you measured %.2f, and %.2f under plan dynamic. Something else ran on the machine. %s", bound, a.At, static, dynamic, again)}, nil
	}
	all, err := a.lab.Answers()
	if err != nil {
		return verdict{}, err
	}
	right := all.Answers[a.ID]
	if Choice(a.answer) != right.Right {
		return verdict{text: fmt.Sprintf("%s) does not fit your run: the shares of work alone give a speedup of %.2f, and you measured %.2f.", Choice(a.answer), bound, static)}, nil
	}
	return verdict{right: true, text: fmt.Sprintf("The shares of work give %.2f, you measured %.2f, and %.2f under plan dynamic. %s", bound, static, dynamic, right.Because)}, nil
}

// sayPoolSize takes every number of workers that is within a tenth of the fastest.
func sayPoolSize(a asked) (verdict, error) {
	_, numbers := a.run.levels()
	best := math.Inf(1)
	median := map[int]float64{}
	for _, n := range numbers {
		if times := a.run.times(a.Plan, n); len(times) > 0 {
			median[n] = stats.Median(times)
			best = min(best, median[n])
		}
	}
	t, ok := median[int(a.number)]
	switch {
	case !ok || a.number != math.Trunc(a.number):
		return verdict{text: fmt.Sprintf("%g is not a number of workers that was measured.", a.number)}, nil
	case t > 1.1*best:
		return verdict{text: fmt.Sprintf("At workers=%g your run took %.1f ms, and the fastest took %.1f ms.", a.number, t*1e3, best*1e3)}, nil
	}
	return verdict{right: true, text: fmt.Sprintf("At workers=%g your run took %.1f ms; the fastest took %.1f ms.", a.number, t*1e3, best*1e3)}, nil
}

// sigma is the serial part that fits the medians of a plan best, by least squares
// of T(n)/T(1) = σ + (1-σ)/n.
func (r *run) sigma(plan string) float64 {
	_, numbers := r.levels()
	first := stats.Median(r.times(plan, 1))
	var xy, xx float64
	for _, n := range numbers {
		x := 1 - 1/float64(n)
		y := stats.Median(r.times(plan, n))/first - 1/float64(n)
		xy, xx = xy+x*y, xx+x*x
	}
	return xy / xx
}

// disturbed says that the serial part of a run is not the one that its program has, ""
// if it is: then other programs took the processors, or held up the timers.
func (r *run) disturbed(sigma float64) string {
	p := program.Of(r.work)
	if planted := float64(p.Serial) / float64(p.Total()); math.Abs(sigma-planted) > 0.03 {
		return "Your run does not show the serial part that your program has: something else ran on the machine. " + again
	}
	return ""
}

func saySigma(a asked) (verdict, error) {
	s := a.run.sigma(a.Plan)
	if why := a.run.disturbed(s); why != "" {
		return verdict{unknown: true, text: why}, nil
	}
	if math.Abs(a.number-s) <= 0.02 {
		return verdict{right: true, text: fmt.Sprintf("The times of your run give %.3f.", s)}, nil
	}
	return verdict{text: fmt.Sprintf("You say %g; the times of your run give another serial part.", a.number)}, nil
}

func sayCeiling(a asked) (verdict, error) {
	s := a.run.sigma(a.Plan)
	if why := a.run.disturbed(s); why != "" {
		return verdict{unknown: true, text: why}, nil
	}
	if near(a.number, 1/s, 0.2) {
		return verdict{right: true, text: fmt.Sprintf("1 / %.3f = %.1f.", s, 1/s)}, nil
	}
	return verdict{text: fmt.Sprintf("You say %g: with unlimited workers only the serial part takes time.", a.number)}, nil
}

// saySize is processors × (1 + waiting/computing), rounded up; one more is right, too.
func saySize(a asked) (verdict, error) {
	s := server.Of(a.run.work, a.Plan)
	exact := server.Processors * (1 + float64(s.Wait)/float64(s.Compute))
	if a.number >= exact-0.05 && a.number <= math.Ceil(exact)+1 {
		return verdict{right: true, text: fmt.Sprintf("%d × (1 + %.3f/%.3f) = %.2f workers.", server.Processors, s.Wait.Seconds()*1e3, s.Compute.Seconds()*1e3, exact)}, nil
	}
	return verdict{text: fmt.Sprintf("You say %g: a worker computes for the share compute/(wait+compute) of its time, and there are %d processors.", a.number, server.Processors)}, nil
}

// sayLockCeiling is the time of a task over its time inside the lock.
func sayLockCeiling(a asked) (verdict, error) {
	s := store.Of(a.run.work)
	whole, locked := s.Parse+s.Update+s.Format, inside(s, a.Plan)
	bound := float64(whole) / float64(locked)
	if near(a.number, bound, 0.03) {
		return verdict{right: true, text: fmt.Sprintf("%v / %v = %.2f.", whole, locked, bound)}, nil
	}
	return verdict{text: fmt.Sprintf("You say %g: divide the time of a task by the time that it is inside the lock.", a.number)}, nil
}

func sayMakespan(a asked) (verdict, error) {
	want := float64(lengths.Pool(poolLengths(a.run.work), a.At)) / 1e6
	if math.Abs(a.number-want) <= 1 {
		return verdict{right: true, text: fmt.Sprintf("It is %.2f ms.", want)}, nil
	}
	return verdict{text: fmt.Sprintf("You say %g ms. Draw %d rows; each task goes into the row that is free first, in the order of the tasks.", a.number, a.At)}, nil
}
