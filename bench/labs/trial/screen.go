package trial

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// most is how large a file of a student may be.
const most = 256 << 10

// yieldName is the function whose calls [withYields] puts in.
const yieldName = "amdahlYield"

// A Refusal is something in a student's file that is not allowed.
type Refusal struct {
	File string
	Line int // 0 if the whole file is meant
	Text string
}

func (r Refusal) Error() string {
	if r.Line == 0 {
		return r.File + ": " + r.Text
	}
	return fmt.Sprintf("%s:%d: %s", r.File, r.Line, r.Text)
}

// Screen reads a student's file and returns the first thing in it that is not
// allowed, or nil. Allowed are imports of the list; forbidden are directives of
// the compiler (go:linkname, go:embed, go:build, line), which could reach what
// an import cannot. A file that does not parse is refused, with the line.
func Screen(name string, text []byte, pkg string, imports []string) *Refusal {
	if len(text) > most {
		return &Refusal{name, 0, fmt.Sprintf("the file has %d bytes: at most %d are read", len(text), most)}
	}
	if !utf8.Valid(text) {
		return &Refusal{name, 0, "the file is not UTF-8 text"}
	}
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		line, why := 0, err.Error()
		if rest, ok := strings.CutPrefix(why, name+":"); ok {
			number, message, _ := strings.Cut(rest, ":")
			line, _ = strconv.Atoi(number)
			_, message, _ = strings.Cut(message, ": ")
			why = message
		}
		return &Refusal{name, line, "it is not Go: " + why}
	}
	at := func(p token.Pos) int { return set.PositionFor(p, false).Line }
	if f.Name.Name != pkg {
		return &Refusal{name, at(f.Name.Pos()), fmt.Sprintf("the package is called %s: it must be %s", f.Name.Name, pkg)}
	}
	for _, group := range f.Comments {
		for _, c := range group.List {
			body := strings.TrimLeft(c.Text, "/*")
			if strings.HasPrefix(c.Text, "//go:") || strings.HasPrefix(body, "line ") || strings.HasPrefix(body, "export ") || strings.HasPrefix(body, " +build") {
				return &Refusal{name, at(c.Pos()), fmt.Sprintf("the directive %.30q is not allowed in a lab", c.Text)}
			}
		}
	}
	for _, i := range f.Imports {
		path, err := strconv.Unquote(i.Path.Value)
		if err != nil || !slices.Contains(imports, path) {
			return &Refusal{name, at(i.Pos()), fmt.Sprintf("the import %s is not allowed in this lab: allowed are %s", i.Path.Value, strings.Join(imports, ", "))}
		}
	}
	var found *Refusal
	ast.Inspect(f, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && found == nil && strings.HasPrefix(id.Name, yieldName) {
			found = &Refusal{name, at(id.Pos()), fmt.Sprintf("the name %s is reserved", id.Name)}
		}
		return found == nil
	})
	return found
}

// Goroutine returns the first go statement of a student's file that parses, or nil. Labs whose work
// starts the goroutines itself allow none.
func Goroutine(name string, text []byte) *Refusal {
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	var found *Refusal
	ast.Inspect(f, func(n ast.Node) bool {
		if g, ok := n.(*ast.GoStmt); ok && found == nil {
			found = &Refusal{name, set.PositionFor(g.Pos(), false).Line, "start no goroutine in this lab: its machine starts them"}
		}
		return found == nil
	})
	return found
}
