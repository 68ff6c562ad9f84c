package labs

import (
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Copies reports whether the lab's module has packages of copies.zip.
func (l *Lab) Copies() bool {
	return slices.ContainsFunc(copies, func(c copied) bool { return slices.Contains(l.Packages, c.name) })
}

// Library lists the packages of Go's library that the module, its hidden tests and the
// student's files may import, in order.
func (l *Lab) Library() ([]string, error) {
	files, err := l.Exercise()
	if err != nil {
		return nil, err
	}
	hidden, err := l.Hidden()
	if err != nil {
		return nil, err
	}
	maps.Copy(files, hidden)
	all := map[string]bool{}
	for _, path := range l.Imports {
		all[path] = true
	}
	for name, text := range files {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			return nil, fmt.Errorf("labs: %s: %w", l.Name, err)
		}
		for _, i := range f.Imports {
			path, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return nil, fmt.Errorf("labs: %s: %s: %w", l.Name, name, err)
			}
			all[path] = true
		}
	}
	maps.DeleteFunc(all, func(path string, _ bool) bool { return path == "lab" || strings.HasPrefix(path, "lab/") })
	return slices.Sorted(maps.Keys(all)), nil
}
