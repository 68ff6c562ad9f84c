package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"amdahl/bench/contract"
	"amdahl/bench/critical"
	"amdahl/bench/gotrace"
	"amdahl/bench/transitions"
	"amdahl/results/trace"
	"amdahl/results/words"
)

// readTrace reads the operations and runs that are wanted, from the file or from
// standard input. What cannot be used is said on standard error; the error is
// then errSaid, beside all the rest. A nil trace comes with an error.
func readTrace(cmd *cobra.Command, args []string, want func(string) bool, criticalPath bool) (*trace.Trace, error) {
	r, name := cmd.InOrStdin(), "standard input"
	if len(args) > 0 && args[0] != "-" {
		f, err := os.Open(args[0])
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r, name = f, args[0]
	}
	var unwanted []string
	t, err := readAnyTrace(r, name, func(c string) bool {
		if !want(c) {
			unwanted = append(unwanted, c)
		}
		return want(c)
	}, criticalPath)
	if err != nil {
		return nil, err
	}
	complain(cmd.ErrOrStderr(), t.Problems)
	found := len(t.Operations) + len(t.Runs)
	switch {
	case found == 0 && len(t.Problems) > 0:
		return nil, errSaid
	case found == 0 && len(unwanted) == 1:
		return nil, usageError{fmt.Errorf("%s: the only case does not match --case; it is %s", name, words.Clean(unwanted[0]))}
	case found == 0:
		return nil, usageError{fmt.Errorf("%s: none of the %d cases matches --case; one is %s", name, len(unwanted), words.Clean(unwanted[0]))}
	case len(t.Problems) > 0:
		return t, errSaid
	}
	return t, nil
}

// goTrace is how Go's execution traces begin: "go 1.26 trace" and zeros.
var goTrace = regexp.MustCompile(`^go 1\.\d+ trace\x00`)

// readAnyTrace reads a trace of package contract's schema or Go's own. A run of
// the latter is called as its file is, without the ending, and is read once.
func readAnyTrace(r io.Reader, name string, keep func(string) bool, criticalPath bool) (*trace.Trace, error) {
	in := bufio.NewReaderSize(r, 1<<20)
	head, _ := in.Peek(32)
	if !goTrace.Match(head) {
		return trace.Read(in, name, keep)
	}
	t, err := readGoTrace(in, runName(name), keep, criticalPath)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return t, nil
}

// readGoTrace reads a trace of Go's own, once.
func readGoTrace(r io.Reader, name string, keep func(string) bool, criticalPath bool) (*trace.Trace, error) {
	in, err := transitions.NewFullReader(r)
	if err != nil {
		return nil, err
	}
	var path *critical.Path
	var part gotrace.Part
	t, err := trace.Collect(keep, func(add func(contract.Event)) (err error) {
		run := gotrace.NewEvents(add).Run(name, in.Tables, gotrace.Options{Most: mostChanges})
		if !criticalPath {
			err = in.Each(run.Event)
		} else {
			path, err = followed(in, run.Event)
		}
		if err == nil {
			part, err = run.End(in.Span())
		}
		return err
	})
	if err == nil && path != nil && len(t.Runs) == 1 {
		t.Runs[0].Critical = onClock(path, part.Begin)
	}
	return t, err
}

// followed is the critical path of a trace, whose events also are given to do.
func followed(in *transitions.Reader, do func(*transitions.Event) error) (*critical.Path, error) {
	f, err := critical.NewFinder(in.Tables, critical.Options{})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := in.Each(do, f.Event); err != nil {
		return nil, err
	}
	return f.Path(in.Span())
}

// runName is what a run is called that stands in a file by itself.
func runName(file string) string {
	name := filepath.Base(file)
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// findCritical finds the critical path of a trace, on the clock of the trace.
func findCritical(r io.Reader) (*trace.CriticalPath, error) {
	found, err := critical.Find(r, critical.Options{})
	if err != nil {
		return nil, err
	}
	return onClock(found, 0), nil
}

// onClock is a path on the clock of a run that begins at this time of the trace.
func onClock(found *critical.Path, begin int64) *trace.CriticalPath {
	c := &trace.CriticalPath{Time: time.Duration(found.To - found.From), Dropped: found.Dropped}
	for _, s := range found.Segments {
		c.Steps = append(c.Steps, trace.CriticalStep{Goroutine: int64(s.Goroutine), From: time.Duration(s.From - begin), To: time.Duration(s.To - begin)})
	}
	for _, p := range found.Parts {
		c.Parts = append(c.Parts, trace.CriticalPart{Name: p.Name, Doing: string(p.Kind), Reason: p.Reason, Where: p.Where, Time: time.Duration(p.Time), Count: p.Count})
	}
	return c
}

// mostChanges is how many changes of goroutines' states a figure is made of: the
// last ones of a trace.
const mostChanges = 1_000_000
