package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"amdahl/results/laws"
	"amdahl/results/read"
	"amdahl/results/words"
)

// What the experiment asks for.
const (
	near       = 0.05 // how far an interval may be from the truth
	leastRight = 0.93 // of all repeats
	leastOf20  = 16   // of 20 repeats of a program in a situation
	mostUnsure = 0.05 // of the repeats on a quiet machine
	leastQuiet = 60   // sound rounds of the reference
)

// An outcome is what became of the repeats of a program in a situation.
type outcome struct{ right, unsure, wrong int }

func (o outcome) all() int { return o.right + o.unsure + o.wrong }

func show(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("weather show", flag.ContinueOnError)
	f.SetOutput(stderr)
	perRepeat := f.Int("rounds", 4, "of a repeat")
	f.Usage = func() {
		fmt.Fprintln(stderr, "usage: weather show [flags] DIR\nHolds what was measured in every situation against the quiet reference.")
		f.PrintDefaults()
	}
	if err := f.Parse(args); err != nil || f.NArg() != 1 || *perRepeat < 1 {
		f.Usage()
		return usage
	}
	r, err := judge(ctx, f.Arg(0), *perRepeat)
	if err != nil {
		fmt.Fprintln(stderr, "weather:", err)
		if errors.Is(err, errNoTruth) {
			return undecided
		}
		return failed
	}
	r.print(stdout)
	if problems := r.problems(); len(problems) > 0 {
		for _, p := range problems {
			fmt.Fprintln(stderr, "weather:", p)
		}
		return failed
	}
	return done
}

// A report is the outcome of every program in every situation.
type report struct {
	programs []string
	truth    map[string]float64
	of       map[string]map[string]outcome // by situation and program
}

var errNoTruth = errors.New("the reference does not say what is true")

// judge reads the files of a directory.
func judge(ctx context.Context, dir string, perRepeat int) (*report, error) {
	text, err := os.ReadFile(filepath.Join(dir, reference+".txt"))
	if err != nil {
		return nil, err
	}
	r := &report{truth: map[string]float64{}, of: map[string]map[string]outcome{}}
	quiet, err := analyse(ctx, string(text))
	if err != nil {
		return nil, err
	}
	for _, a := range quiet {
		name := a.Curve.Name.String()
		if a.Sigma == nil || a.Curve.Rounds.Kept < leastQuiet {
			return nil, fmt.Errorf("%w: %s has %d sound rounds, and %d are needed: measure when the machine is quiet", errNoTruth, name, a.Curve.Rounds.Kept, leastQuiet)
		}
		r.programs = append(r.programs, name)
		r.truth[name] = a.Sigma.Value
	}
	for _, s := range situations {
		text, err := os.ReadFile(filepath.Join(dir, s.name+".txt"))
		if err != nil {
			return nil, err
		}
		r.of[s.name] = map[string]outcome{}
		for first := 1; first+perRepeat-1 <= rounds(string(text)); first += perRepeat {
			repeat, err := analyse(ctx, cut(string(text), first, first+perRepeat-1))
			if err != nil {
				return nil, fmt.Errorf("%s, rounds from %d: %w", s.name, first, err)
			}
			for _, a := range repeat {
				name := a.Curve.Name.String()
				o := r.of[s.name][name]
				switch verdict(a, r.truth[name]) {
				case right:
					o.right++
				case unsure:
					o.unsure++
				default:
					o.wrong++
				}
				r.of[s.name][name] = o
			}
		}
	}
	return r, nil
}

// analyse fits what a text holds.
func analyse(ctx context.Context, text string) ([]*laws.Analysis, error) {
	set, err := read.Files(nil, strings.NewReader(text), read.Options{})
	if err != nil {
		return nil, err
	}
	all, errs := laws.AnalyzeEach(ctx, set.Curves, laws.Options{})
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return all, nil
}

const (
	right = iota
	unsure
	wrong
)

// verdict says whether an interval comes near enough to the truth, or says that nothing
// can be told.
func verdict(a *laws.Analysis, truth float64) int {
	switch {
	case a.Verdict == laws.TooFewSoundRounds, a.Sigma == nil, a.Sigma.Interval == nil:
		return unsure
	case a.Sigma.Interval.Low-near <= truth && truth <= a.Sigma.Interval.High+near:
		return right
	}
	return wrong
}

// print prints a row for each situation: right, cannot tell and wrong, by program.
func (r *report) print(w io.Writer) {
	head := []string{"situation"}
	for _, p := range r.programs {
		head = append(head, fmt.Sprintf("%s (%s)", strings.TrimPrefix(p, "Planted/"), words.Number(r.truth[p])))
	}
	rows := [][]string{append(head, "all")}
	var total outcome
	text := func(o outcome) string { return fmt.Sprintf("%d right, %d ?, %d wrong", o.right, o.unsure, o.wrong) }
	for _, s := range situations {
		row := []string{s.name}
		var sum outcome
		for _, p := range r.programs {
			o := r.of[s.name][p]
			row = append(row, text(o))
			sum.right, sum.unsure, sum.wrong = sum.right+o.right, sum.unsure+o.unsure, sum.wrong+o.wrong
		}
		rows = append(rows, append(row, text(sum)))
		total.right, total.unsure, total.wrong = total.right+sum.right, total.unsure+sum.unsure, total.wrong+sum.wrong
	}
	widths := make([]int, len(head)+1)
	for _, row := range rows {
		for i, c := range row {
			widths[i] = max(widths[i], words.Width(c))
		}
	}
	for _, row := range rows {
		for i, c := range row {
			row[i] = words.Pad(c, widths[i])
		}
		fmt.Fprintln(w, strings.TrimRight(strings.Join(row, "  "), " "))
	}
	fmt.Fprintf(w, "\nof %d: %d right, %d cannot tell (?), %d wrong\n", total.all(), total.right, total.unsure, total.wrong)
}

// problems are what the experiment asks for and did not find.
func (r *report) problems() []string {
	var list []string
	var total outcome
	for _, s := range situations {
		var sum outcome
		for _, p := range r.programs {
			o := r.of[s.name][p]
			if float64(o.right+o.unsure)*20 < leastOf20*float64(o.all()) {
				list = append(list, fmt.Sprintf("%s, %s: %d of %d are wrong", s.name, p, o.wrong, o.all()))
			}
			sum.unsure += o.unsure
			sum.right += o.right
			sum.wrong += o.wrong
		}
		if s.load == "" && float64(sum.unsure) > mostUnsure*float64(sum.all()) {
			list = append(list, fmt.Sprintf("%s: %d of %d cannot tell, on a quiet machine", s.name, sum.unsure, sum.all()))
		}
		total.right, total.unsure, total.wrong = total.right+sum.right, total.unsure+sum.unsure, total.wrong+sum.wrong
	}
	if float64(total.right+total.unsure) < leastRight*float64(total.all()) {
		list = append(list, fmt.Sprintf("%d of %d are wrong in all", total.wrong, total.all()))
	}
	slices.Sort(list)
	return list
}
