package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// other is the same text of another machine.
func other(text string) string {
	return strings.ReplaceAll(strings.Replace(text, "Test CPU", "Other CPU", 1), "cpu-count: 4", "cpu-count: 16")
}

func TestFigureFlags(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.txt"), filepath.Join(dir, "b.txt")
	good := curve("A", 1, 2, 4, 8)
	for file, text := range map[string]string{a: good, b: other(good)} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	svg, small := filepath.Join(dir, "x.svg"), filepath.Join(dir, "x.png")
	tests := []struct {
		args, stdin string
		status      int
		stderr      string // contains
		file        string // what the file contains; "" is not looked at
	}{
		{"plot -o " + svg + " --title Mine", good, 0, "wrote " + svg, ">Mine<"},
		{"plot -o " + svg + " --only efficiency --linear", good, 0, "", ">efficiency T(1)/(n·T(n)) (%)<"},
		{"plot -o " + svg + " --theme dark", good, 0, "", "#16191D"},
		{"plot -o " + svg + " --theme print", good, 0, "", "#005A8E"},
		{"plot -o " + svg + " --size 800x450", good, 0, "", `<svg width="600pt" height="337.5pt"`},
		{"plot -o " + svg + " --size 16:9", good, 0, "", `<svg width="792pt" height="445.5pt"`},
		{"plot -o " + svg + " --no-fit", good, 0, "", ">measured<"},
		{"plot -o " + svg + " --laws usl", good, 0, "", "Universal scalability law"},
		{"plot -o " + svg + " --overlay " + a + " " + b, "", 0, "", "Other CPU"},
		{"plot -o " + svg + " " + a + " " + b, "", 2, "the series are of 2 machines: draw them over each other with --overlay", ""},
		{"plot --format svg", good, 0, "", ""},
		{"plot -o " + filepath.Join(dir, "x.json"), good, 0, "x.json", ""},
		{"plot -o " + filepath.Join(dir, "x.txt") + " --format vega-lite", good, 0, "x.txt", ""},
		{"plot", good, 2, "no file to draw to: add -o FILE, as in -o scaling.svg", ""},
		{"plot -o " + svg + " --format gif", good, 2, `--format "gif": write one of svg, png, pdf, vega-lite`, ""},
		{"plot -o " + svg + " --size big", good, 2, `--size "big": write a ratio from 1:4 to 4:1, as in 16:9, or pixels`, ""},
		{"plot -o " + svg + " --size 20:1", good, 2, "--size", ""},
		{"plot -o " + svg + " --size 100x100", good, 2, "--size", ""},
		{"plot -o " + svg + " --size 0:0", good, 2, "--size", ""},
		{"plot -o " + svg + " --size NaNxInf", good, 2, "--size", ""},
		{"plot -o " + svg + " --size 300x200", many(20), 2, "--size 300x200: no room for the figure and its texts: write --size ", ""},
		{"plot -o " + svg + " --font-size 1", good, 2, "--font-size 1: write points from 4 to 72", ""},
		{"plot -o " + svg + " --theme neon", good, 2, `--theme: unknown theme "neon": use one of light, dark, print`, ""},
		{"plot -o " + svg + " --only cost", good, 2, "--only cost: write --only time", ""},
		{"plot -o " + svg + " --only speedup", curve("A", 4), 1, "no speedup to draw", ""},
		{"plot -o " + svg, curve("A", 4), 0, "wrote", ">A: time per operation<"},
		{"plot -o " + svg + " --laws uls", good, 2, `--laws uls: no law is called "uls": did you mean usl? they are ideal, amdahl`, ""},
		{"plot -o " + svg + " --laws usl --no-fit", good, 2, "both --laws and --no-fit", ""},
		{"plot -o " + svg + " --laws usl", curve("A", 1, 2, 4), 1, "--laws usl: no series carries it: it takes 4 levels of fixed work", ""},
		{"plot -o " + svg + " --laws all", curve("A", 1), 1, "--laws all: no series carries a law", ""},
		{"draw -o " + svg, "", 0, "wrote", "never above 20 times"},
		{"draw -o " + svg + " --law amdahl,gustafson --sigma 0.3 --to 64", "", 0, "", "Amdahl&#39;s law and Gustafson&#39;s law"},
		{"draw -o " + svg + " --law bottleneck --law convoy --nstar 8 --c 2 --only time --linear", "", 0, "", "time T(n)/T(1) (% of one worker)"},
		{"draw -o " + small + " --law usl --kappa 0,0.01 --size 640x400 --font-size 8", "", 0, "", ""},
		{"draw -o " + svg + " --law amdal", "", 2, "--law amdal: there is no such picture: did you mean amdahl? write one of amdahl, gustafson", ""},
		{"draw -o " + svg + " --sigma 0.1,x", "", 2, `--sigma 0.1,x: "x" is not a number: write numbers with commas between`, ""},
		{"draw -o " + svg + " --sigma 2", "", 2, "sigma 2 is out of range", ""},
		{"draw -o " + svg + " --nstar 2", "", 2, "nstar is no parameter of Amdahl's law", ""},
		{"draw -o " + svg + " --to 1", "", 2, "up to 1 workers", ""},
		{"draw -o " + svg + " --to 0", "", 2, "--to 0: write how many workers the axis shows", ""},
		{"draw -o " + svg + " --law convoy --c 1", "", 2, "c 1 is out of range: c is the cost of a contended operation over that of one alone, above 1", ""},
		{"draw -o " + svg + " --law convoy --c 1e300", "", 2, "c 1e+300 is too large for a figure", ""},
		{"draw -o " + svg + " --to 1048576", "", 0, "", ">1048576<"},
		{"draw -o " + svg + " --size 300x200", "", 0, "no room in the figure for: the legend, whose lines have their names at their ends", ">σ = 0.05<"},
		{"draw -o " + svg + " --size 300x200 --font-size 28", "", 2, "--size 300x200 --font-size 28: no room for the figure and its texts: write --size ", ""},
		{"draw -o -", "", 2, "-o -: say the format, as in --format svg", ""},
		{"draw -o - --format svg", "", 0, "", ""},
		{"draw -o " + filepath.Join(dir, "typo", "x.svg"), "", 2, "there is no folder " + filepath.Join(dir, "typo") + ": make it with mkdir -p ", ""},
		{"plot -o " + filepath.Join(dir, "typo", "x.svg"), good, 2, "there is no folder", ""},
		{"draw -o " + filepath.Join(dir, "x.svg", "y.svg"), "", 2, "is no folder", ""},
		{"explore -o " + filepath.Join(dir, "typo", "x.html"), "", 2, "there is no folder", ""},
		{"report -o " + filepath.Join(dir, "typo", "deeper"), good, 2, "there is no folder", ""},
		{"report -o -", good, 2, "a report is several files: name a directory", ""},
		{"report -o " + a, good, 2, "this is a file: name a directory", ""},
		{"explore -o " + dir, "", 2, "this is a folder: name a file in it", ""},
		{"draw", "", 2, "no file to draw to", ""},
		{"draw -o x.bmp", "", 2, `-o "x.bmp": name a file that ends in .svg, .png, .pdf, or .json for Vega-Lite`, ""},
		{"draw something -o " + svg, "", 2, "takes no arguments", ""},
	}
	for _, tt := range tests {
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), strings.Fields(tt.args), strings.NewReader(tt.stdin), &stdout, &stderr)
		if status != tt.status || !strings.Contains(stderr.String(), tt.stderr) {
			t.Errorf("%s: exit status %d, stderr %q, want %d, %q", tt.args, status, &stderr, tt.status, tt.stderr)
		}
		if strings.Contains(tt.args, "--format svg") && !strings.HasPrefix(stdout.String(), "<?xml") {
			t.Errorf("%s: standard output begins with %.20q", tt.args, &stdout)
		}
		if tt.file == "" {
			continue
		}
		if text, err := os.ReadFile(svg); err != nil || !strings.Contains(string(text), tt.file) {
			t.Errorf("%s: %v, no %q in the texts %q", tt.args, err, tt.file, svgTexts(t, text))
		}
	}
	f, err := os.Open(small)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if img, err := png.Decode(f); err != nil || img.Bounds().Dx() != 640 || img.Bounds().Dy() != 400 {
		t.Errorf("--size 640x400: %v, %v", img.Bounds(), err)
	}
	for _, name := range []string{"x.json", "x.txt"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !json.Valid(text) || !strings.Contains(string(text), "vega-lite/v5.json") {
			t.Errorf("%s: %v: no Vega-Lite: %.60q", name, err, text)
		}
	}
	// What a small figure has no room for is said.
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), strings.Fields("plot -o "+svg+" --size 600x250"), strings.NewReader(many(9)), &stdout, &stderr); status != 0 || !strings.Contains(stderr.String(), "amdahl: note: no room in the figure for:") {
		t.Errorf("status %d, stderr %q", status, &stderr)
	}
}

// A message that proposes another size, or other letters, proposes what works.
func TestProposedSizes(t *testing.T) {
	t.Parallel()
	svg := filepath.Join(t.TempDir(), "x.svg")
	for _, args := range []string{"draw --size 300x200 --font-size 28", "draw --law hill-marty --size 320x240 --font-size 14", "draw --law amdahl,usl,log --size 4:1 --font-size 40"} {
		var stdout, stderr bytes.Buffer
		fields := append(strings.Fields(args), "-o", svg)
		if status := run(t.Context(), fields, nil, &stdout, &stderr); status != 2 {
			t.Fatalf("%s: status %d, stderr %q, want a refusal", args, status, &stderr)
		}
		proposed := regexp.MustCompile(`--size \d+x\d+|--font-size [\d.]+`).FindAllString(strings.SplitN(stderr.String(), "write ", 2)[1], -1)
		if len(proposed) == 0 {
			t.Errorf("%s: nothing is proposed: %s", args, &stderr)
		}
		for _, p := range proposed {
			flag, value, _ := strings.Cut(p, " ")
			again := slices.Clone(fields)
			again[slices.Index(again, flag)+1] = value
			stderr.Reset()
			if status := run(t.Context(), again, nil, &stdout, &stderr); status != 0 || strings.Contains(stderr.String(), "the legend") {
				t.Errorf("%q: status %d, %s", again, status, &stderr)
			}
		}
	}
}

// Series that hide one another are drawn, and the note proposes a size at which they do
// not.
func TestCrowded(t *testing.T) {
	t.Parallel()
	svg := filepath.Join(t.TempDir(), "x.svg")
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), strings.Fields("plot -o "+svg+" --size 600x400"), strings.NewReader(many(20)), &stdout, &stderr); status != 0 {
		t.Fatalf("status %d: %s", status, &stderr)
	}
	size := regexp.MustCompile(`hard to tell apart in a figure of this size: write (--size \d+x\d+)`).FindStringSubmatch(stderr.String())
	if size == nil {
		t.Fatalf("no size is proposed: %s", &stderr)
	}
	stderr.Reset()
	if status := run(t.Context(), strings.Fields("plot -o "+svg+" "+size[1]), strings.NewReader(many(20)), &stdout, &stderr); status != 0 || strings.Contains(stderr.String(), "hard to tell") {
		t.Errorf("%s: status %d: %s", size[1], status, &stderr)
	}
}

// On a terminal as narrow as COLUMNS says, tables lose columns and no row wraps;
// piped without COLUMNS they lose none.
func TestNarrowTable(t *testing.T) {
	widest := func(args string) (width int, text string) {
		var stdout, stderr bytes.Buffer
		if status := run(t.Context(), strings.Fields(args), strings.NewReader(curve("Strong/workload=hash/strategy=fixed", 1, 2, 4, 8)), &stdout, &stderr); status != 0 {
			t.Fatalf("%s: status %d: %s", args, status, &stderr)
		}
		for line := range strings.Lines(stdout.String()) {
			width = max(width, len([]rune(strings.TrimSuffix(line, "\n"))))
		}
		return width, stdout.String()
	}
	_, all := widest("fit --wide --brief")
	t.Setenv("COLUMNS", "60")
	for args, say := range map[string]string{
		"fit --wide --brief":           "Left out, for 60 columns of the terminal are too few: error,",
		"predict --at 16,32":           "",
		"fit --wide --brief --verbose": "| less -S",
	} {
		width, text := widest(args)
		if width > 60 || !strings.Contains(strings.Join(strings.Fields(text), " "), say) {
			t.Errorf("%s: %d columns, want 60 at most and %q in\n%s", args, width, say, text)
		}
	}
	if strings.Contains(all, "Left out, for") || !strings.Contains(all, "error") {
		t.Errorf("without COLUMNS: got\n%s", all)
	}
}

// drawnBy are the commands in the fences of a Markdown file that draw a picture, by
// the file name that they write.
var drawnBy = regexp.MustCompile(`^amdahl (?:draw|plot) .*-o ([^ /]+\.svg)( .*)?$`)

// TestPictures runs the commands in the Markdown files that draw the pictures of
// results/charts/pictures, and compares the words of each with those that are
// stored. -update writes them.
func TestPictures(t *testing.T) {
	t.Parallel()
	root := checkout(t)
	dir := filepath.Join(root, "results", "charts", "pictures")
	ran := map[string]bool{}
	for _, file := range markdownFiles(t, root) {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			m := drawnBy.FindStringSubmatch(strings.TrimSpace(line))
			if m == nil || !strings.Contains(string(text), "results/charts/pictures/"+m[1]+")") {
				continue
			}
			if ran[m[1]] {
				continue
			}
			ran[m[1]] = true
			stored, fresh := filepath.Join(dir, m[1]), filepath.Join(t.TempDir(), m[1])
			args := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "amdahl "))
			for i, a := range args {
				if a == m[1] {
					args[i] = fresh
				} else if strings.HasPrefix(a, "results/") {
					args[i] = filepath.Join(root, a)
				}
			}
			var stdout, stderr bytes.Buffer
			if status := run(t.Context(), args, strings.NewReader(""), &stdout, &stderr); status != 0 {
				t.Errorf("%s: %s: status %d: %s", file, line, status, &stderr)
				continue
			}
			svg, err := os.ReadFile(fresh)
			if err != nil {
				t.Fatal(err)
			}
			if len(svg) > 60_000 {
				t.Errorf("%s: %d bytes: a picture on a page is small", m[1], len(svg))
			}
			if *update {
				if err := os.MkdirAll(dir, 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(stored, svg, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			old, err := os.ReadFile(stored)
			if err != nil {
				t.Errorf("%s: %v: go test ./cmd/amdahl -run Pictures -update draws it", file, err)
				continue
			}
			if got, want := svgTexts(t, svg), svgTexts(t, old); !slices.Equal(got, want) {
				t.Errorf("%s says %q, and its command in %s draws %q (go test ./cmd/amdahl -run Pictures -update draws it anew)", m[1], want, file, got)
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !ran[filepath.Base(f)] {
			t.Errorf("%s: no page shows it with the command that draws it", f)
		}
	}
	if len(ran) < 3 {
		t.Errorf("%d pictures: want those of README and of the command's page", len(ran))
	}
}

// svgTexts are the words of a drawing, in their order.
func svgTexts(t *testing.T, svg []byte) []string {
	t.Helper()
	var texts []string
	inside := false
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Errorf("svg: %v", err)
			return texts
		}
		switch e := token.(type) {
		case xml.StartElement:
			inside = e.Name.Local == "text"
		case xml.EndElement:
			inside = false
		case xml.CharData:
			if inside {
				texts = append(texts, string(e))
			}
		}
	}
}
