package gotest

import "testing"

func TestBeside(t *testing.T) {
	for _, tt := range []struct{ out, level, ext, want string }{
		{"/d/x.json", "cpu=4", ".trace", "/d/x-cpu=4.trace"},
		{"/d/x", "a.b/c d workers=2", ".trace", "/d/x-a.b_c_d_workers=2.trace"},
		{"/d/x.y.json", "cpu=1", ".json", "/d/x.y-cpu=1.json"},
	} {
		if got := beside(tt.out, tt.level, tt.ext); got != tt.want {
			t.Errorf("%s %s: got %s, want %s", tt.out, tt.level, got, tt.want)
		}
	}
}
