package page

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"html/template"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func written(t *testing.T, p Page, s *Styles) string {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, p, s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The script keeps to its budget. Joined modules share their names, so each name at
// the top level is there once, and no line of a module is left that a browser would
// refuse.
func TestScript(t *testing.T) {
	scripts := map[string]string{"a page": Script() + earlyScript(), "the explorer": exploreScript(), "a page that follows": liveScript()}
	for of, text := range scripts {
		t.Logf("the script of %s: %d bytes", of, len(text))
		if len(text) > MostScript {
			t.Errorf("the script of %s has %d bytes, at most %d are allowed", of, len(text), MostScript)
		}
	}
	name := regexp.MustCompile(`(?m)^(?:export )?(?:async )?(?:function|const|let|class) (\w+|\{[^}]*\}|\[[^\]]*\])`)
	for _, list := range [][]string{modules, exploreModules} {
		seen := map[string]string{}
		for _, m := range list {
			for _, found := range name.FindAllStringSubmatch(file(m), -1) {
				if other := seen[found[1]]; other != "" {
					t.Errorf("%s and %s both have %s at their top level", other, m, found[1])
				}
				seen[found[1]] = m
			}
		}
	}
	for _, bad := range []string{"\nimport ", "\nexport ", "</script", "<!--", "innerHTML", "eval(", "http://", "https://"} {
		text := strings.ReplaceAll(strings.Join(slices.Collect(maps.Values(scripts)), "\n"), "http://www.w3.org/2000/svg", "")
		if strings.Contains("\n"+text, bad) {
			t.Errorf("the script has %q", bad)
		}
	}
	embedded, err := files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range embedded {
		if n := f.Name(); strings.HasSuffix(n, ".js") && n != "early.js" && n != "live.js" && !slices.Contains(modules, n) && !slices.Contains(exploreModules, n) {
			t.Errorf("%s is embedded and not joined", n)
		}
	}
}

// A module that is imported is joined before the one that imports it.
func TestModulesInOrder(t *testing.T) {
	from := regexp.MustCompile(`(?m)^import .* from '\./(.*)';`)
	for _, list := range [][]string{modules, exploreModules} {
		for i, m := range list {
			for _, found := range from.FindAllStringSubmatch(file(m), -1) {
				if at := slices.Index(list, found[1]); at < 0 || at >= i {
					t.Errorf("%s imports %s, which is joined at place %d", m, found[1], at)
				}
			}
		}
	}
}

// The policy names the style and the scripts by their hashes, and nothing on the page
// needs anything else.
func TestPolicy(t *testing.T) {
	var s Styles
	svg := s.Drawing(drawn, "d", "a title", "a text")
	page := written(t, Page{Title: "T", Light: "--ink:#000;", Dark: "--ink:#fff;", Works: []Work{{ID: "w", Title: "W", Parts: []Part{{ID: "p", Figure: Figure{Panels: []template.HTML{svg}}}}}}}, &s)
	policy := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)
	if policy == nil {
		t.Fatal("the page has no policy")
	}
	said := html.UnescapeString(policy[1])
	for _, want := range []string{"default-src 'none'", "base-uri 'none'", "form-action 'none'"} {
		if !strings.Contains(said, want) {
			t.Errorf("the policy %q lacks %q", said, want)
		}
	}
	for _, element := range []string{`(?s)<style>(.*?)</style>`, `(?s)<script>(.*?)</script>`, `(?s)<script type="module">(.*?)</script>`} {
		m := regexp.MustCompile(element).FindStringSubmatch(page)
		if m == nil {
			t.Fatalf("no %s on the page", element)
		}
		sum := sha256.Sum256([]byte(m[1]))
		if hash := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(said, hash) {
			t.Errorf("the policy lacks the hash of %s", element)
		}
	}
	if strings.Contains(said, "unsafe") {
		t.Errorf("the policy %q allows something unsafe", said)
	}
	if bad := regexp.MustCompile(`<[^>]* (style|on\w+)="[^"]*"`).FindString(page); bad != "" {
		t.Errorf("the page has an attribute that its policy forbids: %s", bad)
	}
}

// drawn is an SVG as package charts writes them.
const drawn = `<?xml version="1.0"?>
<svg width="10pt" height="10pt" viewBox="0 0 10 10"
	xmlns="http://www.w3.org/2000/svg">
<g transform="scale(1, -1) translate(0, -10)">
<path d="M0,0L1,1" style="fill:none;stroke:var(--grid)" />
<path d="M1,1L2,2" style="fill:none;stroke:var(--grid)" />
<text x="1" y="-2" transform="scale(1, -1)"
	style="font-family:'Liberation Sans',Arial;font-variant:normal;font-weight:normal;font-style:normal;font-size:9px;fill:var(--ink)">a b</text>
<path d="M2,2L3,3" style="fill:none;stroke:var(--grid)" />
</g>
</svg>
`

// A drawing has classes for its styles, and paths of one style that follow one
// another are one; the order of what is drawn stays.
func TestDrawing(t *testing.T) {
	var s Styles
	got := string(s.Drawing(drawn, "x", "a <b>", "c & d"))
	want := `<svg class="drawing" viewBox="0 0 10 10" role="img" aria-labelledby="x-title x-text"><title id="x-title">a &lt;b&gt;</title><desc id="x-text">c &amp; d</desc>` +
		`<g transform="scale(1, -1) translate(0, -10)"><path d="M0,0L1,1M1,1L2,2" class="d0"/><text x="1" y="-2" class="d1">a b</text><path d="M2,2L3,3" class="d0"/></g></svg>`
	if got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
	if got, want := s.rules(), ".d0{fill:none;stroke:var(--grid)}\n.d1{font-size:9px;fill:var(--ink)}\n"; got != want {
		t.Errorf("rules: got %q, want %q", got, want)
	}
}

// A column that is empty in all rows goes, and so does that of the notes.
func TestTrimmed(t *testing.T) {
	table := Table{Noted: true, Head: []Head{{Text: "series"}, {Text: "a"}, {Text: "b"}, {Text: "c"}}, Sections: []Section{
		{Rows: []Row{{Name: "x", Cells: []Cell{{Value: "1"}, {Value: "—"}, {Value: ""}}}}},
		{Rows: []Row{{Name: "y", Cells: []Cell{{Value: "—"}, {Value: "—"}, {Value: "—", Interval: "[1, 2]"}}}}},
	}}
	got := table.Trimmed("—")
	var heads []string
	for _, h := range got.Head {
		heads = append(heads, h.Text)
	}
	if h := strings.Join(heads, " "); h != "series a c" || got.Noted || len(got.Sections[1].Rows[0].Cells) != 2 {
		t.Errorf("got heads %q, notes %t, cells %v", h, got.Noted, got.Sections[1].Rows[0].Cells)
	}
	table.Sections[0].Rows[0].Notes = []int{1}
	if !table.Trimmed("—").Noted {
		t.Error("the column of notes went with a note in it")
	}
}

// Names come from files of unknown origin; the data of a page cannot end its script.
func TestDataEscapes(t *testing.T) {
	const evil = `</script><script>alert(1)</script><!--`
	page := written(t, Page{Title: evil, Data: Data{Groups: []Group{{ID: evil, Title: evil, Series: []Series{{Name: evil}}}}}}, &Styles{})
	if n := strings.Count(page, "<script"); n != 3 {
		t.Errorf("the page has %d scripts, want 3", n)
	}
	data := regexp.MustCompile(`(?s)<script type="application/json" id="data">(.*?)</script>`).FindStringSubmatch(page)
	var back Data
	if err := json.Unmarshal([]byte(data[1]), &back); err != nil || back.Groups[0].Series[0].Name != evil {
		t.Errorf("the data came back as %q, %v", data[1], err)
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{math.Pi: "3.141592654", 0: "0", 1e-9 / 3: "3.333333333e-10", math.Inf(1): "null", math.NaN(): "null", 64: "64"} {
		if got, err := json.Marshal(Number(v)); err != nil || string(got) != want {
			t.Errorf("%v: got %s, %v, want %s", v, got, err, want)
		}
	}
}

func TestWriteError(t *testing.T) {
	full := errors.New("disk full")
	if err := Write(brokenWriter{full}, Page{}, &Styles{}); !errors.Is(err, full) {
		t.Errorf("got error %v, want %v", err, full)
	}
}

type brokenWriter struct{ err error }

func (b brokenWriter) Write([]byte) (int, error) { return 0, b.err }
