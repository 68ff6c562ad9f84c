package trace

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"time"

	"amdahl/bench/contract"
)

// ErrNothing is wrapped by the error for input without a single operation.
var ErrNothing = errors.New("no operation and no run in it")

// Read reads a trace: Chrome trace events, as a JSON array or as the
// "traceEvents" of an object, plain or gzip, in the schema of package contract.
// It calls keep with the name of each case and of each run, and keeps only those
// for which keep returns true; a nil keep keeps all. Events are read one by one,
// so a file may be much larger than memory, as long as what is kept is not.
//
// name is what problems call the input. An event that cannot be used and an
// operation that is not whole become problems, each as name:offset with the
// byte where it stands, and the operations are sound without them. A trace that
// was cut off is read up to the operation that is not whole, with a problem; a
// run ends with its last event then. An error means that there is nothing: input
// that cannot be read, that is not JSON, or that has no operation and no run
// ([ErrNothing]). One that keep does not want is not missing.
func Read(r io.Reader, name string, keep func(name string) bool) (*Trace, error) {
	if keep == nil {
		keep = func(string) bool { return true }
	}
	b := &builder{name: name, keep: keep, drafts: map[int]*draft{}, rows: map[int]process{}}
	br := bufio.NewReaderSize(r, 1<<16)
	r = br
	if magic, _ := br.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(br)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		r = z
	}
	in := bufio.NewReaderSize(r, 1<<12)
	head, _ := in.Peek(1 << 12)
	if what := otherThan(head); what != "" {
		return nil, fmt.Errorf("%s: this is %s, and a trace is wanted, which says who did what when: %s", name, what, makeOne)
	}
	b.dec = json.NewDecoder(in)
	if err := b.events(); err != nil {
		return nil, err
	}
	t := &Trace{Operations: b.operations(), Runs: b.keptRuns()}
	t.Problems = b.problems
	if len(t.Operations)+b.seen+len(b.runs) == 0 {
		if len(b.problems) > 0 {
			return nil, fmt.Errorf("%s: %w: %w", name, ErrNothing, b.problems[0])
		}
		return nil, fmt.Errorf("%s: %w: %s", name, ErrNothing, makeOne)
	}
	return t, nil
}

// makeOne says how a trace is made.
const makeOne = "make one of a package with amdahl run ./pkg -x cpu=1,2 --trace trace.json, or one of tasks, which what-if needs, with go test ./bench -bench Strong/workload=hash -timeline \"$PWD/trace.json\""

// resultLine matches a result of benchmark text, or a line of its configuration.
var resultLine = regexp.MustCompile(`(?m)^(Benchmark\S+\s+\d+\s|goos: |pkg: )`)

// otherThan says what a text is that cannot be JSON of events; "" for one that may be.
func otherThan(head []byte) string {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case len(text) == 0 || text[0] == '[' || text[0] == '{':
		return ""
	case resultLine.Match(text):
		return "benchmark text"
	case bytes.IndexByte(text, 0) >= 0:
		return "no text"
	}
	return "no JSON of events"
}

// Collect is [Read] for runs that produce gives event by event, instead of a
// file. Its error is that of produce.
func Collect(keep func(name string) bool, produce func(add func(contract.Event)) error) (*Trace, error) {
	if keep == nil {
		keep = func(string) bool { return true }
	}
	b := &builder{keep: keep, rows: map[int]process{}}
	err := produce(func(e contract.Event) {
		if e.Phase == contract.Metadata && e.Name == contract.MetaProcess && b.names(e) {
			return
		}
		if run, ok := b.rows[e.Track.PID]; ok {
			run.add(e)
		}
	})
	if err != nil {
		return nil, err
	}
	return &Trace{Runs: b.keptRuns()}, nil
}

// keptRuns are the runs that somebody wants.
func (b *builder) keptRuns() (runs []*Run) {
	for _, r := range b.runs {
		if !r.dropped {
			runs = append(runs, r.finish())
		}
	}
	return runs
}

// mostProblems is how many problems are kept: a file that is wrong from end to end
// would have one for each line.
const mostProblems = 100

func (b *builder) complain(at int64, format string, a ...any) {
	switch {
	case len(b.problems) < mostProblems:
		b.problems = append(b.problems, fmt.Errorf("%s:%d: %s", b.name, at, fmt.Sprintf(format, a...)))
	case len(b.problems) == mostProblems:
		b.problems = append(b.problems, fmt.Errorf("%s:%d: and more like these", b.name, at))
	}
}

// events reads to the end of the array of events.
func (b *builder) events() error {
	token, err := b.dec.Token()
	if err != nil {
		return b.broken(err)
	}
	switch token {
	case json.Delim('['):
	case json.Delim('{'):
		if err := b.enter(); err != nil {
			return err
		}
	default:
		return fmt.Errorf("%s:%d: a trace is an array of events or an object with traceEvents, not %v", b.name, b.dec.InputOffset(), token)
	}
	for b.dec.More() {
		at := b.dec.InputOffset()
		var e event
		err := b.dec.Decode(&e)
		var wrong *json.UnmarshalTypeError
		switch {
		case errors.As(err, &wrong):
			b.complain(at, "an event whose %q is a JSON %s is left out", wrong.Field, wrong.Value)
		case err != nil:
			if b.seen+len(b.runs) == 0 {
				return b.broken(err)
			}
			b.complain(b.dec.InputOffset(), "the trace ends here (%v): the operations before are read", cut(err))
			if b.last != nil {
				b.last.cut = true
			}
			return nil
		default:
			b.add(at, &e)
		}
	}
	if _, err := b.dec.Token(); err != nil { // the end of the array
		b.complain(b.dec.InputOffset(), "the trace was not ended: what is there is read")
	}
	return nil
}

// enter reads an object up to its array of events.
func (b *builder) enter() error {
	for b.dec.More() {
		key, err := b.dec.Token()
		if err != nil {
			return b.broken(err)
		}
		if key == "traceEvents" {
			if token, err := b.dec.Token(); err != nil {
				return b.broken(err)
			} else if token != json.Delim('[') {
				return fmt.Errorf("%s:%d: traceEvents is %v: an array of events is needed", b.name, b.dec.InputOffset(), token)
			}
			return nil
		}
		var skipped json.RawMessage
		if err := b.dec.Decode(&skipped); err != nil {
			return b.broken(err)
		}
	}
	return fmt.Errorf("%s: %w: an object without traceEvents is no trace", b.name, ErrNothing)
}

// broken returns the error for input of which nothing can be used.
func (b *builder) broken(err error) error {
	if err == io.EOF && b.dec.InputOffset() == 0 {
		return fmt.Errorf("%s: %w: it is empty", b.name, ErrNothing)
	}
	return fmt.Errorf("%s:%d: this is no trace: %w", b.name, b.dec.InputOffset(), cut(err))
}

// cut makes an end of the file in the middle of a value an unexpected one.
func cut(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// An event is one event of the Trace Event Format, with the fields that are needed.
type event struct {
	Name string  `json:"name"`
	Cat  string  `json:"cat"`
	Ph   string  `json:"ph"`
	TS   float64 `json:"ts"`  // µs
	Dur  float64 `json:"dur"` // µs
	PID  int64   `json:"pid"`
	TID  int64   `json:"tid"`
	Args args    `json:"args"`
}

// args are the args of the events that are needed; other events leave them empty.
type args struct {
	Name       string  `json:"name"`
	Op         *int    `json:"op"`
	Case       string  `json:"case"`
	Workers    int     `json:"workers"`
	Processors int     `json:"processors"`
	Slowdown   int     `json:"slowdown"`
	Computes   int     `json:"computes"`
	Apart      bool    `json:"apart"`
	Dealt      bool    `json:"dealt"`
	Locked     float64 `json:"locked"`
	Tasks      int     `json:"tasks"`
	Task       int     `json:"task"`
	Serial     bool    `json:"serial"`
	PID        int64   `json:"pid"`
	Begin      int64   `json:"begin-ns"`
	QueuedFor  string  `json:"queued-for"`
	LeftOut    int     `json:"left-out"`
	CPU        *int64  `json:"cpu-ns"`

	parts map[string]int64 // of an operation: every whole number by its name
}

// UnmarshalJSON takes any args: those of other events can be anything.
func (a *args) UnmarshalJSON(data []byte) error {
	type plain args
	if err := json.Unmarshal(data, (*plain)(a)); err != nil {
		*a = args{}
		return nil
	}
	if a.Case != "" {
		a.parts = map[string]int64{}
		var all map[string]json.RawMessage
		_ = json.Unmarshal(data, &all) // it was read once already
		for k, v := range all {
			var n int64
			if json.Unmarshal(v, &n) == nil {
				a.parts[k] = n
			}
		}
	}
	return nil
}

// longest is the longest time that is read: up to there, floating-point numbers of
// µs are exact to the nanosecond.
const longest = 1e12 // µs, 11 days

// event is the event as the schema has it, as far as runs need it.
func (e *event) event(at time.Duration) contract.Event {
	out := contract.Event{Name: e.Name, Cat: e.Cat, Phase: contract.Phase(e.Ph), At: at, Track: contract.Track{PID: int(e.PID), TID: int(e.TID)}}
	if out.Phase == contract.Metadata {
		out.Args = map[string]any{"name": e.Args.Name, contract.ArgLeftOut: e.Args.LeftOut}
	}
	return out
}

// span returns when an event began and ended; ok is false if it has no valid times.
func (e *event) span() (from, to time.Duration, ok bool) {
	if !(e.TS >= 0) || !(e.Dur >= 0) || e.TS > longest || e.Dur > longest {
		return 0, 0, false
	}
	from = time.Duration(math.Round(e.TS * 1000))
	return from, from + time.Duration(math.Round(e.Dur*1000)), true
}
