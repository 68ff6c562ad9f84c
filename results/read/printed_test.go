package read

import "testing"

// What a program prints as key=value in front of a time keeps series apart, also behind
// many other words.
func TestPrintedKeys(t *testing.T) {
	s, err := read(t, "case a=1/b=2/c=3/d=4/e=5/f=6/cores=real/workers=1  4.0 ms, in 7 pairs\ncase a=1/b=2/c=3/d=4/e=5/f=6/cores=slow/workers=2  2.0 ms, in 9 pairs\n", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Curves) != 2 {
		t.Errorf("got %s, want two series, of cores=real and cores=slow", sketch(s))
	}
}
