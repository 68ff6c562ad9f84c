package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A merger joins the texts of many measurements into one. Rounds are numbered
// 1000·repeat + round, because the number of a round holds for a whole file.
type merger struct {
	out    io.Writer
	config map[string]string // that holds at the end of the text
	spoilt []string          // rounds, in the numbers of the text
}

func newMerger(out io.Writer) *merger { return &merger{out: out, config: map[string]string{}} }

func (m *merger) line(text string) error {
	if _, err := io.WriteString(m.out, text+"\n"); err != nil {
		return fmt.Errorf("the results cannot be written: %w", err)
	}
	return nil
}

func (m *merger) comment(format string, args ...any) error {
	return m.line("# " + fmt.Sprintf(format, args...))
}

func (m *merger) head(settings [][2]string) error {
	for _, s := range settings {
		if err := m.set(s[0], s[1]); err != nil {
			return err
		}
	}
	return nil
}

// set writes a configuration line if it changes anything. An empty value
// takes the key away.
func (m *merger) set(key, value string) error {
	if m.config[key] == value {
		return nil
	}
	m.config[key] = value
	return m.line(strings.TrimRight(key+": "+value, " "))
}

// perRepeat is how far apart the numbers of the rounds of two repeats are.
const perRepeat = 1000

// runKeys are the keys that hold for one measurement and not for the next.
var runKeys = []string{"round", "sentinel", "canary"}

var configLine = regexp.MustCompile(`^([a-z][^\s:A-Z]*):(?:[ \t]+(.*))?$`)

// add adds the text of one measurement and returns how many results it has. The
// lines of its plan and the marks of its processes are left out.
func (m *merger) add(method string, repeat int, text []byte) (results int, err error) {
	for _, key := range runKeys {
		if err := m.set(key, ""); err != nil {
			return results, err
		}
	}
	spoilt := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n")
		if key, value, ok := strings.Cut(line, ":"); ok && configLine.MatchString(line) {
			value = strings.TrimSpace(value)
			switch {
			case key == "spoilt-rounds":
				spoilt = value
				continue
			case strings.HasPrefix(key, "run-"):
				continue
			case key == "round" && value != "":
				if value, err = renumber(value, repeat); err != nil {
					return results, err
				}
			}
			if err := m.set(key, value); err != nil {
				return results, err
			}
			continue
		}
		if !strings.HasPrefix(line, "Benchmark") || len(strings.Fields(line)) < 4 {
			continue
		}
		if m.config["canary"] == "" {
			results++
			line = rename(line, method, repeat)
		}
		if err := m.line(line); err != nil {
			return results, err
		}
	}
	if spoilt == "" {
		return results, nil
	}
	for _, round := range strings.Split(spoilt, ",") {
		number, err := renumber(strings.TrimSpace(round), repeat)
		if err != nil {
			return results, err
		}
		m.spoilt = append(m.spoilt, number)
	}
	return results, m.set("spoilt-rounds", strings.Join(slices.Compact(m.spoilt), ","))
}

// renumber returns the number of a round in the joined text.
func renumber(round string, repeat int) (string, error) {
	n, err := strconv.Atoi(round)
	if err != nil || n < 1 || n >= perRepeat {
		return "", fmt.Errorf("round %q: a number from 1 to %d is needed", round, perRepeat-1)
	}
	return strconv.Itoa(perRepeat*repeat + n), nil
}

var suffix = regexp.MustCompile(`(-\d+)?$`)

// rename puts method and repeat into the name of a result, before the number
// of processors.
func rename(line, method string, repeat int) string {
	name, rest, _ := strings.Cut(line, "\t")
	name = strings.TrimSpace(name)
	end := suffix.FindStringIndex(name)[0]
	return fmt.Sprintf("%s/method=%s/repeat=%d%s\t%s", name[:end], method, repeat, name[end:], strings.TrimSpace(rest))
}
