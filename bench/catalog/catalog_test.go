package catalog

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"testing"

	"amdahl/bench/contract"
	"amdahl/pools"
	"amdahl/workloads"
)

// Of several numbers of workers the largest counts, as a number: 16, not 2.
// An end is said to be seen only where the account shows it: the claimed part is the
// largest loss and not small. Canaries, few workers and further variants do not count.
func TestEnds(t *testing.T) {
	const why = `BenchmarkStrong/workload=alloc/strategy=fixed/workers=1-2 1 100 ns/op 100 paid-ns/op 90 gc-ns/op
BenchmarkStrong/workload=alloc/strategy=fixed/workers=2-2 1 100 ns/op 200 paid-ns/op 40 gc-ns/op 20 inflation-ns/op 100 useful-ns/op
BenchmarkStrong/workload=json/strategy=fixed/workers=2-2 1 100 ns/op 200 paid-ns/op 40 gc-ns/op 60 runnable-ns/op
BenchmarkStrong/workload=zip/strategy=fixed/workers=2-2 1 100 ns/op 200 paid-ns/op 4 inflation-ns/op 190 useful-ns/op
BenchmarkStrong/workload=counter/variant=padded/strategy=fixed/workers=2-2 1 100 ns/op 200 paid-ns/op 150 inflation-ns/op
BenchmarkStrong/workload=mandelbrot/strategy=fixed/workers=16-2 1 100 ns/op 200 paid-ns/op 4 imbalance-ns/op
BenchmarkStrong/workload=mandelbrot/strategy=static/workers=16-2 1 100 ns/op 200 paid-ns/op 120 imbalance-ns/op
canary: true
BenchmarkStrong/workload=stream/strategy=fixed/workers=2-2 1 100 ns/op 200 paid-ns/op 150 inflation-ns/op
`
	all, err := readAccounts(strings.NewReader(why))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range workloads.All {
		want := map[string]string{
			"alloc": "yes: 2 workers lose 20 % to `gc`", "json": "no: 2 workers lose 30 % to `runnable`, 20 % to `gc`",
			"zip": "no: 2 workers lose less than 5 % to anything", "counter": "not measured", "stream": "not measured", "rwmap": "not measured",
			"mandelbrot": "yes: 16 workers under `static` lose 60 % to `imbalance`",
		}[w.Name]
		text, shown := all.seen(w)
		if text != cmp.Or(want, "—") || shown != strings.HasPrefix(want, "yes") {
			t.Errorf("%s: got %q, %v, want %q", w.Name, text, shown, want)
		}
		if !slices.Contains(contract.Causes, contract.Cause(cmp.Or(w.Loss, string(contract.GC)))) {
			t.Errorf("%s: the account has no part %q", w.Name, w.Loss)
		}
	}
}

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
