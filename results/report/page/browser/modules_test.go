package browser

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
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

// scriptPage is a page with nothing but a script.
func scriptPage(script string) string {
	return "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>test</title><script type=module>" + script + "</script>"
}
