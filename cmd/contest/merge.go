package main

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"

	"amdahl/bench/contract"
)

// A merger joins the texts of many measurements into one. Rounds are numbered
// 1000·repeat + round, because the number of a round holds for a whole file.
type merger struct {
	out     io.Writer
	w       *benchfmt.Writer
	machine []benchfmt.Config // what amdahl run writes of it, and go test does not
	spoilt  []string          // rounds, in the numbers of the joined text
}

func newMerger(out io.Writer) *merger { return &merger{out: out, w: benchfmt.NewWriter(out)} }

// line writes one line that is not a result.
func (m *merger) line(format string, args ...any) error {
	if _, err := fmt.Fprintf(m.out, format+"\n", args...); err != nil {
		return fmt.Errorf("the results cannot be written: %w", err)
	}
	return nil
}

// perRepeat is how far apart the numbers of the rounds of two repeats are.
const perRepeat = 1000

// spoiltRounds matches the lines that list the rounds to leave out. The last one
// of a text holds.
var spoiltRounds = regexp.MustCompile(`(?m)^` + contract.KeySpoiltRounds + `:[ \t]*(.*)$`)

// ofRound are the keys that hold for a round, not for the machine.
var ofRound = []string{contract.KeyRound, contract.KeySentinel, contract.KeyCanary, contract.KeySteal, contract.KeyThrottled, contract.KeyThermal, contract.KeyStalled, contract.KeyLoad}

// add adds the results of one measurement and returns how many there are,
// canaries aside. The lines of its plan are left out.
func (m *merger) add(method string, repeat int, text []byte) (results int, err error) {
	for r := benchfmt.NewReader(bytes.NewReader(text), method); r.Scan(); {
		read, ok := r.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		res := read.Clone() // the reader goes on with its own
		for _, c := range read.Config {
			if strings.HasPrefix(c.Key, contract.RunPrefix) || c.Key == contract.KeySpoiltRounds {
				res.SetConfig(c.Key, "")
			}
		}
		if i, ok := res.ConfigIndex(contract.KeyRound); ok {
			number, err := renumber(res.GetConfig(contract.KeyRound), repeat)
			if err != nil {
				return results, err
			}
			res.Config[i].Value = []byte(number)
		}
		if res.GetConfig(contract.KeyCanary) == "" {
			results++
			res.Name = rename(res.Name, method, repeat)
		}
		if method == withRun {
			m.machine = slices.DeleteFunc(slices.Clone(res.Config), func(c benchfmt.Config) bool { return slices.Contains(ofRound, c.Key) })
		}
		config := res.Config
		for _, c := range m.machine {
			if _, ok := res.ConfigIndex(c.Key); !ok {
				config = append(config, c)
			}
		}
		if err := m.w.Write(&benchfmt.Result{Config: config, Name: res.Name, Iters: res.Iters, Values: res.Values}); err != nil {
			return results, fmt.Errorf("the results cannot be written: %w", err)
		}
	}
	lines := spoiltRounds.FindAllSubmatch(text, -1)
	if len(lines) == 0 {
		return results, nil
	}
	for round := range strings.FieldsFuncSeq(string(lines[len(lines)-1][1]), func(r rune) bool { return r == ',' }) {
		number, err := renumber(round, repeat)
		if err != nil {
			return results, err
		}
		m.spoilt = append(m.spoilt, number)
	}
	return results, m.line("%s: %s", contract.KeySpoiltRounds, strings.Join(m.spoilt, ","))
}

// renumber returns the number of a round in the joined text.
func renumber(round string, repeat int) (string, error) {
	n, err := strconv.Atoi(strings.TrimSpace(round))
	if err != nil || n < 1 || n >= perRepeat {
		return "", fmt.Errorf("round %q: a number from 1 to %d is needed", round, perRepeat-1)
	}
	return strconv.Itoa(perRepeat*repeat + n), nil
}

var suffix = regexp.MustCompile(`(-\d+)?$`)

// rename puts method and repeat into the name of a result, before the number
// of processors.
func rename(name benchfmt.Name, method string, repeat int) benchfmt.Name {
	end := suffix.FindIndex(name)[0]
	return fmt.Appendf(nil, "%s/method=%s/repeat=%d%s", name[:end], method, repeat, name[end:])
}
