package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// TestLinks checks that every relative link and every picture of a Markdown
// file of the checkout exists, and that a link to a heading finds one.
func TestLinks(t *testing.T) {
	root := checkout(t)
	links := 0
	for _, file := range markdownFiles(t, root) {
		for _, l := range linksOf(t, filepath.Join(root, file)) {
			links++
			target, anchor, _ := strings.Cut(l.target, "#")
			path := filepath.Join(root, file)
			if target != "" {
				path = filepath.Join(filepath.Dir(path), filepath.FromSlash(target))
			}
			if _, err := os.Stat(path); err != nil {
				t.Errorf("%s:%d: the link to %s leads nowhere: %v", file, l.line, l.target, err)
				continue
			}
			if anchor != "" && !slices.Contains(headings(t, path), anchor) {
				t.Errorf("%s:%d: the link to %s finds no heading: there are %q", file, l.line, l.target, headings(t, path))
			}
		}
	}
	if links < 50 {
		t.Errorf("%d links found: want those of README.md and all pages", links)
	}
}

// markdownFiles lists the Markdown files of the checkout, relative to its root.
// What git does not keep is left out.
func markdownFiles(t *testing.T, root string) []string {
	var files []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		switch rel = filepath.ToSlash(rel); {
		case err != nil:
			return err
		case d.IsDir() && (rel == ".git" || rel == "bin" || rel == "results/runs/local"):
			return filepath.SkipDir
		case !d.IsDir() && strings.HasSuffix(rel, ".md"):
			files = append(files, rel)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

type markdownLink struct {
	line   int
	target string
}

// A link or a picture of Markdown, or of HTML inside it.
var linkPattern = regexp.MustCompile(`\]\(([^)\s]+)\)|(?:href|src)="([^"]+)"`)

// linksOf finds the relative links of a file, outside of code.
func linksOf(t *testing.T, path string) []markdownLink {
	var links []markdownLink
	for i, line := range prose(t, path) {
		for _, m := range linkPattern.FindAllStringSubmatch(regexp.MustCompile("`[^`]*`").ReplaceAllString(line, "`"), -1) {
			if target := m[1] + m[2]; !strings.Contains(target, "://") && !strings.HasPrefix(target, "mailto:") {
				links = append(links, markdownLink{i + 1, target})
			}
		}
	}
	return links
}

// headings lists the anchors of the headings of a Markdown file, as GitHub
// makes them: lower case, spaces as hyphens, no punctuation.
func headings(t *testing.T, path string) []string {
	var anchors []string
	for _, line := range prose(t, path) {
		if text, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			anchors = append(anchors, strings.Map(func(r rune) rune {
				switch {
				case r == ' ':
					return '-'
				case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
					return unicode.ToLower(r)
				}
				return -1
			}, text))
		}
	}
	return anchors
}

// prose returns the lines of a Markdown file, with those of fenced code empty.
func prose(t *testing.T, path string) []string {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	fenced := false
	for i, line := range lines {
		fence := strings.HasPrefix(line, "```")
		if fence {
			fenced = !fenced
		}
		if fenced || fence {
			lines[i] = ""
		}
	}
	return lines
}
