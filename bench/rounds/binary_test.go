package rounds

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// BenchmarkTree has keys at several depths; each leaf says that it runs.
func BenchmarkTree(b *testing.B) {
	leaf := func(b *testing.B) {
		if os.Getenv("ROUNDS_TEST_TREE") != "" {
			fmt.Fprintln(os.Stderr, "\nran", strings.TrimPrefix(b.Name(), "BenchmarkTree/"))
		}
	}
	for _, n := range []int{1, 2, 4, 20} {
		b.Run(fmt.Sprintf("workers=%d", n), leaf)
		for _, size := range []string{"small", "large"} {
			b.Run(fmt.Sprintf("size=%s/workers=%d", size, n), leaf)
			b.Run(fmt.Sprintf("workers=%d/deep/size=%s", n, size), leaf)
		}
	}
	b.Run("plain", leaf)
}

// Only what is at the level is measured, and nothing of another level is run, whatever the user's pattern and the depth:
// testing itself, in a process of this binary, is the judge.
func TestNarrow(t *testing.T) {
	for _, tt := range []struct{ pattern, level, want string }{
		{"Tree", "workers=2", "size=large/workers=2 size=small/workers=2 workers=2 workers=2/deep/size=large workers=2/deep/size=small"},
		{".", "workers=20", "size=large/workers=20 size=small/workers=20 workers=20 workers=20/deep/size=large workers=20/deep/size=small"},
		{"Tree/size=small", "workers=1", "size=small/workers=1"},
		{"Tree/workers=", "workers=4", "workers=4 workers=4/deep/size=large workers=4/deep/size=small"},
		{"Tree/workers=4", "workers=2", ""},
		{"None|Tree/(size=small|size=none)", "workers=4", "size=small/workers=4"},
		{"Tree/.*/deep/large", "workers=2", "workers=2/deep/size=large"},
		{"Tree/size=|Tree", "workers=1", "size=large/workers=1 size=small/workers=1 workers=1 workers=1/deep/size=large workers=1/deep/size=small"},
		{"Tree", "size=small workers=2", "size=small/workers=2 workers=2 workers=2/deep/size=small"},
	} {
		var level Level
		for _, w := range strings.Fields(tt.level) {
			name, value, _ := strings.Cut(w, "=")
			level = append(level, Setting{name, value})
		}
		last := level[len(level)-1]
		bench, skip := narrow(tt.pattern, level)
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^$", "-test.benchtime", "1x", "-test.bench", bench, "-test.skip", skip)
		cmd.Env = append(os.Environ(), "ROUNDS_TEST_TREE=1")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %s", err, &stderr)
		}
		var measured []string
		other := regexp.MustCompile(last.Name + `=[^/\s]*`)
		for l := range strings.Lines(string(out) + stderr.String()) {
			if name, ok := resultLine(l); ok {
				measured = append(measured, strings.TrimPrefix(regexp.MustCompile(`-\d+$`).ReplaceAllString(name, ""), "BenchmarkTree/"))
			} else if got := other.FindString(l); strings.Contains(l, "ran ") && got != "" && got != last.Name+"="+last.Value {
				t.Errorf("%s at %s: %s", tt.pattern, tt.level, l)
			}
		}
		slices.Sort(measured)
		if got := strings.Join(measured, " "); got != tt.want {
			t.Errorf("%s at %s measured %q, want %q", tt.pattern, tt.level, got, tt.want)
		}
	}
}

func TestBinaryPoints(t *testing.T) {
	b := Binary{Name: "my/pkg", Path: "x.test", Dir: "/d", Benchtime: "10x", Args: []string{"-v"}}
	ps := b.Points([]Axis{{"cpu", []string{"1", "4"}}})
	got := fmt.Sprintf("%s %s %v %t %t", ps[1].Name, ps[1].Dir, ps[1].Args, ps[0].Sentinel, ps[1].Sentinel)
	if want := "my/pkg cpu=4 /d [x.test -test.run ^$ -test.count 1 -test.paniconexit0 -test.benchtime 10x -test.cpu 4 -test.bench . -v] true false"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if ps := (Binary{Path: "x.test"}).Points(nil); len(ps) != 1 || ps[0].Sentinel || ps[0].Name == "" {
		t.Errorf("got %+v, want one point that is no sentinel", ps)
	}
	if got := MostCPUs([]Axis{{"workers", []string{"64"}}, {"cpu", []string{"8", "2"}}}); got != 8 {
		t.Errorf("got %d processors, want 8", got)
	}
}

func TestSelects(t *testing.T) {
	for _, tt := range []struct {
		pattern string
		want    bool
	}{{".", true}, {"Strong", true}, {"Weak", false}, {"Strong/workload=hash", true}, {"Weak|Strong/workload=(file|hash)", true}, {"(", false}, {"(Weak|Str)", true}} {
		if got := Selects(tt.pattern, "BenchmarkStrong"); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.pattern, got, tt.want)
		}
	}
}
