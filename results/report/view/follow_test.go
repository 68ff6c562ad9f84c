package view

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A last line without its end counts once the file rests.
func TestSettles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f")
	put := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("one\nhalf")
	f := newFollower([]string{file}, time.Minute)
	now := time.Now()
	f.now = func() time.Time { return now }
	text := func() string {
		r, err := f.open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		all, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(all)
	}
	if got := text(); got != "one\n" {
		t.Errorf("at first: %q", got)
	}
	if f.look() {
		t.Error("nothing changed, and it says so")
	}
	now = now.Add(2 * time.Minute)
	if !f.look() {
		t.Error("the last line counts now, and it does not say so")
	}
	if got := text(); got != "one\nhalf" {
		t.Errorf("at rest: %q", got)
	}
	if f.look() {
		t.Error("it says twice that the last line counts")
	}
	put("one\nhalf and more")
	if !f.look() || text() != "one\n" {
		t.Errorf("written again: %q", text())
	}
	put("whole\n")
	f.look()
	now = now.Add(2 * time.Minute)
	if f.look() {
		t.Error("a file whose last line is whole did not change by resting")
	}
	// A packed file has no lines.
	packed := "\x1f\x8b\nxyz"
	put(packed)
	f.look()
	if got := text(); got != packed {
		t.Errorf("packed: %q", got)
	}
}

func TestLastLineEnd(t *testing.T) {
	long := strings.Repeat("x", 10000)
	for _, c := range []struct {
		text string
		want int64
	}{{"", 0}, {"a", 0}, {"a\n", 2}, {"a\nb", 2}, {"\n", 1}, {"a\n" + long, 2}, {long + "\n" + long, 10001}, {long, 0}} {
		got, err := lastLineEnd(strings.NewReader(c.text), int64(len(c.text)))
		if err != nil || got != c.want {
			t.Errorf("%.20q: %d, %v, want %d", c.text, got, err, c.want)
		}
	}
}
