package report

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"amdahl/results/charts"
	"amdahl/results/laws"
)

// Write writes a whole report into a directory, which it makes if it is not
// there: table.txt, results.json, a figure of every group as SVG and PNG, and
// index.html. It returns the files in the order in which it wrote them, also
// beside an error, which names the file that failed. A file is either
// complete or untouched.
func Write(dir string, as []*laws.Analysis, o Options) (files []string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("report: making the directory: %w", err)
	}
	put := func(name string, make func(w io.Writer) error) error {
		var b bytes.Buffer
		if err := make(&b); err != nil {
			return err
		}
		path := filepath.Join(dir, name)
		if err := charts.WriteFile(path, b.Bytes()); err != nil {
			return fmt.Errorf("report: %w", err)
		}
		files = append(files, path)
		return nil
	}
	o.Color = false
	if err := put("table.txt", func(w io.Writer) error { return Table(w, as, o) }); err != nil {
		return files, err
	}
	if err := put("results.json", func(w io.Writer) error { return JSON(w, as, o.Skipped...) }); err != nil {
		return files, err
	}
	groups := charts.Groups(as)
	names := fileNames(groups)
	figures := make([]charts.Figure, len(groups))
	for i, g := range groups {
		figures[i] = charts.Scaling(g.Analyses, charts.Options{Confidence: o.Confidence})
		if figures[i].Empty() {
			names[i] = ""
			continue
		}
		for _, format := range []string{"svg", "png"} {
			err := put(names[i]+"."+format, func(w io.Writer) error { return charts.Draw(w, figures[i], format, charts.Layout{}) })
			if err != nil {
				return files, err
			}
		}
		names[i] += ".svg"
	}
	err = put("index.html", func(w io.Writer) error { return writePage(w, as, groups, figures, names, o) })
	return files, err
}

// fileNames makes a name of every group from the values of its common parts:
// "strong-hash-0.1-real". Equal ones are numbered.
func fileNames(groups []charts.Group) []string {
	const most = 80 // bytes; file systems take 255
	seen := map[string]int{"index": 1, "results": 1, "table": 1}
	names := make([]string, len(groups))
	for i, g := range groups {
		var values []string
		for part := range strings.SplitSeq(g.Common, "/") {
			if _, v, ok := strings.Cut(part, "="); ok {
				part = v
			}
			if s := slug(part); s != "" {
				values = append(values, s)
			}
		}
		name := strings.Join(values, "-")
		if len(name) > most {
			name = strings.TrimRight(name[:most], "-.")
		}
		if name == "" {
			name = "figure"
		}
		seen[name]++
		if n := seen[name]; n > 1 {
			name = fmt.Sprintf("%s-%d", name, n)
			seen[name]++
		}
		names[i] = name
	}
	return names
}

// slug keeps the letters, digits and dots of a text, in ASCII and lower case.
func slug(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.' && b.Len() > 0):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.TrimRight(b.String(), "-.")
}
