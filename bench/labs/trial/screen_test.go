package trial

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

func TestScreen(t *testing.T) {
	allowed := []string{"context", "sync"}
	for name, c := range map[string]struct{ text, want string }{
		"right":           {"package pool\n\nimport \"sync\"\n\nvar mu sync.Mutex\n", ""},
		"os":              {"package pool\n\nimport \"os\"\n", "x.go:3: the import \"os\" is not allowed"},
		"renamed import":  {"package pool\n\nimport sync \"os/exec\"\n", "x.go:3: the import \"os/exec\" is not allowed"},
		"unsafe":          {"package pool\n\nimport _ \"unsafe\"\n", "not allowed"},
		"cgo":             {"package pool\n\nimport \"C\"\n", "not allowed"},
		"linkname":        {"package pool\n\n//go:linkname f runtime.f\nfunc f()\n", "x.go:3: the directive \"//go:linkname f runtime.f\""},
		"embed":           {"package pool\n\n//go:embed hidden_test.go\nvar s string\n", "the directive"},
		"build tag":       {"//go:build ignore\n\npackage pool\n", "the directive"},
		"old build tag":   {"// +build ignore\n\npackage pool\n", "the directive"},
		"line":            {"package pool\n\n//line hidden_test.go:1\nvar x = 1\n", "x.go:3: the directive"},
		"line in a block": {"package pool\n\n/*line hidden_test.go:1*/ var x = 1\n", "the directive"},
		"test package":    {"package pool_test\n", "the package is called pool_test: it must be pool"},
		"reserved name":   {"package pool\n\nfunc amdahlYield() {}\n", "is reserved"},
		"no Go":           {"package pool\n\nfunc {\n", "x.go:3: it is not Go: expected 'IDENT', found '{'"},
		"empty":           {"", "it is not Go"},
		"no text":         {"package pool // \xff\n", "not UTF-8"},
		"long":            {"package pool\n" + strings.Repeat("//\n", most), "at most"},
	} {
		r := Screen("x.go", []byte(c.text), "pool", allowed)
		switch {
		case c.want == "" && r != nil:
			t.Errorf("%s: refused: %v", name, r)
		case c.want != "" && (r == nil || !strings.Contains(r.Error(), c.want)):
			t.Errorf("%s: got %v, want %q in it", name, r, c.want)
		}
	}
}

const yielding = `package p

func f(c chan int) (n int) {
	if n == 0 {
		n++
	}
	switch n {
	case 1:
		n--
	}
	select {
	case <-c:
	default:
		n = 2
	}
loop:
	for i := 0; i < 3; i++ {
		a := []int{1}
		a[0]++
		break loop
	}
	func() { n = 3 }()
	return n
}
`

// Yields stand before each statement, inside of functions in expressions too; lines
// keep their numbers, and the result is Go.
func TestYields(t *testing.T) {
	out, err := withYields("p.go", []byte(yielding))
	if err != nil {
		t.Fatal(err)
	}
	text := string(out)
	if _, err := parser.ParseFile(token.NewFileSet(), "p.go", out, 0); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	if got, want := strings.Count(text, "\n"), strings.Count(yielding, "\n"); got != want {
		t.Errorf("%d lines, want %d", got, want)
	}
	if got := strings.Count(text, "amdahlYield();"); got != 13 {
		t.Errorf("%d yields, want 13:\n%s", got, text)
	}
	for _, want := range []string{"\t\tamdahlYield();n = amdahlYieldValue(n) + 1\n", "n = amdahlYieldValue(n) - 1\n", "amdahlYield();a[0]++", "i < 3; i++ {", "amdahlYield();loop:"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func FuzzYields(f *testing.F) {
	f.Add(yielding)
	f.Add("package p\nfunc f() { for {}; ; { } }\n")
	f.Fuzz(func(t *testing.T, text string) {
		if Screen("p.go", []byte(text), "p", nil) != nil {
			return
		}
		out, err := withYields("p.go", []byte(text))
		if err != nil {
			t.Fatalf("it was Go before: %v", err)
		}
		if _, err := parser.ParseFile(token.NewFileSet(), "p.go", out, parser.SkipObjectResolution); err != nil {
			t.Fatalf("%v: %q became %q", err, text, out)
		}
	})
}
