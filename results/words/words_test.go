package words

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestNumbers(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{Number(0), "0"}, {Number(0.1034), "0.103"}, {Number(9.511), "9.51"}, {Number(12600), "12600"},
		{Number(8e-5), "8e-5"}, {Number(1.234e-4), "1.23e-4"}, {Number(-0.5), "-0.5"}, {Number(999.9), "1000"},
		{Ratio(1.39e-17), "0"}, {Ratio(-1e-17), "0"}, {Ratio(1e-9), "1e-9"}, {Ratio(0.1), "0.1"},
		{Number(2e6), "2e+06"}, {Number(100), "100"},
		{Even(0.716), "0.72"}, {Even(3.866), "3.87"}, {Even(9.996), "10.0"}, {Even(56.48), "56.5"}, {Even(1234), "1234"},
		{Exact(0.05), "0.05"}, {Exact(12345678), "1.2345678e+07"},
		{Apart(0.0500001, 0.05), "0.0500001"}, {Apart(0.05, 0.05), "0.05"}, {Apart(0.07, 0.05), "0.07"},
		{Percent(0.618), "61.8 %"}, {Percent(0.0407), "4.07 %"},
		{Share(0.0123), "1.2 %"}, {Share(0.0996), "10 %"}, {Share(0.746), "75 %"}, {Share(1.02), "102 %"}, {Share(0), "0 %"}, {Share(4e-4), "< 0.1 %"},
		{Seconds(58.8e-3), "58.8 ms"}, {Seconds(5.1e-6), "5.1 µs"}, {Seconds(7200), "7200 s"}, {EvenSeconds(5.1e-3), "5.10 ms"},
		{Duration(58800 * time.Microsecond), "58.8 ms"},
		{Whole(12.4), "12"}, {Whole(2e6), "2e+06"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestCounts(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{Count(1, "task"), "1 task"}, {Count(0, "task"), "0 tasks"}, {Count(12, "task"), "12 tasks"},
		{Is(1), "is"}, {Is(0), "are"}, {Is(2), "are"}, {Have(1), "has"}, {Have(2), "have"},
		{Workers(1), "1 worker"}, {Workers(2.5), "2.5 workers"}, {Workers(64), "64 workers"},
		{List(nil), ""}, {List([]string{"a"}), "a"}, {List([]string{"a", "b"}), "a and b"}, {List([]string{"a", "b", "c"}), "a, b and c"},
		{Numbers([]int{3, 7, 12}), "3, 7, 12"},
		{Range(2, 4, Whole), " (2 to 4)"}, {Range(1.9, 2.1, Whole), ""},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

// Widths are those of terminals outside East Asia, whatever the locale.
func TestWidth(t *testing.T) {
	for _, locale := range []string{"C", "ja_JP.UTF-8"} {
		t.Setenv("LC_ALL", locale)
		for text, want := range map[string]int{"σ": 1, "—": 1, "1/σ": 3, "日": 2} {
			if got := Width(text); got != want {
				t.Errorf("%s, %q: got %d columns, want %d", locale, text, got, want)
			}
		}
		if got := Pad("σ", 3) + "|" + PadLeft("σ", 3); got != "σ  |  σ" {
			t.Errorf("%s: got %q", locale, got)
		}
	}
}

func TestFold(t *testing.T) {
	got := Fold("one two  three incomprehensibilities four", 9)
	if d := cmp.Diff([]string{"one two", "three", "incomprehensibilities", "four"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got := Fold("", 9); len(got) != 1 || got[0] != "" {
		t.Errorf("nothing: got %q, want one empty line", got)
	}
}

func TestClean(t *testing.T) {
	if got := Clean("a\x1b[31m\n\xffb"); got != "a [31m \uFFFDb" {
		t.Errorf("got %q", got)
	}
	for _, r := range []rune{0x200b, 0x200d, 0xfeff, 0xad, 0x2060, 0x3164, 0x2800, 0xfe0f} {
		if got := Clean("a" + string(r) + "b"); got != "a\uFFFDb" {
			t.Errorf("%U: got %q, which looks like another name", r, got)
		}
	}
	if got := Clean("σ é 日 — 1/σ"); got != "σ é 日 — 1/σ" {
		t.Errorf("got %q", got)
	}
}

func TestShorten(t *testing.T) {
	fits := func(s string) bool { return Width(s) <= 5 }
	for text, want := range map[string]string{"abc": "abc", "abcdefgh": "ab…gh"} {
		if got := Shorten(text, fits); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
