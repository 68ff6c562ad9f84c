package report

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// The last line of a page lists the files of its report, so that the next
// report in the same directory can remove those that it does not write.
const (
	listBegin = "<!-- files of this report: "
	listEnd   = " -->"
)

// fileList is the line that lists the files of a report, by their names.
func fileList(names []string) string { return listBegin + strings.Join(names, " ") + listEnd + "\n" }

// figureLink is how a page links to a figure.
var figureLink = regexp.MustCompile(`href="([a-z0-9][a-z0-9.-]*)\.svg"`)

// filesBefore returns the names of the files that an earlier report wrote into
// the directory, by its page: those that the page lists, or the figures that a
// page without a list links to. There are none where the page is not a report's.
func filesBefore(dir string) []string {
	text, err := os.ReadFile(filepath.Join(dir, "index.html"))
	if err != nil || !strings.Contains(string(text), "Made by amdahl.") {
		return nil
	}
	page := string(text)
	if at := strings.LastIndex(page, listBegin); at >= 0 {
		list, _, _ := strings.Cut(page[at+len(listBegin):], listEnd)
		return strings.Fields(list)
	}
	var names []string
	for _, m := range figureLink.FindAllStringSubmatch(page, -1) {
		names = append(names, m[1]+".svg", m[1]+".png")
	}
	return names
}

// removeLeftovers removes the files named before that are not in now. A name
// with a folder in it, and what is not a plain file, stays.
func removeLeftovers(dir string, before, now []string) error {
	for _, name := range before {
		path := filepath.Join(dir, name)
		if slices.Contains(now, name) || filepath.Base(name) != name {
			continue
		}
		if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
			continue
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("report: removing a figure of the report before: %w", err)
		}
	}
	return nil
}
