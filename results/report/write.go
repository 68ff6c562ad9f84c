package report

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"amdahl/results"
	"amdahl/results/charts"
	"amdahl/results/laws"
	"amdahl/results/save"
)

// Write writes a whole report into a directory, which it makes if it is not
// there, but not the folder that this is in: table.txt, results.json, a figure of every group as SVG and PNG, and
// index.html; where the measurements tell, why.txt, and a figure of where the worker time of
// each group went, and ironlaw.txt. Files of an earlier report in the directory
// that this one does not write are removed, and no others. It returns the files in the order in which it wrote them, also
// beside an error, which names the file that failed. A file is either
// complete or untouched.
func Write(dir string, as []*laws.Analysis, o Options) (files []string, err error) {
	return write(dir, as, o, charts.Layout{})
}

// write is [Write] with figures that are laid out so.
func write(dir string, as []*laws.Analysis, o Options, l charts.Layout) (files []string, err error) {
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("report: making the directory: %w", err)
	}
	// put writes one file, and nothing after an error.
	put := func(name string, make func(w io.Writer) error) {
		var b bytes.Buffer
		path := filepath.Join(dir, name)
		if err == nil {
			err = make(&b)
		}
		if err != nil {
			return
		}
		if failed := save.File(path, b.Bytes()); failed != nil {
			err = fmt.Errorf("report: %w", failed)
			return
		}
		files = append(files, path)
	}
	before := filesBefore(dir)
	o.Color = false
	put("table.txt", func(w io.Writer) error { return Table(w, as, o) })
	put("results.json", func(w io.Writer) error { return writeJSON(w, as, o.Skipped, o.Recorded) })
	all := drawings(as, o)
	if slices.ContainsFunc(all, func(d drawing) bool { return !d.stacks.Empty() }) {
		put("why.txt", func(w io.Writer) error { return Stacks(w, as, o) })
	}
	if HasIronLaw(as, o) {
		put("ironlaw.txt", func(w io.Writer) error { return IronLaw(w, as, o) })
	}
	pictures := func(name string, f charts.Figure) (svg string) {
		if f.Empty() {
			return ""
		}
		for _, format := range []string{"svg", "png"} {
			put(name+"."+format, func(w io.Writer) error { return charts.Draw(w, f, format, l) })
		}
		return name + ".svg"
	}
	for i, name := range fileNames(all) {
		d := &all[i]
		d.scalingSVG = pictures(name, d.scaling)
		d.stackSVG = pictures(name+lostSuffix, d.stacks)
	}
	names := []string{"index.html"}
	for _, f := range files {
		names = append(names, filepath.Base(f))
	}
	put("index.html", func(w io.Writer) error {
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
		name = cmp.Or(name, "figure")
		if reserved.MatchString(name) {
			name = "figure-" + name
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
	return strings.Trim(others.ReplaceAllString(strings.ToLower(s), "-"), "-.")
}

// reserved matches the names that Windows keeps for devices, whatever their ending.
var reserved = regexp.MustCompile(`^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

var others = regexp.MustCompile(`[^a-z0-9.]+`)
