package report

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestJSON(t *testing.T) {
	var b strings.Builder
	if err := JSON(&b, byHand()); err != nil {
		t.Fatal(err)
	}
	golden(t, "json.golden", b.String())

	var doc struct {
		Version int
		Curves  []map[string]json.RawMessage
	}
	if err := json.Unmarshal([]byte(b.String()), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Version != Version || len(doc.Curves) != len(byHand()) {
		t.Errorf("got version %d with %d curves, want %d with %d", doc.Version, len(doc.Curves), Version, len(byHand()))
	}
	for i, c := range doc.Curves {
		for _, key := range []string{"points", "fits", "karp_flatt", "diagnosis", "warnings"} {
			if s := string(c[key]); !strings.HasPrefix(s, "[") {
				t.Errorf("curve %d: %s is %.20q, want a list", i, key, s)
			}
		}
	}
}

func TestJSONEmptyAndBroken(t *testing.T) {
	var b strings.Builder
	if err := JSON(&b, nil); err != nil || strings.Join(strings.Fields(b.String()), "") != `{"version":2,"curves":[],"runs":[],"skipped":[],"answers":[],"stacks":[]}` {
		t.Errorf("no analysis: got %q, %v", b.String(), err)
	}
	full := errors.New("disk full")
	if err := JSON(broken{full}, byHand()); !errors.Is(err, full) {
		t.Errorf("broken writer: got error %v, want %v", err, full)
	}
}
