package procpool

import (
	"bytes"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
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
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllSubmatch(text, -1)
	if len(blocks) < 3 {
		t.Fatalf("%d Go blocks, want some", len(blocks))
	}
	var parsed []*ast.File
	var imports []string
	for _, b := range blocks {
		f, err := parser.ParseFile(fset, "README.md", b[1], 0)
		if err != nil {
			t.Errorf("%v in\n%s", err, b[1])
			continue
		}
		parsed = append(parsed, f)
		for _, i := range f.Imports {
			imports = append(imports, strings.Trim(i.Path.Value, `"`))
		}
	}
	conf := types.Config{Importer: exported(t, fset, imports), Error: func(err error) { t.Errorf("a block of README.md: %v", err) }}
	for _, f := range parsed {
		conf.Check("main", fset, []*ast.File{f}, nil)
	}
	files, err := filepath.Glob("example*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	var examples []byte
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte("go:build")) || !bytes.HasPrefix(b, []byte("package procpool_test")) {
			t.Errorf("%s: examples must be of package procpool_test, everywhere: they compile as shown", name)
		}
		examples = append(examples, b...)
	}
	named := regexp.MustCompile("`(Example[A-Za-z_]*)`").FindAllSubmatch(text, -1)
	for _, n := range named {
		if !bytes.Contains(examples, []byte("func "+string(n[1])+"()")) {
			t.Errorf("README.md names %s, which no example*_test.go has", n[1])
		}
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

// exported imports packages as the compiler has written them: to type-check their source, and
// that of all they import, takes a minute under the race detector.
func exported(t *testing.T, fset *token.FileSet, packages []string) types.Importer {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}"}, packages...)...).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		name, file, _ := strings.Cut(strings.TrimSpace(line), "=")
		files[name] = file
	}
	return importer.ForCompiler(fset, "gc", func(name string) (io.ReadCloser, error) { return os.Open(files[name]) })
}
