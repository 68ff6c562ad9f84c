package catalog

import (
	"bytes"
	"strings"
	"testing"

	"amdahl/pools"
)

// Of several numbers of workers the largest counts, as a number: 16, not 2.
func TestCatalog(t *testing.T) {
	const peers = `BenchmarkPeers/op=empty/strategy=fixed/workers=1-2 1 900 ns/op 100 tasks/op
BenchmarkPeers/op=empty/strategy=fixed/workers=16-2 1 200 ns/op 100 tasks/op
BenchmarkPeers/op=empty/strategy=fixed/workers=2-2 1 1400 ns/op 100 tasks/op
BenchmarkPeers/op=empty/strategy=fixed/workers=16-2 1 400 ns/op 100 tasks/op
BenchmarkPeers/op=empty/strategy=fixed/workers=all 1 400 ns/op 100 tasks/op
BenchmarkPeers/op=call/strategy=spawn/workers=2-2 1 5 ns/op 1 tasks/op
`
	var b bytes.Buffer
	if err := Write(&b, strings.NewReader(peers), pools.All); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"an empty task costs, with 16 workers |", "| `hash` | processors |", "| `sleep` | waiting |", "| a fixed pool of goroutines, started beforehand, with one shared queue (dynamic) | 3.000 ns |", "all at once, whatever workers says | not measured |"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("got\n%s\nwant a row with %q", &b, want)
		}
	}
	b.Reset()
	if err := WriteCosts(&b, strings.NewReader(peers), []string{"call", "empty"}); err != nil {
		t.Fatal(err)
	}
	if want := "| pool | call | empty |\n|---|---:|---:|\n| spawn | 5.000 ns |  |\n| fixed |  | 3.000 ns |\n"; b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &b, want)
	}
}
