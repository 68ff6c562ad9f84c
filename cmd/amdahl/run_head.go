package main

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"amdahl/bench/contract"
	"amdahl/bench/machine"
	"amdahl/bench/rounds"
	"amdahl/results/read"
)

// head is what a file says of its measurement, so that nobody has to say it again.
func (m *measurement) head(cmd *cobra.Command, v machine.Verdict) []rounds.Setting {
	list := []rounds.Setting{
		{Name: contract.KeyDate, Value: time.Now().UTC().Format(time.RFC3339)},
		{Name: contract.KeyCommand, Value: m.commandLine(cmd)},
		{Name: contract.KeyGrade, Value: v.String()},
		{Name: contract.KeyJudged, Value: m.plan.judgedBy()},
	}
	if x := m.plan.x(); x != "" {
		list = append(list, rounds.Setting{Name: contract.KeyX, Value: x})
	}
	if b := m.plan.baseline; b != "" {
		list = append(list, rounds.Setting{Name: contract.KeyBaseline, Value: b})
	}
	return list
}

// commandLine is the complete command, with the values of secrets masked. --name
// stands for a command that is not to be shown.
func (m *measurement) commandLine(cmd *cobra.Command) string {
	words := append([]string{"amdahl", "run"}, m.plan.flags()...)
	given := cmd.Flags().Changed
	for _, f := range []string{"rounds", "precision", "budget", "timeout", "trace"} {
		if given(f) {
			words = append(words, "--"+f, cmd.Flags().Lookup(f).Value.String())
		}
	}
	words = append(words, "--seed", strconv.FormatUint(m.usedSeed, 10))
	if m.path() != "" {
		words = append(words, "-o", filepath.Base(m.path()))
	}
	if m.plan.command() && m.plan.name != "" {
		words = append(words, "--", "...")
	} else {
		words = append(words, m.plan.targetArgs()...)
	}
	words = mask(words)
	for i, w := range words {
		words[i] = quote(w)
	}
	return strings.Join(words, " ")
}

// quote quotes a word for the shell, on one line.
func quote(word string) string {
	return read.Quote(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, word))
}

// secretName matches the names of what is not to be shown: flags, variables, and
// keys of URLs.
var secretName = regexp.MustCompile(`(?i)(pass(word|wd|phrase)?|pwd|secret|token|api[-_.]?key|access[-_.]?key|private[-_.]?key|auth(orization)?|bearer|credential|session|cookie|signature|dsn)s?$`)

// assignment matches a name and its value inside a word or a shell line:
// --password=x, TOKEN=x, ?key=x, "Authorization: x".
var assignment = regexp.MustCompile(`([A-Za-z][\w.-]*)(\s*[=:]\s*)("[^"]*"|'[^']*'|(?:(?:Bearer|Basic)\s+)?[^\s&"';|?/][^\s&"';|?]*)`)

// userInfo matches the password of a URL.
var userInfo = regexp.MustCompile(`(\w+://[^\s/:@]*:)[^\s/@]+@`)

// spaced matches a flag of a shell line with its value in the next word.
var spaced = regexp.MustCompile(`(--?[A-Za-z][\w.-]*)(\s+)([^\s-][^\s]*)`)

const masked = "***"

// mask hides the values of names like token and password in the words of a command
// line.
func mask(words []string) []string {
	out := make([]string, len(words))
	hide := false
	for i, w := range words {
		if hide && !strings.HasPrefix(w, "-") {
			out[i], hide = masked, false
			continue
		}
		hide = strings.HasPrefix(w, "-") && secretName.MatchString(w)
		w = userInfo.ReplaceAllString(w, "${1}"+masked+"@")
		w = assignment.ReplaceAllStringFunc(w, func(s string) string {
			p := assignment.FindStringSubmatch(s)
			if secretName.MatchString(p[1]) {
				return p[1] + p[2] + masked
			}
			return s
		})
		if strings.ContainsAny(w, " \t") {
			w = spaced.ReplaceAllStringFunc(w, func(s string) string {
				p := spaced.FindStringSubmatch(s)
				if secretName.MatchString(p[1]) {
					return p[1] + p[2] + masked
				}
				return s
			})
		}
		out[i] = w
	}
	return out
}
