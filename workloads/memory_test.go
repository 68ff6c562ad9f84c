package workloads

import "testing"

// A task moves five times its size, and its sum is that of b + 3a.
func TestStreamMoves(t *testing.T) {
	o := prepare(t, Stream, Options{Size: 8000})
	j := open(t, Stream, o).(*streamJob)
	const tasks = 3
	for i := range tasks {
		do(t, j, i)
	}
	if got := j.Counters()["moved-bytes"]; got != tasks*5*8000 {
		t.Errorf("moved %d bytes, want %d", got, tasks*5*8000)
	}
	for k := range j.words {
		if got, want := j.c[k], j.b[k]+3*j.a[k]; got != want {
			t.Fatalf("word %d is %v, want %v", k, got, want)
		}
	}
}
