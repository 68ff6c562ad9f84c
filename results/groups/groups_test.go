package groups

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"amdahl/results"
	"amdahl/results/laws"
)

func TestSplit(t *testing.T) {
	tests := []struct {
		names       []string
		common, key string
		short       []string
	}{
		{nil, "", "", nil},
		{[]string{"A/b=1"}, "A/b=1", "", []string{"A/b=1"}},
		{[]string{"S/w=h/strategy=a/c=r", "S/w=h/strategy=b/c=r"}, "S/w=h/c=r", "strategy", []string{"a", "b"}},
		{[]string{"Sort/quick", "Sort/merge"}, "Sort", "", []string{"quick", "merge"}},
		{[]string{"Sort", "Sort/n=1"}, "Sort", "", []string{"Sort", "n=1"}},
		{[]string{"A/x=1", "B/x=2"}, "", "", []string{"A/x=1", "B/x=2"}},
		{[]string{"A/x=1", "A/y=2"}, "A", "", []string{"x=1", "y=2"}},
		{[]string{"A/x=1", "A/x=1"}, "A/x=1", "", []string{"A/x=1", "A/x=1"}},
		{[]string{"S/cores=gil", "S/cores=slow32"}, "S", "cores", []string{"gil", "slow32"}},
		{[]string{"S/strategy=a/w=h/cores=gil", "S/strategy=a/w=h/cores=slow32", "S/strategy=b/w=h/cores=gil"}, "S/w=h", "strategy · cores", []string{"a · gil", "a · slow32", "b · gil"}},
		{[]string{"S/strategy=a/variant=padded", "S/strategy=a/variant=line", "S/strategy=b/variant=line"}, "S", "variant · strategy", []string{"padded · a", "line · a", "line · b"}},
		{[]string{"S/strategy=python-pool", "S/strategy=a/cores=gil"}, "S", "strategy · cores", []string{"python-pool · real", "a · gil"}},
		{[]string{"S/w=1", "S/w=1/cores=gil"}, "S/w=1", "cores", []string{"real", "gil"}},
		{[]string{"S", "S/cores=real"}, "S", "", []string{"S", "cores=real"}},
		{[]string{"S", "S/variant=a"}, "S", "", []string{"S", "variant=a"}},
		{[]string{"S/link=2ms/w=1", "S/w=1", "S/link=20ms/w=1"}, "S/w=1", "", []string{"link=2ms", "without link", "link=20ms"}},
		{[]string{"S/strategy=a/w=1", "S/strategy=b/w=2"}, "S", "", []string{"strategy=a/w=1", "strategy=b/w=2"}},
	}
	for _, tt := range tests {
		common, key, short := Split(ParseAll(tt.names))
		if common != tt.common || key != tt.key || !cmp.Equal(short, tt.short) {
			t.Errorf("Split(%q) = %q, %q, %q; want %q, %q, %q", tt.names, common, key, short, tt.common, tt.key, tt.short)
		}
	}
}

func TestGroupName(t *testing.T) {
	tests := []struct{ series, want string }{
		{"Strong/workload=hash/strategy=fixed/serial=0.1", "Strong/workload=hash/serial=0.1"},
		{"amdahl/bench Strong/workload=hash/strategy=fixed", "amdahl/bench.Strong/workload=hash"},
		{"Sort/alg=quick/n=1.5", "Sort"},
		{"example.com/m/v2 Sort/quick", "example.com/m/v2.Sort"},
		{"gopkg.in/yaml.v3 Sort/quick", "gopkg.in/yaml.v3.Sort"},
		{"load/a", "load"},
		{"S/workload=w/variant=v/strategy=s/serial=0/cores=gil", "S/workload=w/serial=0"},
		{"Sort/alg=quick/cores=slow2", "Sort/alg=quick"},
		{"", ""},
	}
	for _, tt := range tests {
		name := results.ParseName(tt.series)
		if pkg, rest, ok := strings.Cut(tt.series, " "); ok {
			name = results.ParseName(rest)
			name.Package = pkg
		}
		if got := groupName(name); got != tt.want {
			t.Errorf("groupName(%q) = %q, want %q", tt.series, got, tt.want)
		}
	}
}

func TestOf(t *testing.T) {
	elsewhere := curve("Sort/a")
	elsewhere.Machine.CPU = "another"
	threads := curve("Sort/b")
	threads.X = "threads"
	weak := curve("Sort/c")
	weak.Kind = results.Weak
	as := []*laws.Analysis{
		nil,
		{Curve: curve("Sort/a")},
		{Curve: curve("S/strategy=x/w=1")},
		{Curve: elsewhere},
		{Curve: threads},
		{Curve: weak},
		{Curve: curve("S/strategy=y/w=1")},
		{Curve: curve("Sort/d")},
	}
	var got [][]string
	for _, g := range Of(as) {
		got = append(got, g.Short)
	}
	want := [][]string{{"a", "d"}, {"x", "y"}, {"Sort/a"}, {"Sort/b"}, {"Sort/c"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("groups (-want +got):\n%s", d)
	}
}

// Groups that are too large are split by cores, then by variant, and only
// those.
func TestFewer(t *testing.T) {
	tests := []struct {
		strategies, cores, variants int
		want                        string // series in each group
	}{
		{4, 2, 1, "8"},
		{3, 3, 1, "3 3 3"},
		{2, 2, 2, "8"},
		{3, 2, 2, "6 6"},
		{5, 2, 2, "5 5 5 5"},
		{20, 1, 1, "20"},
	}
	for _, tt := range tests {
		var as []*laws.Analysis
		for s := range tt.strategies {
			for c := range tt.cores {
				for v := range tt.variants {
					as = append(as, &laws.Analysis{Curve: curve(fmt.Sprintf("S/w=h/variant=v%d/strategy=s%d/cores=slow%d", v, s, c))})
				}
			}
		}
		var got []string
		for _, g := range Of(as) {
			got = append(got, fmt.Sprint(len(g.Analyses)))
		}
		if got := strings.Join(got, " "); got != tt.want {
			t.Errorf("%d strategies, %d cores, %d variants: got groups of %s, want %s", tt.strategies, tt.cores, tt.variants, got, tt.want)
		}
	}
}

// curve is a strong curve of the series.
func curve(series string) *results.Curve {
	return &results.Curve{Name: results.ParseName(series), X: "workers", Kind: results.Strong}
}

// Series that stand alone share one group; where it takes many letters to tell them apart,
// those of one workload do.
func TestLone(t *testing.T) {
	names := []string{
		"Strong/workload=sleep/strategy=remote/queue=queuegroup/serial=0/cores=real",
		"Strong/workload=sleep/strategy=remote/window=1/link=20ms/serial=0/cores=real",
		"Strong/workload=spin/size=300/strategy=remote/window=8/link=2ms/serial=0.1/cores=slow16",
		"Strong/workload=spin/size=300/strategy=remote/window=8/link=20ms/serial=0.25/cores=slow16",
	}
	for _, tt := range []struct {
		longest int
		want    string
	}{
		{40, "Strong/workload=sleep/strategy=remote/serial=0/cores=real: queue=queuegroup, window=1/link=20ms\n" +
			"Strong/workload=spin/size=300/strategy=remote/window=8/cores=slow16: link=2ms/serial=0.1, link=20ms/serial=0.25\n"},
		{99, "Strong/strategy=remote: workload=sleep/queue=queuegroup/serial=0/cores=real, workload=sleep/window=1/link=20ms/serial=0/cores=real, workload=spin/size=300/window=8/link=2ms/serial=0.1/cores=slow16, workload=spin/size=300/window=8/link=20ms/serial=0.25/cores=slow16\n"},
	} {
		var as []*laws.Analysis
		for _, n := range names {
			as = append(as, &laws.Analysis{Curve: &results.Curve{Name: results.ParseName(n)}})
		}
		got := ""
		for _, g := range Lone(as, tt.longest) {
			got += g.Common + ": " + strings.Join(g.Short, ", ") + "\n"
		}
		if got != tt.want {
			t.Errorf("at %d letters: got\n%swant\n%s", tt.longest, got, tt.want)
		}
	}
}
