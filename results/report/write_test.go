package report

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"amdahl/results"
	"amdahl/results/charts"
	"amdahl/results/groups"
	"amdahl/results/laws"
)

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "report")
	as := byHand()[:3]
	if _, err := Write(filepath.Join(dir, "deeper"), as, Options{}); err == nil {
		t.Error("a folder was made by the name of a folder in it")
	}
	files, err := Write(dir, as, Options{Color: true})
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, name := range []string{"table.txt", "results.json", "strong-hash-0.1.svg", "strong-hash-0.1.png", "index.html"} {
		want = append(want, filepath.Join(dir, name))
	}
	if d := cmp.Diff(want, files); d != "" {
		t.Errorf("files (-want +got):\n%s", d)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(entries); got != len(want) {
		t.Errorf("the directory has %d entries, want %d", got, len(want))
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil || len(data) == 0 {
			t.Errorf("%s: %d bytes, %v", f, len(data), err)
		}
		if strings.HasSuffix(f, "table.txt") && strings.Contains(string(data), "\x1b") {
			t.Errorf("%s has colours", f)
		}
		if strings.HasSuffix(f, "index.html") && !strings.Contains(string(data), `href="strong-hash-0.1.svg"`) {
			t.Errorf("%s does not link to the figure", f)
		}
	}
	if again, err := Write(dir, as, Options{}); err != nil || len(again) != len(files) {
		t.Errorf("again: got %q, %v", again, err)
	}
}

// A report draws so many figures and no more, those of the workloads that gain most, and
// says so on the page and to its caller; the numbers of all are in its files.
func TestManyFigures(t *testing.T) {
	var as []*laws.Analysis
	for i := range mostFigures + 10 {
		a := *byHand()[0]
		c := *a.Curve
		c.Name = results.ParseName(fmt.Sprintf("BenchmarkWork%d", i))
		a.Curve = &c
		as = append(as, &a)
	}
	if text, filter := Left(as[:mostFigures]); text != "" || filter != "" {
		t.Errorf("of %d figures: %q, %q are left out", mostFigures, text, filter)
	}
	text, filter := Left(as)
	if want := fmt.Sprintf("%d of %d figures are drawn", mostFigures, len(as)); !strings.HasPrefix(text, want) || filter == "" {
		t.Errorf("got %q, %q, want %q and a filter", text, filter, want)
	}
	if testing.Short() {
		t.Skip("draws 50 figures")
	}
	dir := t.TempDir()
	files, err := write(dir, as, Options{}, charts.Layout{DPI: 24}) // nobody looks at the pixels of the PNGs
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, f := range files {
		count[filepath.Ext(f)]++
	}
	if count[".svg"] != mostFigures || count[".png"] != mostFigures {
		t.Errorf("got %v files, want %d figures", count, mostFigures)
	}
	for file, last := range map[string]bool{"results.json": true, "table.txt": true, "index.html": true} {
		data, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil || strings.Contains(string(data), fmt.Sprintf("Work%d", len(as)-1)) != last {
			t.Errorf("%s: %v; it has the last series: %v, want %v", file, err, !last, last)
		}
	}
	if page, _ := os.ReadFile(filepath.Join(dir, "index.html")); !strings.Contains(string(page), text) || strings.Count(string(page), `<section class="work"`) != mostFigures {
		t.Errorf("the page has %d sections, and says what it leaves out: %v", strings.Count(string(page), `<section class="work"`), strings.Contains(string(page), text))
	}
}

// The table of all series on a page has so many rows and no more.
func TestManyRows(t *testing.T) {
	a := byHand()[0]
	var s section
	for range mostRows + 5 {
		s.Rows = append(s.Rows, row{Name: "x", analysis: a})
	}
	m := &pageMaker{tables: &tables{Sections: []section{s}}}
	full := m.full()
	if n := len(full.Sections[0].Rows); n != mostRows || m.page.FullText != fmt.Sprintf("The first %d of %d rows; all are in table.txt and results.json.", mostRows, mostRows+5) {
		t.Errorf("%d rows, %q", n, m.page.FullText)
	}
}

// A file is not called like a device of Windows.
func TestReservedNames(t *testing.T) {
	var all []drawing
	for _, n := range []string{"k=con", "k=nul", "k=com1", "k=con.x", "k=control"} {
		all = append(all, drawing{group: groups.Group{Common: n}})
	}
	if d := cmp.Diff([]string{"figure-con", "figure-nul", "figure-com1", "figure-con.x", "control"}, fileNames(all)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A second report in the same directory removes what only the first wrote, and
// nothing that anybody else put there.
func TestWriteRemovesLeftovers(t *testing.T) {
	list := regexp.MustCompile(listBegin + ".*" + listEnd)
	for _, listed := range []bool{true, false} {
		dir := t.TempDir()
		first, err := Write(dir, byHand()[:3], Options{})
		if err != nil {
			t.Fatal(err)
		}
		page := filepath.Join(dir, "index.html")
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if !list.Match(text) {
			t.Fatal("the page does not list the files of its report")
		}
		if !listed { // as pages were written before they had a list
			if err := os.WriteFile(page, list.ReplaceAll(text, nil), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		for _, own := range []string{"results.txt", "mine.svg", "why.txt"} {
			if err := os.WriteFile(filepath.Join(dir, own), []byte("mine"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		other := byHand()
		other[0].Curve.Name = results.ParseName("Other")
		second, err := Write(dir, other[:1], Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range first {
			_, err := os.Stat(f)
			if there := err == nil; there != slices.Contains(second, f) {
				t.Errorf("listed %t: %s is there: %t, want only what the second report wrote: %q", listed, f, there, second)
			}
		}
		for _, own := range []string{"results.txt", "mine.svg", "why.txt"} {
			if text, err := os.ReadFile(filepath.Join(dir, own)); err != nil || string(text) != "mine" {
				t.Errorf("listed %t: %s, which no report wrote, holds %q, %v", listed, own, text, err)
			}
		}
	}
}

// What a page names outside of its directory stays, and so does what is not a
// plain file.
func TestLeftoversStayInside(t *testing.T) {
	root := t.TempDir()
	dir, outside := filepath.Join(root, "report"), filepath.Join(root, "outside.svg")
	if err := os.MkdirAll(filepath.Join(dir, "folder.svg"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(outside, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for page, want := range map[string][]string{
		"somebody else's page " + fileList([]string{"a.svg"}):        nil,
		"Made by amdahl. " + fileList([]string{"../outside.svg"}):    {"../outside.svg"},
		"Made by amdahl. " + fileList([]string{"folder.svg"}):        {"folder.svg"},
		`Made by amdahl. <a href="a.svg"> <a href="../outside.svg">`: {"a.svg", "a.png"},
	} {
		if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		got := filesBefore(dir)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%q: files (-want +got):\n%s", page, d)
		}
		if err := removeLeftovers(dir, got, nil); err != nil {
			t.Errorf("%q: %v", page, err)
		}
	}
	for _, path := range []string{outside, filepath.Join(dir, "folder.svg")} {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("removed: %v", err)
		}
	}
}

// An error names the file, and what was written before it stands.
func TestWriteErrors(t *testing.T) {
	as := byHand()[:3]
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "results.json"), 0o755); err != nil {
		t.Fatal(err)
	}
	files, err := Write(dir, as, Options{})
	if err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "results.json")) || len(files) != 1 {
		t.Errorf("a file that cannot be written: got %q, %v", files, err)
	}
	plain := filepath.Join(dir, "table.txt")
	if files, err := Write(plain, as, Options{}); err == nil || !strings.Contains(err.Error(), plain) || files != nil {
		t.Errorf("a directory that is a file: got %q, %v", files, err)
	}
	if _, err := Write(filepath.Join(dir, "none"), nil, Options{}); err == nil {
		t.Error("no analysis: got no error")
	}
}

func TestFileNames(t *testing.T) {
	var all []drawing
	for _, name := range []string{
		"Strong/workload=hash/serial=0.1/cores=real", "Strong/workload=hash/serial=0.1/cores=real", "Strong/workload=hash/serial=0.1/cores=real-2",
		"example.com/m/v2.Sort", "../../etc/passwd", "", "///", "Übung/ναι", "index", strings.Repeat("long/", 100), "con/.hidden",
	} {
		all = append(all, drawing{group: groups.Group{Common: name, Analyses: []*laws.Analysis{}}})
	}
	want := []string{
		"strong-hash-0.1-real", "strong-hash-0.1-real-2", "strong-hash-0.1-real-2-2",
		"example.com-m-v2.sort", "etc-passwd", "figure", "figure-2", "bung", "index-2",
		strings.TrimSuffix(strings.Repeat("long-", 16), "-"), "con-hidden",
	}
	if d := cmp.Diff(want, fileNames(all)); d != "" {
		t.Errorf("names (-want +got):\n%s", d)
	}
}
