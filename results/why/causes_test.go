package why

import (
	"strings"
	"testing"

	"amdahl/bench/contract"
)

// Every cause of the contract has words, and no other has.
func TestCausesHaveWords(t *testing.T) {
	for i, name := range contract.Causes {
		c := find(name)
		if c == nil || i >= len(All) || All[i] != c {
			t.Errorf("%s: it is not number %d of All", name, i)
			continue
		}
		half := Level{Workers: 2, Parts: []Part{{Useful, 0.5}, {c, 0.5}}}
		if text := half.Sentence(); c.Loss && !strings.Contains(text, c.Phrase) {
			t.Errorf("%s: no word of it in %q", name, text)
		}
	}
	if len(All) != len(contract.Causes) {
		t.Errorf("%d causes have words, the contract has %d", len(All), len(contract.Causes))
	}
	if c := find("no such cause"); c != nil {
		t.Errorf("got %v", c)
	}
}

// find returns the words of a cause; nil for a name that is not one.
func find(name contract.Cause) *Cause {
	for _, c := range All {
		if c.Name == name {
			return c
		}
	}
	return nil
}
