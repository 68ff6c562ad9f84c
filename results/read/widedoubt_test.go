package read

import (
	"strings"
	"testing"
)

// Sizes, years and repeats in the names of columns are not taken for workers.
func TestColumnsOfSizes(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"sizes", "impl,1024,2048,4096\na,40,20,10\nb,48,24,12\n", `<stdin>:1: the columns "1024", "2048", "4096" look like sizes, and no other column counts workers: if they do count workers, the cells are times: amdahl fit -x threads, or throughputs: amdahl fit -x threads --throughput cells, or speedups: amdahl fit -x threads --speedup cells`},
		{"years", "country,2019,2020,2021\nA,10,9,8\nB,20,18,16\n", `look like years`},
		{"size in words", "impl,size 100,size 1000\na,1.5,15.2\nb,1.7,16.9\n", `the columns "size 100", "size 1000" look like sizes`},
		{"n=", "| algo | n=1000 | n=2000 | n=4000 |\n|---|---|---|---|\n| quick | 0.1 | 0.21 | 0.45 |\n| heap | 0.2 | 0.42 | 0.9 |\n", `look like sizes`},
		{"small sizes", "impl,1,2,4\na,10,20,40\nb,12,24,48\n", `look like sizes, or the cells are no times: they grow with them`},
		{"batches", "model,batch 1,batch 2,batch 4\nx,10,11,12\ny,20,22,25\n", `look like sizes`},
		{"repeats", "input,t1,t2,t3\nA,10.0,10.1,9.9\nB,20.0,20.1,19.8\n", `look like repeats`},
		{"beside workers in the rows", "threads,1024,2048,4096\n1,10,20,40\n2,5.5,11,22\n4,3.25,6.5,13\n", `if times, amdahl fit -x threads --time 1024,2048,4096`},
		{"beside a column of sizes called n", "N,native (ms),ours (ms)\n128,0.86,0.94\n1024,748.83,663.37\n", `the column "N" looks like a size (up to 1024), and no other column counts workers: if it does: amdahl fit -x N`},
		{"growing cells", "| algorithm | 1 thread | 2 threads | 4 threads |\n|---|---|---|---|\n| a | ~117k | ~190k | ~220k |\n", `the numbers grow with the columns "1 thread", "2 threads", "4 threads": are they times, throughputs or speedups? amdahl fit --time cells, or amdahl fit --throughput cells, or amdahl fit --speedup cells`},
	} {
		s, err := read(t, tt.text, Options{})
		if err == nil {
			t.Errorf("%s: got %q, want %s", tt.name, sketch(s), tt.want)
		} else if !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

// The commands that the questions print give an answer.
func TestColumnsOfSizesAfterAll(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		o          Options
		want       string // the sketch
		times      string
	}{
		{"times", "impl,32,64,128\na,40,20,10\n", Options{X: "threads"}, "a threads strong: 32×1 64×1 128×1\n", "[40 20 10]"},
		{"words of sizes", "impl,size 100,size 1000\na,40,20\n", Options{X: "workers"}, "a workers strong: 100×1 1000×1\n", "[40 20]"},
		{"throughputs", "impl,1,2,4\na,10,20,40\n", Options{X: "threads", Throughput: Cells}, "a threads strong: 1×1 2×1 4×1\n", "[0.1 0.05 0.025]"},
		{"speedups", "impl,1 thread,2 threads,4 threads\na,1,2,4\n", Options{Speedup: Cells}, "a thread strong: 1×1 2×1 4×1\n", "[1 0.5 0.25]"},
		{"times that grow", "impl,1 thread,2 threads,4 threads\na,1,2,4\n", Options{Time: []string{Cells}}, "a thread strong: 1×1 2×1 4×1\n", "[1 2 4]"},
		{"latencies", "impl,1 client,2 clients,4 clients\na,1,1,2\n", Options{Latency: Cells}, "a client strong: 1×1 2×1 4×1\n", "[1 0.5 0.5]"},
		{"a series", "impl,size,1,2,4\na,7,40,20,10\nb,9,40,20,10\n", Options{Series: []string{"impl"}}, "a threads strong: 1×1 2×1 4×1\nb threads strong: 1×1 2×1 4×1\n", "[40 20 10 40 20 10]"},
		{"a first column that names workers", "Cores,64,128,256\ntime (s),100,55,32.5\n", Options{}, "<stdin> Cores strong: 64×1 128×1 256×1\n", "[100 55 32.5]"},
	} {
		s, err := read(t, tt.text, tt.o)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := sketch(s); got != tt.want || times(s) != tt.times || len(s.Problems) > 0 {
			t.Errorf("%s: got %q, %s, %v, want %q, %s", tt.name, got, times(s), s.Problems, tt.want, tt.times)
		}
	}
}
