package charts

import (
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
	}
	for _, tt := range tests {
		common, key, short := Split(tt.names)
		if common != tt.common || key != tt.key || !cmp.Equal(short, tt.short) {
			t.Errorf("Split(%q) = %q, %q, %q; want %q, %q, %q", tt.names, common, key, short, tt.common, tt.key, tt.short)
		}
	}
}

func TestGroupName(t *testing.T) {
	tests := []struct{ series, want string }{
		{"Strong/workload=hash/strategy=fixed/serial=0.1", "Strong/workload=hash/serial=0.1"},
		{"amdahl/bench.Strong/workload=hash/strategy=fixed", "amdahl/bench.Strong/workload=hash"},
		{"Sort/alg=quick/n=1.5", "Sort"},
		{"example.com/m/v2.Sort/quick", "example.com/m/v2.Sort"},
		{"gopkg.in/yaml.v3.Sort/quick", "gopkg.in/yaml.v3.Sort"},
		{"load/a", "load"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := groupName(tt.series); got != tt.want {
			t.Errorf("groupName(%q) = %q, want %q", tt.series, got, tt.want)
		}
	}
}

func TestGroups(t *testing.T) {
	elsewhere := curve("Sort/a", 1, 0, 0, 1, 1)
	elsewhere.Machine.CPU = "another"
	threads := curve("Sort/b", 1, 0, 0, 1, 1)
	threads.X = "threads"
	weak := curve("Sort/c", 1, 0, 0, 1, 1)
	weak.Kind = results.Weak
	as := []*laws.Analysis{
		nil,
		{Curve: curve("Sort/a", 1, 0, 0, 1, 1)},
		{Curve: curve("S/strategy=x/w=1", 1, 0, 0, 1, 1)},
		{Curve: elsewhere},
		{Curve: threads},
		{Curve: weak},
		{Curve: curve("S/strategy=y/w=1", 1, 0, 0, 1, 1)},
		{Curve: curve("Sort/d", 1, 0, 0, 1, 1)},
	}
	var got [][]string
	for _, g := range Groups(as) {
		got = append(got, g.Short)
	}
	want := [][]string{{"a", "d"}, {"x", "y"}, {"Sort/a"}, {"Sort/b"}, {"Sort/c"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("groups (-want +got):\n%s", d)
	}
}
