package workloads

import (
	"regexp"
	"strings"
	"testing"

	"amdahl/workloads/cores"
)

func TestBadOptions(t *testing.T) {
	each(t, func(t *testing.T, w Workload) {
		for _, tt := range []struct {
			name string
			o    Options
			want string
		}{
			{"negative", Options{Size: -1}, "size -1 is out of range: want 1 to .* " + w.SizeUnit},
			{"too large", Options{Size: w.MaxSize + 1}, "size .* is out of range: want 1 to .* " + w.SizeUnit},
			{"cores not open", Options{CoresName: "gil", Dir: t.TempDir(), Addr: "127.0.0.1:1"}, "cores=gil is named but not open: set Options.Cores"},
		} {
			job, err := w.Open(tt.o)
			wantError(t, tt.name+": Open", err, "^workloads: "+w.Name+": "+tt.want)
			if job != nil {
				t.Errorf("%s: Open returned a job and an error", tt.name)
			}
			if tt.o.Size == 0 {
				continue
			}
			o := tt.o
			_, err = w.Prepare(t.Context(), &o)
			wantError(t, tt.name+": Prepare", err, "^workloads: "+w.Name+": "+tt.want)
		}
		job := open(t, w, prepare(t, w, Options{Size: w.TestSize, CoresName: cores.Real.Name}))
		do(t, job, 0)
	})
}

// wantError checks that err is one line that matches the pattern.
func wantError(t *testing.T, what string, err error, pattern string) {
	t.Helper()
	if err == nil || strings.Contains(err.Error(), "\n") || !regexp.MustCompile(pattern).MatchString(err.Error()) {
		t.Errorf("%s: error %v, want one line that matches %s", what, err, pattern)
	}
}
