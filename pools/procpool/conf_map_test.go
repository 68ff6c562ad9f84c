package procpool

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"weak"
)

func testCall(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	if got, err := Call(t.Context(), p, power, pair{2, 8}); got != 256 || err != nil {
		t.Errorf("2^8 = %v, %v; want 256", got, err)
	}
	if got, err := Submit(t.Context(), p, power, pair{X: 2, Y: 8}).Get(t.Context()); got != 256 || err != nil {
		t.Errorf("2^8 = %v, %v; want 256", got, err)
	}
	who := person{Name: "Ann", Tags: []string{"a", "b"}, Age: map[string]int{"x": 1}}
	got, err := Call(t.Context(), p, greet, who)
	if err != nil || got.Name != "hello Ann" || !slices.Equal(got.Tags, who.Tags) || !maps.Equal(got.Age, who.Age) {
		t.Errorf("greet = %+v, %v", got, err)
	}
	if got, err := Call(t.Context(), p, upper, "größe"); got != "GRÖSSE" && got != "GRÖßE" || err != nil {
		t.Errorf("upper = %q, %v", got, err)
	}
	if got, err := Call(t.Context(), p, floats, []float64{1, 2, 3}); !slices.Equal(got, []float64{3, 2, 1}) || err != nil {
		t.Errorf("floats = %v, %v", got, err)
	}
}

func testMap(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	ctx := t.Context()
	most := fewer(50_000, 10)
	for _, n := range []int{0, 1, 2, 5, 40, 97, 1000, most} {
		for _, chunk := range []int{0, 1, 3, 6, 20, 40, 50, 100, 2000} {
			if n == most && chunk == 3 {
				continue
			}
			ex := Tune(p, Tuning{Chunk: chunk})
			got, err := Map(ctx, ex, square, upTo(n))
			if err != nil || !slices.Equal(got, squares(n)) {
				t.Fatalf("Map of %d, chunk %d: %d results, %v", n, chunk, len(got), err)
			}
		}
	}
	pairs := make([]pair, 100)
	names := make([]string, 100)
	people := make([]person, 100)
	for i := range pairs {
		pairs[i], names[i], people[i] = pair{i, 2}, strings.Repeat("ab", i), person{Name: fmt.Sprint(i)}
	}
	for _, chunk := range []int{0, 1, 3, 20} {
		ex := Tune(p, Tuning{Chunk: chunk})
		if got, err := Map(ctx, ex, power, pairs); err != nil || !slices.Equal(got, squares(100)) {
			t.Errorf("pairs, chunk %d: %v, %v", chunk, got, err)
		}
		if got, err := MapAsync(ctx, ex, power, pairs).Get(ctx); err != nil || !slices.Equal(got, squares(100)) {
			t.Errorf("pairs async, chunk %d: %v, %v", chunk, got, err)
		}
		got, err := Map(ctx, ex, upper, names)
		for i := range names {
			if err != nil || got[i] != strings.ToUpper(names[i]) {
				t.Fatalf("strings, chunk %d: [%d] = %q, %v", chunk, i, got[i], err)
			}
		}
		out, err := Map(ctx, ex, greet, people)
		for i := range people {
			if err != nil || out[i].Name != "hello "+people[i].Name {
				t.Fatalf("people, chunk %d: [%d] = %v, %v", chunk, i, out[i], err)
			}
		}
	}
}

func testEmptyAsync(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	f := MapAsync(t.Context(), Tune(p, Tuning{Chunk: 1}), square, nil)
	if got, err := f.Get(t.Context()); len(got) != 0 || err != nil || !f.Ready() {
		t.Errorf("Map of nothing = %v, %v", got, err)
	}
}

func testEncodeError(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 1})
	for _, how := range []string{"error", "panic"} {
		var ce *CodecError
		if _, err := Call(t.Context(), p, takeTrap, trap{"encode", how}); !errors.As(err, &ce) {
			t.Errorf("%s while encoding: %v, want a CodecError", how, err)
		} else if re := (*RemoteError)(nil); errors.As(err, &re) {
			t.Errorf("%s while encoding here came back as a RemoteError", how)
		}
	}
	// Bad ones among good ones, many at once, on one worker.
	in := make([]trap, 200)
	for i := range in {
		if i%2 == 1 {
			in[i] = trap{"encode", "error"}
		}
	}
	for _, chunk := range []int{1, 7, 200} {
		out, err := Map(t.Context(), Tune(p, Tuning{Chunk: chunk}), takeTrap, in)
		var errs Errors
		if !errors.As(err, &errs) || len(errs) != 100 {
			t.Fatalf("chunk %d: %d errors, want 100: %v", chunk, len(errs), err)
		}
		for i, e := range errs {
			if e.Task != 2*i+1 {
				t.Fatalf("chunk %d: error %d is of task %d, want %d", chunk, i, e.Task, 2*i+1)
			}
		}
		for i, r := range out {
			if want := 1 - i%2; r != want {
				t.Fatalf("chunk %d: result %d is %d, want %d", chunk, i, r, want)
			}
		}
	}
	works(t, p)
}

func testDecodeErrorText(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 1})
	_, err := Call(t.Context(), p, takeTrap, trap{"decode", "error"})
	if err == nil || !strings.Contains(err.Error(), "procpool.trap") || !strings.Contains(err.Error(), "sprung trap") {
		t.Errorf("got %v, want the type and the message in it", err)
	}
}

func testChunkArgs(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	for _, chunk := range []int{6, 40, 50} {
		if got, err := Map(t.Context(), Tune(p, Tuning{Chunk: chunk}), square, upTo(40)); err != nil || !slices.Equal(got, squares(40)) {
			t.Errorf("Map of 40, chunk %d: %v, %v", chunk, got, err)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("Tune with chunk -1 did not panic")
		}
	}()
	Tune(p, Tuning{Chunk: -1})
}

func testHugeErrors(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	in := slices.Repeat([]string{"ok"}, 30)
	in[3], in[4] = "huge", "error"
	out, err := Map(t.Context(), Tune(p, Tuning{Chunk: 1}), misbehave, in)
	var errs Errors
	if !errors.As(err, &errs) || len(errs) != 2 || errs[0].Task != 3 || len(errs[0].Err.Error()) != 1<<20 || errs[1].Task != 4 {
		t.Errorf("errors: %.200v", err)
	}
	for i, r := range out {
		if i != 3 && i != 4 && r != "ok" {
			t.Errorf("task %d: %q, want ok: it has to run although others fail", i, r)
		}
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// testRefs: arguments, results and futures are not kept alive.
func testRefs(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	var ws []weak.Pointer[byte]
	futures := make([]*Future[int], 3)
	func() {
		arg := make([]byte, 1<<16)
		ws = append(ws, weak.Make(&arg[0]))
		futures[0] = Submit(t.Context(), p, length, arg)
		must[int](t)(futures[0].Get(t.Context()))
		for b, err := range Ordered(t.Context(), p, echo, slices.Values([][]byte{make([]byte, 1<<16)})) {
			if err != nil {
				t.Fatal(err)
			}
			ws = append(ws, weak.Make(&b[0]))
		}
	}()
	works(t, p)
	eventually(t, "arguments and results are collected", func() bool {
		runtime.GC()
		return !slices.ContainsFunc(ws, func(w weak.Pointer[byte]) bool { return w.Value() != nil })
	})
	runtime.KeepAlive(futures)
}

func testWorkerRefs(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 1})
	for i := range 3 {
		gone := must[bool](t)(Call(t.Context(), p, kept, &person{Name: "x"}))
		if !gone {
			t.Errorf("call %d: the argument of the call before is still there", i)
		}
	}
}

func testBigFrames(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	for _, size := range []int{0, 1, 100, 8<<10 - 1, 8 << 10, 8<<10 + 1, 64 << 10, 1<<20 + 1, 5 << 20, 9<<20 + 13} {
		in := make([][]byte, 12)
		if size >= 1<<20 {
			in = in[:fewer(len(in), 4)]
		}
		for i := range in {
			in[i] = bytes.Repeat([]byte{byte(i + 1)}, size)
		}
		for _, window := range []int{0, 1, 2, 8} {
			if raceEnabled && size >= 1<<20 && window != 2 {
				continue
			}
			out, err := Map(t.Context(), Tune(p, Tuning{Chunk: 1, Window: window}), echo, in)
			if err != nil {
				t.Fatal(err)
			}
			for i := range in {
				if !bytes.Equal(out[i], in[i]) {
					t.Fatalf("size %d, window %d: echo %d differs", size, window, i)
				}
			}
		}
		if got, err := Call(t.Context(), p, length, in[0]); got != size || err != nil {
			t.Errorf("length of %d bytes = %d, %v", size, got, err)
		}
	}
}

// testSignals: signals in the middle of a transfer do no harm.
func testSignals(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	pids := append(pidsOf(p), os.Getpid())
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				for _, pid := range pids {
					kill(pid, sigUrg)
				}
				kill(os.Getpid(), sigChld)
			}
		}
	})
	in := slices.Repeat([][]byte{make([]byte, 1<<20)}, 50)
	_, err := Map(t.Context(), p, echo, in)
	close(stop)
	wg.Wait()
	if err != nil {
		t.Error(err)
	}
}

func pidsOf(p *Pool) (out []int) {
	for _, w := range p.Stats().Workers {
		if w.Pid != 0 {
			out = append(out, w.Pid)
		}
	}
	return out
}
