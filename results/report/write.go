package report

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"amdahl/results"
	"amdahl/results/charts"
	"amdahl/results/laws"
	"amdahl/results/save"
)

// Write writes a whole report into a directory, which it makes if it is not
// there: table.txt, results.json, a figure of every group as SVG and PNG, and
// index.html; where the measurements tell, why.txt, and a figure of where the worker time of
// each group went, and ironlaw.txt. Files of an earlier report in the directory
// that this one does not write are removed, and no others. It returns the files in the order in which it wrote them, also
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
		if err := save.File(path, b.Bytes()); err != nil {
			return fmt.Errorf("report: %w", err)
		}
		files = append(files, path)
		return nil
	}
	before := filesBefore(dir)
	o.Color = false
	if err := put("table.txt", func(w io.Writer) error { return Table(w, as, o) }); err != nil {
		return files, err
	}
	if err := put("results.json", func(w io.Writer) error { return JSON(w, as, o.Skipped...) }); err != nil {
		return files, err
	}
	all := drawings(as, o)
	if slices.ContainsFunc(all, func(d drawing) bool { return !d.stacks.Empty() }) {
		if err := put("why.txt", func(w io.Writer) error { return Stacks(w, as, o) }); err != nil {
			return files, err
		}
	}
	if HasIronLaw(as, o) {
		if err := put("ironlaw.txt", func(w io.Writer) error { return IronLaw(w, as, o) }); err != nil {
			return files, err
		}
	}
	pictures := func(name string, f charts.Figure) (svg string, err error) {
		if f.Empty() {
			return "", nil
		}
		for _, format := range []string{"svg", "png"} {
			if err := put(name+"."+format, func(w io.Writer) error { return charts.Draw(w, f, format, charts.Layout{}) }); err != nil {
				return "", err
			}
		}
		return name + ".svg", nil
	}
	for i, name := range fileNames(all) {
		d := &all[i]
		if d.scalingSVG, err = pictures(name, d.scaling); err != nil {
			return files, err
		}
		if d.stackSVG, err = pictures(name+lostSuffix, d.stacks); err != nil {
			return files, err
		}
	}
	names := []string{"index.html"}
	for _, f := range files {
		names = append(names, filepath.Base(f))
	}
	err = put("index.html", func(w io.Writer) error {
		if err := writePage(w, as, all, o); err != nil {
			return err
		}
		_, err := io.WriteString(w, fileList(names))
		return err
	})
	if err != nil {
		return files, err
	}
	return files, removeLeftovers(dir, before, names)
}

// lostSuffix ends the names of the figures of where the worker time went.
const lostSuffix = "-why"

// fileNames makes a name of every group from the values of its common parts:
// "strong-hash-0.1-real". Equal ones are numbered.
func fileNames(all []drawing) []string {
	const most = 80 // bytes; file systems take 255
	seen := map[string]int{"index": 1, "results": 1, "table": 1}
	names := make([]string, len(all))
	for i, d := range all {
		var values []string
		for _, part := range results.ParseParts(d.group.Common) {
			if s := slug(part.Value); s != "" {
				values = append(values, s)
			}
		}
		name := strings.TrimSuffix(strings.Join(values, "-"), lostSuffix)
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
