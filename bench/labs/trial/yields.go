package trial

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// withYields puts a call of amdahlYield before each statement of a Go file. The
// call lets other goroutines run with probability one half. With one processor
// that shows races which are a matter of luck otherwise, without the race
// detector, which needs a C compiler. x++ of a variable becomes x = yield(x) + 1:
// another goroutine may run between reading and writing. Lines keep their numbers.
func withYields(name string, text []byte) ([]byte, error) {
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	type edit struct {
		from, to int
		text     string
	}
	var edits []edit
	offset := func(p token.Pos) int { return set.PositionFor(p, false).Offset }
	before := func(list []ast.Stmt) {
		for _, s := range list {
			if _, empty := s.(*ast.EmptyStmt); !empty {
				edits = append(edits, edit{offset(s.Pos()), offset(s.Pos()), yieldName + "();"})
			}
			if inc, ok := s.(*ast.IncDecStmt); ok && plain(inc.X) {
				x := string(text[offset(inc.X.Pos()):offset(inc.X.End())])
				edits = append(edits, edit{offset(inc.X.Pos()), offset(inc.End()), fmt.Sprintf("%s = %sValue(%s) %c 1", x, yieldName, x, inc.Tok.String()[0])})
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			if !isCases(n) {
				before(n.List)
			}
		case *ast.CaseClause:
			before(n.Body)
		case *ast.CommClause:
			before(n.Body)
		}
		return true
	})
	// Later places first, so that offsets stay true. Of two edits at one place the call
	// must end up in front: it is applied last.
	slices.SortStableFunc(edits, func(a, b edit) int {
		if a.from != b.from {
			return b.from - a.from
		}
		return b.to - a.to
	})
	out := string(text)
	for _, e := range edits {
		out = out[:e.from] + e.text + out[e.to:]
	}
	return []byte(out), nil
}

// isCases reports whether a block holds the cases of a switch or a select.
func isCases(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	switch b.List[0].(type) {
	case *ast.CaseClause, *ast.CommClause:
		return true
	}
	return false
}

// plain reports whether evaluating x twice is the same as once: a variable or a
// field of one.
func plain(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		return plain(x.X)
	}
	return false
}

// yields is the file that holds amdahlYield: a coin from a seed, without a lock.
func yields(pkg string, seed uint64) []byte {
	return []byte(strings.NewReplacer("PACKAGE", pkg, "SEED", fmt.Sprint(seed), "NAME", yieldName).Replace(`package PACKAGE

import (
	"runtime"
	"sync/atomic"
)

var NAMECount atomic.Uint64

// NAME lets other goroutines run, half of the times that it is called.
func NAME() {
	x := NAMECount.Add(1)*0x9e3779b97f4a7c15 + SEED
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	if (x^x>>27)>>63 == 1 {
		runtime.Gosched()
	}
}

func NAMEValue[T any](v T) T {
	NAME()
	return v
}
`))
}
