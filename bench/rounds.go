package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Rounds measures in rounds: each round is a fresh process that runs every
// case once, in an order of its own. Slow changes of the machine then fall
// on all levels alike; repeats of one level in a row would mistake them for
// scaling.
type Rounds struct {
	Count    int
	Command  func(ctx context.Context, round int) *exec.Cmd // one round; its output is benchmark text
	Out      io.Writer                                      // gets every whole line as it comes
	Progress *Progress
}

// Run returns how many results were written. When ctx ends, the round under
// way is told to stop, what it measured is kept, and the error wraps ctx's.
func (r *Rounds) Run(ctx context.Context) (results int, err error) {
	for round := 1; round <= r.Count; round++ {
		n, err := r.one(ctx, round)
		results += n
		if ctx.Err() != nil {
			return results, fmt.Errorf("bench: stopped in round %d of %d: %w", round, r.Count, ctx.Err())
		}
		if err != nil {
			return results, fmt.Errorf("bench: round %d of %d: %w", round, r.Count, err)
		}
	}
	return results, nil
}

func (r *Rounds) one(ctx context.Context, round int) (results int, err error) {
	cmd := r.Command(ctx, round)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	var said strings.Builder
	var broken error // the output
	cmd.Stdout = &lines{each: func(line string) error {
		switch {
		case strings.HasPrefix(line, "Benchmark") && strings.Contains(line, "ns/op"):
			results++
			r.Progress.Result(line)
		case line == "PASS\n":
			return nil
		case !isText(line):
			said.WriteString(line)
			return nil
		}
		_, broken = io.WriteString(r.Out, line)
		return broken
	}}
	r.Progress.Round(round, r.Count)
	err = cmd.Run()
	switch {
	case broken != nil:
		return results, broken
	case err != nil && ctx.Err() == nil:
		return results, fmt.Errorf("%w\n%s", err, said.String())
	}
	return results, nil
}

// lines is a writer that gives every whole line to each. An unfinished line
// is no result.
type lines struct {
	each func(line string) error
	rest []byte
}

func (l *lines) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		i := bytes.IndexByte(l.rest, '\n')
		if i < 0 {
			return len(p), nil
		}
		line := string(l.rest[:i+1])
		l.rest = l.rest[i+1:]
		if err := l.each(line); err != nil {
			return 0, err
		}
	}
}

// isText tells benchmark text from what testing says about a failure.
func isText(line string) bool {
	key, _, ok := strings.Cut(line, ": ")
	return strings.HasPrefix(line, "Benchmark") || ok && key != "" && !strings.ContainsAny(key, " \t") && key == strings.ToLower(key)
}
