package report

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
)

func html(t *testing.T, as []*laws.Analysis, o Options) string {
	t.Helper()
	var b strings.Builder
	if err := writeHTML(&b, as, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func writeHTML(w io.Writer, as []*laws.Analysis, o Options) error {
	return writePage(w, as, drawings(as, o), o)
}

// elements reads the page as elements; it fails the test where tags do not
// match.
func elements(t *testing.T, page string) []xml.StartElement {
	t.Helper()
	page = regexp.MustCompile(`(?s)(<script[^>]*>).*?</script>`).ReplaceAllString(page, "$1</script>") // not in the syntax of elements
	d := xml.NewDecoder(strings.NewReader(page))
	d.AutoClose, d.Entity = []string{"meta", "br"}, xml.HTMLEntity
	d.Strict = false
	var all []xml.StartElement
	for {
		token, err := d.Token()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			all = append(all, e.Copy())
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func TestHTML(t *testing.T) {
	as, set := analyse(t, text(sample, 8))
	page := html(t, as, Options{Title: "A sample", Environment: set.Config, Reproduce: []string{"make bench"}})
	all := elements(t, page)
	ids := map[string]bool{}
	for _, e := range all {
		if id := attribute(e, "id"); id != "" {
			if ids[id] {
				t.Errorf("id %q stands twice", id)
			}
			ids[id] = true
		}
	}
	figures, scripts := 0, 0
	for _, e := range all {
		for _, id := range strings.Fields(attribute(e, "aria-labelledby")) {
			if !ids[id] {
				t.Errorf("<%s> is labelled by %q, which is not there", e.Name.Local, id)
			}
		}
		if to := attribute(e, "href"); strings.HasPrefix(to, "#") && !ids[to[1:]] {
			t.Errorf("link to %q, which is not there", to)
		}
		switch e.Name.Local {
		case "th":
			if attribute(e, "scope") == "" {
				t.Error("a <th> without scope")
			}
		case "svg":
			figures++
			if attribute(e, "viewBox") == "" {
				t.Errorf("an <svg> lacks a viewBox: %v", e.Attr)
			}
			if attribute(e, "aria-hidden") == "true" {
				figures-- // its text stands beside it
			} else if attribute(e, "role") != "img" || attribute(e, "aria-labelledby") == "" {
				t.Errorf("an <svg> lacks role or label: %v", e.Attr)
			}
		case "script":
			scripts++
		case "link", "img", "iframe", "object":
			t.Errorf("a <%s> on the page", e.Name.Local)
		}
		if attribute(e, "style") != "" {
			t.Errorf("<%s> has a style, which the policy of the page forbids", e.Name.Local)
		}
		if attribute(e, "src") != "" {
			t.Errorf("<%s> fetches %q", e.Name.Local, attribute(e, "src"))
		}
	}
	if want := 2 * 3; figures != want {
		t.Errorf("got %d drawings, want %d: a panel each", figures, want)
	}
	if scripts != 3 {
		t.Errorf("got %d scripts, want 3: what hides before a prediction, the data, and the script", scripts)
	}
	if got := regexp.MustCompile(`url\([^#]|@import|https?://`).FindAllString(strings.ReplaceAll(page, "http://www.w3.org/2000/svg", ""), -1); got != nil {
		t.Errorf("the page refers to the outside: %q", got)
	}
	if strings.Contains(page, "ZgotmplZ") {
		t.Error("the template refused a value")
	}
	for _, want := range []string{"A sample", "make bench", "Karp–Flatt", "kernel", "1/σ", "Intel(R) Xeon(R)", "best serial time", "sleep: time and speedup"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, a := range as {
		for _, f := range a.Diagnosis {
			if text := strings.NewReplacer("'", "&#39;", "+", "&#43;").Replace(f.Text); !strings.Contains(page, text) {
				t.Errorf("the page lacks the finding %q", f.Text)
			}
		}
	}
	if again := html(t, as, Options{Title: "A sample", Environment: set.Config, Reproduce: []string{"make bench"}}); again != page {
		t.Error("the page differs from one time to the next")
	}
}

// Names come from files of unknown origin.
func TestHTMLEscapes(t *testing.T) {
	const evil = `</svg><script>alert("x")</script>&amp;` + "\x00\xff"
	as := byHand()
	for _, a := range as {
		a.Curve.Name.Parts = append(a.Curve.Name.Parts, results.ParseParts(evil)...)
		a.Curve.X = evil
		a.Curve.Machine.CPU = evil
		a.Warnings = append(a.Warnings, errors.New(evil))
		a.Diagnosis = append(a.Diagnosis, laws.Finding{Code: evil, Text: evil})
	}
	page := html(t, as, Options{Title: evil, Environment: []results.Setting{{Key: evil, Value: evil}}, Reproduce: []string{evil}})
	scripts := 0
	for _, e := range elements(t, strings.Map(func(r rune) rune {
		if r == 0 || r == '\uFFFD' {
			return -1
		}
		return r
	}, page)) {
		if e.Name.Local == "script" {
			scripts++
		}
	}
	if scripts != 3 {
		t.Fatalf("a name became a script: there are %d, want 3", scripts)
	}
}

func TestHTMLErrors(t *testing.T) {
	if err := writeHTML(io.Discard, nil, Options{}); !errors.Is(err, ErrNoAnalysis) {
		t.Errorf("no analysis: got error %v, want ErrNoAnalysis", err)
	}
	full := errors.New("disk full")
	if err := writeHTML(broken{full}, byHand(), Options{}); !errors.Is(err, full) {
		t.Errorf("broken writer: got error %v, want %v", err, full)
	}
	// A curve without a single usable point still has its row.
	page := html(t, []*laws.Analysis{{Curve: &results.Curve{Name: results.ParseName("Nothing/x=1")}}}, Options{})
	if !strings.Contains(page, "Nothing/x=1") || strings.Contains(page, "<svg") {
		t.Error("a curve without points: want its row and no drawing")
	}
}
