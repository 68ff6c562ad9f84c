package browser

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/js"
)

var (
	importLine  = regexp.MustCompile(`(?m)^import .*;\n`)
	exportStart = regexp.MustCompile(`(?m)^export `)
)

// joined are modules of the page as one script, in that order.
func joined(t *testing.T, files ...string) string {
	t.Helper()
	var b strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join("..", f))
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(exportStart.ReplaceAllString(importLine.ReplaceAllString(string(text), ""), ""))
	}
	return b.String()
}

// scriptPage is a page with nothing but a script, made as small as that of a page.
func scriptPage(t *testing.T, script string) string {
	t.Helper()
	var b strings.Builder
	if err := new(js.Minifier).Minify(minify.New(), &b, strings.NewReader("(()=>{"+script+"})()"), nil); err != nil {
		t.Fatal(err)
	}
	return "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>test</title><script type=module>" + b.String() + "</script>"
}
