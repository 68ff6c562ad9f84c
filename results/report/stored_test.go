package report

import (
	"bytes"
	"encoding/json"
	stdhtml "html"
	"path/filepath"
	"strings"
	"testing"

	"amdahl/results/laws"
	"amdahl/results/read"
)

// The page of the stored sweep, 76 series, is no larger than it was before it had a
// script (1.10 MB), and says what results.json says: every answer and
// every sentence.
func TestStoredPage(t *testing.T) {
	t.Parallel()
	set, err := read.Files([]string{filepath.Join("..", "runs", "epyc-2cpu", "sweep", "results.txt")}, nil, read.Options{})
	if err != nil {
		t.Fatal(err)
	}
	as, errs := laws.AnalyzeEach(t.Context(), set.Curves, laws.Options{})
	for i, err := range errs {
		if err != nil {
			as[i] = laws.Measured(set.Curves[i], 0)
			as[i].Warnings = append(as[i].Warnings, err)
		}
	}
	var page, data bytes.Buffer
	if err := Page(&page, as, Options{Environment: set.Config, Skipped: set.Skipped}); err != nil {
		t.Fatal(err)
	}
	if n := page.Len(); n > 1_100_000 {
		t.Errorf("the page has %d bytes, want at most 1100000", n)
	}
	if err := JSON(&data, as, set.Skipped...); err != nil {
		t.Fatal(err)
	}
	var said struct {
		Curves []struct {
			Diagnosis []struct{ Text string }
		}
		Answers []struct{ Text, Work string }
	}
	if err := json.Unmarshal(data.Bytes(), &said); err != nil {
		t.Fatal(err)
	}
	text := stdhtml.UnescapeString(page.String())
	sentences := 0
	for _, a := range said.Answers {
		if !strings.Contains(text, a.Text) || !strings.Contains(text, ">"+a.Work+"</a>") {
			t.Errorf("the page lacks the answer of %s: %q", a.Work, a.Text)
		}
	}
	for _, c := range said.Curves {
		for _, d := range c.Diagnosis {
			if sentences++; !strings.Contains(text, d.Text) {
				t.Errorf("the page lacks the sentence %q", d.Text)
			}
		}
	}
	if len(said.Answers) != 20 || sentences < 100 {
		t.Errorf("results.json has %d answers and %d sentences, want 20 and at least 100", len(said.Answers), sentences)
	}
}
