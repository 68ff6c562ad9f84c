package browser

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"amdahl/results/read"
	"amdahl/results/report/page"
)

type parsed struct {
	Error  string         `json:"error"`
	Notes  []string       `json:"notes"`
	Series []parsedSeries `json:"series"`
}

type parsedSeries struct {
	Name     string        `json:"name"`
	X        string        `json:"x"`
	Relative bool          `json:"relative"`
	Points   []parsedPoint `json:"points"`
}

type parsedPoint struct {
	N       float64        `json:"n"`
	Samples []parsedSample `json:"samples"`
}

type parsedSample struct {
	T     float64 `json:"t"`
	Round int     `json:"round"`
}

// parser opens a page with the script's reader.
func parser(t *testing.T) func(text string) parsed {
	b := newTab(t)
	b.openText(scriptPage(t, joined(t, "parse.js")+"globalThis.readText = readText;"), "")
	return func(text string) parsed {
		t.Helper()
		return eval[parsed](b, "readText("+string(must(json.Marshal(text)))+")")
	}
}

// goParsed is what package read makes of the same text: the curves with two levels.
func goParsed(t *testing.T, text string) []parsedSeries {
	t.Helper()
	set, err := read.Files(nil, strings.NewReader(text), read.Options{})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if len(set.Problems) > 0 {
		t.Errorf("Go has a problem with the case: %v", set.Problems)
	}
	var all []parsedSeries
	for _, c := range set.Curves {
		if len(c.Points) < 2 {
			continue
		}
		s := parsedSeries{Name: c.Name.String(), X: c.X, Relative: c.Relative}
		for _, p := range c.Points {
			q := parsedPoint{N: p.Workers}
			for _, x := range p.Samples {
				q.Samples = append(q.Samples, parsedSample{x.Time, x.Round})
			}
			s.Points = append(s.Points, q)
		}
		all = append(all, s)
	}
	return all
}

// same compares series in any order. Names are those of Go where names says so.
func sameSeries(want, got []parsedSeries, names bool) string {
	o := cmp.Options{
		cmpopts.EquateApprox(1e-12, 0),
		cmpopts.SortSlices(func(a, b parsedSeries) bool { return a.Name < b.Name }),
	}
	if !names {
		o = append(o, cmpopts.IgnoreFields(parsedSeries{}, "Name"))
	}
	return cmp.Diff(want, got, o)
}

func TestReadsAsGoDoes(t *testing.T) {
	readText := parser(t)
	for _, c := range []struct {
		name, text string
		names      bool
	}{
		{"suffix", "goos: linux\npkg: example.com/x\nBenchmarkIndex 100 8000000 ns/op\nBenchmarkIndex-2 100 4400000 ns/op\t12 B/op\nBenchmarkIndex-4 100 2600000 ns/op\nPASS\nok  \texample.com/x\t1.2s\n", true},
		{"repeats and Windows line ends", "BenchmarkX-1 1 100 ns/op\r\nBenchmarkX-1 1 101 ns/op\r\nBenchmarkX-2 1 60.5 ns/op\r\nBenchmarkX-2 1 59 ns/op\r\n", true},
		{"key", "BenchmarkMap/size=1000/workers=1-8 10 9000 ns/op\nBenchmarkMap/size=1000/workers=4-8 10 2500 ns/op\nBenchmarkMap/size=5000/workers=1-8 10 49000 ns/op\nBenchmarkMap/size=5000/workers=4-8 10 12500 ns/op\n", true},
		{"threads in the middle", "BenchmarkRun/threads=1/kind=a 1 90 ns/op\nBenchmarkRun/threads=2/kind=a 1 50 ns/op\nBenchmarkRun/threads=1/kind=b 1 80 ns/op\nBenchmarkRun/threads=2/kind=b 1 45 ns/op\n", true},
		{"a key beside GOMAXPROCS that varies", "BenchmarkN/n=100-1 1 90 ns/op\nBenchmarkN/n=100-2 1 50 ns/op\nBenchmarkN/n=200-1 1 180 ns/op\nBenchmarkN/n=200-2 1 100 ns/op\n", true},
		{"tasks", "BenchmarkW/workers=1 1 1000 ns/op 10 tasks/op\nBenchmarkW/workers=2 1 1200 ns/op 20 tasks/op\n", true},
		{"rounds, a canary, a sentinel and a spoilt round", "round: 1\nBenchmarkX/workers=1 1 100 ns/op\nBenchmarkX/workers=2 1 60 ns/op\nsentinel: true\nBenchmarkX/workers=1 1 111 ns/op\nsentinel:\nround: 2\nBenchmarkX/workers=1 1 102 ns/op\nBenchmarkX/workers=2 1 61 ns/op\nround: 3\nBenchmarkX/workers=1 1 103 ns/op\nBenchmarkX/workers=2 1 62 ns/op\nround: 4\nBenchmarkX/workers=1 1 104 ns/op\nBenchmarkX/workers=2 1 63 ns/op\nspoilt-rounds: 2\n", true},
		{"two packages", "pkg: a\nBenchmarkX-1 1 100 ns/op\nBenchmarkX-2 1 60 ns/op\npkg: b\nBenchmarkX-1 1 100 ns/op\nBenchmarkX-2 1 60 ns/op\n", true},
		{"log lines between", "starting\nBenchmarkX-1 1 100 ns/op\n2024/01/01 something: happened\nBenchmarkX-2 1 60 ns/op\n--- BENCH: BenchmarkX-2\n    x_test.go:3: b.N=1\n", true},
		{"commas", "threads,seconds\n1,10\n2,5.5\n4,3.2\n4,3.25\n", false},
		{"semicolons with decimal commas", "Threads;time (ms)\n1;10,5\n2;5,25\n4;3,125\n", false},
		{"tabs", "cores\ttime_us\n1\t100\n2\t60\n", false},
		{"throughput", "clients,throughput\n1,100\n2,180\n4,300\n", false},
		{"speedup", "p,speedup\n1,1\n2,1.9\n4,3.4\n", false},
		{"series by a text", "impl,threads,seconds\na,1,10\na,2,6\nb,1,12\nb,2,7\n", false},
		{"series by a number", "size,threads,seconds\n1000,1,10\n1000,2,6\n5000,1,50\n5000,2,30\n", false},
		{"repeats with numbers", "threads,run,seconds\n1,1,10\n1,2,10.2\n2,1,6\n2,2,6.1\n", false},
		{"quotes", "\"threads\",\"seconds\"\n\"1\",\"10\"\n\"2\",\"6\"\n", false},
		{"a standard deviation beside", "threads,time,stddev\n1,10,0.1\n2,6,0.2\n4,4,0.1\n", false},
	} {
		got := readText(c.text)
		if got.Error != "" {
			t.Errorf("%s: %s", c.name, got.Error)
			continue
		}
		if diff := sameSeries(goParsed(t, c.text), got.Series, c.names); diff != "" {
			t.Errorf("%s: Go −, browser +:\n%s", c.name, diff)
		}
	}
}

// Stored runs that fit on the page are read alike, but for the rounds that Go leaves
// out because the processors were given to others.
func TestReadsStoredRuns(t *testing.T) {
	readText := parser(t)
	files, err := filepath.Glob("../../../runs/*/*/results.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stored runs: %v", err)
	}
	compared := 0
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		set, err := read.Files([]string{f}, nil, read.Options{})
		if err != nil || len(text) > page.MostRead {
			continue
		}
		left := false
		for _, c := range set.Curves {
			left = left || len(c.Rounds.LeftOut) > 0
		}
		got := readText(string(text))
		if strings.Contains(got.Error, "neither output of go test -bench nor a CSV file") && !bytes.Contains(text, []byte("\nBenchmark")) {
			continue // of Go's many formats the page reads two
		}
		if left {
			if notes := strings.Join(got.Notes, " "); !strings.Contains(notes, "not judged") && !strings.Contains(notes, "spoilt") {
				t.Errorf("%s: rounds are left out or not judged, and the page does not say so: %q %q", f, got.Notes, got.Error)
			}
			continue
		}
		want := goParsed(t, string(text))
		if len(want) == 0 {
			if got.Error == "" {
				t.Errorf("%s: Go finds no curve, the page %d", f, len(got.Series))
			}
			continue
		}
		if got.Error != "" {
			t.Errorf("%s: %s", f, got.Error)
			continue
		}
		if diff := sameSeries(want, got.Series, true); diff != "" {
			t.Errorf("%s: Go −, browser +:\n%s", f, short(diff))
		}
		compared++
	}
	if compared < 2 {
		t.Errorf("only %d stored runs were compared", compared)
	}
}

// Published tables, where AMDAHL_CASES names their folder.
func TestReadsCases(t *testing.T) {
	dir := os.Getenv("AMDAHL_CASES")
	if dir == "" {
		t.Skip("AMDAHL_CASES is not set: it names the directory of published data to check against")
	}
	readText := parser(t)
	for _, name := range []string{"hpc_carpentry_p085", "raytracer", "specsdm91", "usl_synthetic_005_002", "handlersocket"} {
		text, err := os.ReadFile(filepath.Join(dir, name+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		got := readText(string(text))
		if got.Error != "" {
			// What the page does not take it refuses with the names of the columns.
			if !strings.Contains(got.Error, "column") {
				t.Errorf("%s: %s", name, got.Error)
			}
			t.Logf("%s: %s", name, got.Error)
			continue
		}
		if diff := sameSeries(goParsed(t, string(text)), got.Series, false); diff != "" {
			t.Errorf("%s: Go −, browser +:\n%s", name, diff)
		}
	}
}

// What is not taken is refused with what to do, and never thrown.
func TestRefusesText(t *testing.T) {
	readText := parser(t)
	for text, want := range map[string]string{
		"":                                  "no text",
		" \n\t\n":                           "no text",
		"hello":                             "neither output of go test",
		"{\"results\": [1, 2]}":             "neither output of go test",
		"a,b\n1,2\n2,3\n":                   `Which column counts the workers\? The columns are "a", "b"`,
		"threads,colour\n1,2\n2,3\n":        `Which column was measured\? The columns are "threads", "colour"`,
		"1,10\n2,5\n4,3\n":                  "no column has a name",
		"threads,time,time\n1,2,3\n2,3,4\n": `Two columns are called "time"`,
		"threads,seconds\n1,x\n2,y\n":       `"seconds" is "x", which is no number above 0`,
		"threads,seconds\n1,-1\n2,0\n":      `"seconds" is "-1", which is no number above 0`,
		"BenchmarkX-8 100 12 ns/op\n":       "No series has two numbers of workers",
		"BenchmarkX-8 100 0 ns/op\n":        "its time is 0 ns/op",
		"BenchmarkX-8 100 12 MB/s\n":        "it has no ns/op",
		"BenchmarkX-1 1 NaN ns/op\nBenchmarkX-2 1 1e999 ns/op\n": "its time is NaN ns/op",
		strings.Repeat("BenchmarkX-1 1 5 ns/op\n", 6000):         "takes up to 100 KB",
		"__proto__,constructor\n1,2\n3,4\n":                      "Which column counts",
	} {
		got := readText(text)
		if ok, _ := regexp.MatchString(want, got.Error); !ok {
			t.Errorf("%.40q: error %q, want %q", text, got.Error, want)
		}
	}
	hostile := "BenchmarkX/<img src=x onerror=alert(1)>=1/workers=1 1 90 ns/op\nBenchmark__proto__/workers=1 1 90 ns/op\nBenchmark__proto__/workers=2 1 50 ns/op\n"
	if got := readText(hostile); got.Error != "" || len(got.Series) != 1 || got.Series[0].Name != "__proto__" {
		t.Errorf("hostile names: %+v", got)
	}
	if got, want := fmt.Sprint(page.MostRead), eval[string](newParserTab(t), "String(mostBytes)"); got != want {
		t.Errorf("the page says %s bytes, its script %s", got, want)
	}
}

func newParserTab(t *testing.T) *tab {
	b := newTab(t)
	b.openText(scriptPage(t, joined(t, "parse.js")+"globalThis.mostBytes = mostBytes;"), "")
	return b
}

// Text with damage of any kind is read or refused, and never thrown; what is read can
// be fitted, to finite numbers or not at all.
func TestReadsDamage(t *testing.T) {
	b := newTab(t)
	b.openText(scriptPage(t, joined(t, append(slices.Clone(fitModules), "parse.js")...)+"Object.assign(globalThis, {readText, fit, laws});"), "")
	got := eval[struct {
		Read, Refused, Fitted int
		Wrong                 string
	}](b, `(() => {
  const seeds = [
    'goos: linux\npkg: a/b\nround: 1\nBenchmarkX/workers=1-8 100 8000 ns/op 4 tasks/op\nBenchmarkX/workers=2-8 100 4400 ns/op 4 tasks/op\nround: 2\nBenchmarkX/workers=1-8 100 8100 ns/op 4 tasks/op\nBenchmarkX/workers=2-8 100 4500 ns/op 4 tasks/op\nBenchmarkX/workers=4-8 100 2500 ns/op 4 tasks/op\nspoilt-rounds: 2\n',
    'BenchmarkX 1 100 ns/op\nBenchmarkX-2 1 60 ns/op\nBenchmarkX-4 1 40 ns/op\nBenchmarkX-8 1 30 ns/op\n',
    'impl;threads;time (ms)\na;1;10,5\na;2;6,25\na;4;3,1\nb;1;11\nb;2;6\n', 'p,speedup\n1,1\n2,1.9\n4,3.4\n8,5\n', '"threads"\t"ops"\n1\t100\n2\t190\n3\t250\n',
  ];
  const bits = ['', ' ', '\n', ',', ';', '\t', '"', '-', '/', '=', '0', '9', '1e308', '-1', 'NaN', 'Infinity', '__proto__', 'constructor', 'µs', '\u0000', '\ud800', 'ns/op', 'workers=', '#'];
  let seed = 12345;
  const random = (n) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor(seed / 4294967296 * n);
  };
  const out = {Read: 0, Refused: 0, Fitted: 0, Wrong: ''};
  for (let k = 0; k < 4000; k++) {
    let text = seeds[k % seeds.length];
    for (let i = random(4) + 1; i > 0; i--) {
      const at = random(text.length + 1);
      text = text.slice(0, at) + bits[random(bits.length)] + text.slice(at + random(6));
    }
    try {
      const found = readText(text);
      if (found.error) {
        out.Refused++;
        continue;
      }
      out.Read++;
      for (const s of found.series) {
        for (const name of Object.keys(laws)) {
          const f = fit(name, s.points, {relative: s.relative});
          if (!f.ok) continue;
          out.Fitted++;
          if (!f.params.every(Number.isFinite) || !(f.t1 > 0)) throw new Error(name + ' gives ' + f.params + ', ' + f.t1);
        }
      }
    } catch (e) {
      out.Wrong ||= e + ' for ' + JSON.stringify(text);
    }
  }
  return out;
})()`)
	if got.Wrong != "" {
		t.Error(got.Wrong)
	}
	if got.Read < 500 || got.Refused < 200 || got.Fitted < 1000 {
		t.Errorf("%d read, %d refused, %d fits: the damage is not what the test needs", got.Read, got.Refused, got.Fitted)
	}
}

// What cannot be read is refused for the reason that it has, not for another one.
func TestReasons(t *testing.T) {
	readText := parser(t)
	long := strings.Repeat("n", 500)
	for _, c := range []struct{ name, text, want string }{
		{"negative", "BenchmarkX 1 -5 ns/op\nBenchmarkX-2 1 -3 ns/op\n", "No result can be used: line 1: its time is -5 ns/op. A time is a number of nanoseconds above 0."},
		{"not a number", "BenchmarkX 1 NaN ns/op\n", "line 1: its time is NaN ns/op"},
		{"infinite", "BenchmarkX 1 Infinity ns/op\n", "line 1: its time is Infinity ns/op"},
		{"no time", "BenchmarkX 1 5 B/op\n", "line 1: it has no ns/op"},
		{"tasks", "BenchmarkX 1 5 ns/op 0 tasks/op\n", "line 1: its tasks/op is 0"},
		{"one is left", "BenchmarkX 1 5 ns/op\nBenchmarkX-2 1 NaN ns/op\n", "No series has two numbers of workers: line 2: its time is NaN ns/op. Measure at several"},
		{"table", "threads,seconds\n1,-3\n2,NaN\n", `No line can be used: line 2: "seconds" is "-3", which is no number above 0.`},
		{"workers", "threads,seconds\nNaN,3\nInf,2\n", `No line can be used: line 2: "threads" is "NaN", which is no number above 0.`},
	} {
		if got := readText(c.text).Error; !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	got := readText("Benchmark" + long + " 1 5 ns/op\nBenchmarkX 1 5 ns/op\nBenchmarkX-2 1 3 ns/op\n")
	if len(got.Notes) != 1 || len(got.Notes[0]) > 150 {
		t.Errorf("a long name: got %.200q", got.Notes)
	}
}
