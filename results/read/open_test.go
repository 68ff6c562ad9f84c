package read

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf16"
)

// Text in UTF-16, with a byte order mark or without, is what PowerShell writes.
func TestEncodings(t *testing.T) {
	text := "goos: windows\r\n" + strings.ReplaceAll(goLines("BenchmarkX", "-%d"), "\n", "\r\n")
	units := utf16.Encode([]rune(text))
	encode := func(mark string, big bool) string {
		var b bytes.Buffer
		b.WriteString(mark)
		for _, u := range units {
			if big {
				b.Write([]byte{byte(u >> 8), byte(u)})
			} else {
				b.Write([]byte{byte(u), byte(u >> 8)})
			}
		}
		return b.String()
	}
	for _, tt := range []struct{ name, text string }{
		{"UTF-8", text},
		{"UTF-8 with a mark", "\xef\xbb\xbf" + text},
		{"UTF-16", encode("\xff\xfe", false)},
		{"UTF-16, big end first", encode("\xfe\xff", true)},
		{"UTF-16 without a mark", encode("", false)},
		{"UTF-16 without a mark, big end first", encode("", true)},
	} {
		s, err := read(t, tt.text, Options{})
		if err != nil || sketch(s) != "X gomaxprocs strong: 1×1 2×1 4×1 8×1\n" {
			t.Errorf("%s: got %v, %v", tt.name, s, err)
		}
	}
}

// Unpacked text is bounded, and the message says so.
func TestLimited(t *testing.T) {
	l := &limited{r: strings.NewReader(strings.Repeat("x", 100)), left: 60}
	_, err := io.ReadAll(l)
	if err == nil || !strings.Contains(err.Error(), "more than 4 GiB of text when unpacked") {
		t.Errorf("got %v", err)
	}
	if text, err := io.ReadAll(&limited{r: strings.NewReader("abc"), left: 3}); err != nil || string(text) != "abc" {
		t.Errorf("got %q, %v", text, err)
	}
}

// A line of any length does not refuse the lines around it, in any format that
// reads lines.
func TestLongLines(t *testing.T) {
	long := strings.Repeat("x", 200_000) + "\n"
	for _, tt := range examples {
		if tt.format.Name == Wide.Name || strings.HasSuffix(tt.format.Name, "JSON") && tt.name != "messages" || tt.format.Name == GoTestJSON.Name {
			continue // a document is one value, and a line of a wide table is a series
		}
		s, err := read(t, tt.text+long, tt.o)
		if err != nil || sketch(s) != tt.want {
			t.Errorf("%s, %s: got %v, %v, want %q", tt.format.Name, tt.name, s, err, tt.want)
		}
	}
}

// Too many names end in one complaint, not in one for each.
func TestTooMany(t *testing.T) {
	b := newBuilder()
	for i := range mostRecords {
		if _, err := b.record(recordKey{label: label{workers: float64(i)}}, 1, origin{}); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []string{"more than 100000 different names and levels", errFull.Error()} {
		_, err := b.record(recordKey{label: label{workers: -1}}, 1, origin{})
		if err == nil || !strings.Contains(err.Error(), want) || errors.Is(err, errFull) != (i == 1) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A caller can open files itself, for each path but standard input. Their names stay.
func TestOpensOtherwise(t *testing.T) {
	text := map[string]string{"a.txt": "BenchmarkX-1 1 100 ns/op\nBenchmarkX-2 1 60 ns/op\n", "b.txt": "BenchmarkX-4 1 40 ns/op\nBenchmarkX-8 broken\n"}
	closed := 0
	o := Options{Open: func(path string) (io.ReadCloser, error) {
		return closer{strings.NewReader(text[path]), &closed}, nil
	}}
	s, err := Files([]string{"a.txt", "b.txt"}, nil, o)
	if err != nil || len(s.Curves) != 1 || len(s.Curves[0].Points) != 3 || closed != 2 {
		t.Fatalf("got %v, %v, %d closed, want one curve of three levels and 2", s, err, closed)
	}
	if len(s.Problems) != 1 || !strings.HasPrefix(s.Problems[0].Error(), "b.txt:2:") {
		t.Errorf("problems %v, want one of b.txt:2", s.Problems)
	}
	if s, err := Files([]string{"-"}, strings.NewReader(text["a.txt"]), o); err != nil || len(s.Curves) != 1 {
		t.Errorf("standard input: %v, %v", s, err)
	}
	o.Open = func(path string) (io.ReadCloser, error) { return nil, errors.New(path + " is not here") }
	if _, err := Files([]string{"a.txt"}, nil, o); err == nil || !strings.Contains(err.Error(), "a.txt is not here") {
		t.Errorf("error %v", err)
	}
}

type closer struct {
	io.Reader
	closed *int
}

func (c closer) Close() error {
	*c.closed++
	return nil
}
