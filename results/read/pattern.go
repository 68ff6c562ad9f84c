package read

import (
	"bytes"
	"regexp"
	"regexp/syntax"
	"strings"
)

// A pattern is a regular expression that looks for a text first which every match holds: most
// texts do not have it, and looking for it is much cheaper than matching. Its other methods
// are those of the expression. It is safe for concurrent use.
type pattern struct {
	*regexp.Regexp
	text string // in every match; "" if there is no such text
}

// A finder is a regular expression or a pattern.
type finder interface {
	FindStringSubmatch(s string) []string
}

// compile compiles an expression. It panics if the expression is wrong.
func compile(expr string) pattern {
	p := pattern{Regexp: regexp.MustCompile(expr)}
	if tree, err := syntax.Parse(expr, syntax.Perl); err == nil {
		p.text = inEveryMatch(tree)
	}
	return p
}

func (p pattern) Match(b []byte) bool {
	return bytes.Contains(b, []byte(p.text)) && p.Regexp.Match(b)
}

func (p pattern) MatchString(s string) bool {
	return strings.Contains(s, p.text) && p.Regexp.MatchString(s)
}

func (p pattern) FindStringSubmatch(s string) []string {
	if !strings.Contains(s, p.text) {
		return nil
	}
	return p.Regexp.FindStringSubmatch(s)
}

func (p pattern) FindAll(b []byte, most int) [][]byte {
	if !bytes.Contains(b, []byte(p.text)) {
		return nil
	}
	return p.Regexp.FindAll(b, most)
}

// inEveryMatch is the longest literal that every match of an expression holds, "" if there is
// none: alternatives, and what may be left out, have none.
func inEveryMatch(tree *syntax.Regexp) (longest string) {
	switch tree.Op {
	case syntax.OpLiteral:
		if tree.Flags&syntax.FoldCase == 0 {
			return string(tree.Rune)
		}
	case syntax.OpConcat, syntax.OpCapture, syntax.OpPlus:
		for _, sub := range tree.Sub {
			if text := inEveryMatch(sub); len(text) > len(longest) {
				longest = text
			}
		}
	case syntax.OpRepeat:
		if tree.Min > 0 {
			return inEveryMatch(tree.Sub[0])
		}
	}
	return longest
}
