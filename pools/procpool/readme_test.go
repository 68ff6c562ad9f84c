package procpool

import (
	"bytes"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestReadme compiles every Go block of README.md and finds every example that
// it names.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	conf := types.Config{Importer: importer.ForCompiler(fset, "source", nil), Error: func(err error) { t.Errorf("a block of README.md: %v", err) }}
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllSubmatch(text, -1)
	if len(blocks) < 3 {
		t.Fatalf("%d Go blocks, want some", len(blocks))
	}
	for _, b := range blocks {
		f, err := parser.ParseFile(fset, "README.md", b[1], 0)
		if err != nil {
			t.Errorf("%v in\n%s", err, b[1])
			continue
		}
		conf.Check("main", fset, []*ast.File{f}, nil)
	}
	examples, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`(Example[A-Za-z_]*)`").FindAllSubmatch(text, -1)
	for _, n := range named {
		if !bytes.Contains(examples, []byte("func "+string(n[1])+"()")) {
			t.Errorf("README.md names %s, which example_test.go does not have", n[1])
		}
	}
	if bytes.Contains(examples, []byte("go:build")) || !bytes.HasPrefix(examples, []byte("package procpool_test")) {
		t.Error("examples must be of package procpool_test, everywhere: they compile as shown")
	}
	for _, m := range regexp.MustCompile(`(?m)^func (Example[A-Za-z_]*)\(\)`).FindAllSubmatch(examples, -1) {
		if name := string(m[1]); name != "Example" && !slices.ContainsFunc(named, func(n [][]byte) bool { return string(n[1]) == name }) {
			t.Errorf("README.md does not name %s", name)
		}
	}
	for _, want := range []string{"Grace", "plus one second", "fails alone"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("README.md does not say %q", want)
		}
	}
}
