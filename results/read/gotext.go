package read

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/perf/benchfmt"

	"amdahl/bench/contract"
	"amdahl/results"
)

// GoText is what go test -bench prints, from anywhere.
var GoText = Format{
	Name: "Go benchmark text",
	Doc: "what `go test -bench` prints, also quoted, indented, coloured, in Markdown, behind the timestamps of CI or the names of containers, or with log lines inside; " +
		"x is `workers=` or a relative, else the `-N` suffix where it varies, else the only number of the names that varies; `--metric` takes another number than ns/op",
	Metrics: true,
	Sniff:   func([]byte, string) bool { return true },
	Read:    func(in *input) error { return readGoText(in, &in.text) },
}

// A lineSource gives the lines of Go benchmark text.
type lineSource interface {
	next() (line []byte, ok bool)
	at() int    // number of the last line in the file, from 1
	long() bool // the last line was cut
}

// A goReader turns Go benchmark text into measurements. Package benchfmt parses
// the results and the configuration lines. It asks for its input with Read,
// which gives one line at a time: so the line that a result came from is always
// the last one that was read, and lines that benchfmt does not know are seen
// here on their way.
type goReader struct {
	*input
	source lineSource
	bench  *benchfmt.Reader
	line   []byte       // the last line that was read
	rest   []byte       // what of it benchfmt has not taken yet
	spoilt map[int]bool // the rounds that the file calls spoilt
	blocks titles       // of the file
	run    results.Run  // that wrote the lines, without File
	open   unfinished   // a name whose numbers have not come

	env     environment
	changed bool               // a line that can change env was read since the last result
	envErr  error              // what is wrong with the configuration that holds
	series  map[string]*record // where results go, by benchmark name, while env and the block hold
	extra   []Metric           // of the last result
	units   []string           // of the metrics that were seen, where the user named one that was not
	lacking int                // results without the metric that the user named
	lacksAt int                // line of the first of these
}

// readGoText reads a file; the error is about reading, not about the text.
func readGoText(in *input, source lineSource) error {
	if column := cmp.Or(joinList(in.options.Time), in.options.Throughput, in.options.Latency, in.options.Speedup); column != "" {
		return &ColumnError{fmt.Sprintf("%s: %q is to be a column, and this is Go benchmark text, which has none: name a metric: %s", in.name, column,
			in.options.command(func(o *Options) {
				o.Time, o.Throughput, o.Latency, o.Speedup, o.Metric = nil, "", "", "", column
			}))}
	}
	g := &goReader{input: in, source: source, series: map[string]*record{}, changed: true}
	g.bench = benchfmt.NewReader(g, in.name)
	for g.bench.Scan() {
		switch r := g.bench.Result().(type) {
		case *benchfmt.SyntaxError:
			g.complainHere(plainWords(r.Msg))
		case *benchfmt.Result:
			if err := g.result(r); err != nil {
				g.complainHere(err)
			}
		}
	}
	g.open.close(in)
	g.session.skips.close()
	in.set.Problems = append(in.set.Problems, g.session.skips.failed...)
	g.session.skips.failed = nil
	in.builder.markSpoilt(in.block.file, g.spoilt)
	if g.lacking > 0 {
		if err := g.noMetric(); err != nil {
			return err
		}
	}
	return in.text.failure(in.name)
}

// plainWords says what benchfmt found wrong.
func plainWords(msg string) error {
	switch {
	case strings.HasPrefix(msg, "parsing iteration count"), strings.HasPrefix(msg, "missing iteration count"):
		return errors.New("no result on this line: a number of iterations and a time, as in 100 123.4 ns/op, are needed")
	case strings.HasPrefix(msg, "parsing measurement"):
		return errors.New("a measurement on this line is not a number")
	case msg == "missing units":
		return errors.New("the line is cut: the last number has no unit")
	}
	return errors.New(strings.TrimSuffix(msg, ": invalid syntax"))
}

var benchmarkPrefix = []byte("Benchmark")

// Read gives benchfmt the next line, or what is left of it. It implements
// io.Reader.
func (g *goReader) Read(p []byte) (int, error) {
	for len(g.rest) == 0 {
		line, ok := g.source.next()
		if !ok {
			return 0, io.EOF // readGoText reports what ended the file
		}
		g.line = line
		if g.source.long() || len(line) >= sniffed-1 { // package benchfmt reads no longer ones
			if !bytes.HasPrefix(line, benchmarkPrefix) {
				continue // a log line: no result is that long
			}
			g.complain(g.source.at(), string(line), "this line is longer than 64 KiB, and was left out")
			continue
		}
		plain := bytes.HasPrefix(line, benchmarkPrefix)
		if plain && !g.changed && g.plain(line) {
			continue
		}
		if line = g.tidy(line); line == nil {
			continue
		}
		g.line = line
		if !bytes.HasPrefix(line, benchmarkPrefix) {
			g.changed = true
			g.otherLine(line)
		} else if !plain && !g.changed && g.plain(line) {
			continue
		}
		g.session.skips.line(line, g.name, g.source.at())
		g.rest = line
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	return n, nil
}

// otherLine reads what benchfmt does not: which rounds were spoilt.
func (g *goReader) otherLine(line []byte) {
	value, ok := bytes.CutPrefix(line, []byte(contract.KeySpoiltRounds+":"))
	if !ok {
		return
	}
	rounds, err := parseRounds(string(value))
	if err != nil {
		g.complainHere(err)
		return
	}
	g.spoilt = rounds
}

// complainHere complains about the last line that was read.
func (g *goReader) complainHere(err error) {
	if errors.Is(err, errFull) {
		return
	}
	g.complain(g.source.at(), string(bytes.TrimRight(g.line, "\r\n")), "%s", err)
}
