package procpool

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFrameRoundTrip(t *testing.T) {
	stream := appendFrame(nil, kindOpen, []byte("sp"), []byte("ec"))
	stream = appendPair(stream, kindTask, 7, ^uint64(0))
	stream = appendFrame(stream, kindAsk)
	r := newFrameReader(bytes.NewReader(stream))

	if k, body, err := r.next(); k != kindOpen || string(body) != "spec" || err != nil {
		t.Errorf("next = %q, %q, %v, want %q, spec", k, body, err, kindOpen)
	}
	k, body, err := r.next()
	if k != kindTask || err != nil {
		t.Errorf("next = %q, %v, want %q", k, err, kindTask)
	}
	if a, b, err := pair(k, body); a != 7 || b != ^uint64(0) || err != nil {
		t.Errorf("pair = %d, %d, %v, want 7, %d", a, b, err, ^uint64(0))
	}
	if k, body, err := r.next(); k != kindAsk || len(body) != 0 || err != nil {
		t.Errorf("next = %q, %q, %v, want %q", k, body, err, kindAsk)
	}
	if _, _, err := r.next(); err != io.EOF {
		t.Errorf("next = %v, want %v", err, io.EOF)
	}
}

func TestBadFrames(t *testing.T) {
	tests := []struct{ stream, want string }{
		{"\x05\x00", "ended inside a header"},
		{"\x00\x00\x00\x00S", "length 0 is outside"},
		{"\x02\x00\x10\x00S", "length 1048578 is outside"},
		{"\xff\xff\xff\xffS", "length 4294967295 is outside"},
		{"\x05\x00\x00\x00Sabc", "ended inside a body of 4 bytes"},
		{"\x05\x00\x00\x00S", "ended inside a body of 4 bytes"},
	}
	for _, tt := range tests {
		_, _, err := newFrameReader(strings.NewReader(tt.stream)).next()
		if !errors.Is(err, errCorrupt) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("next of %q: %v, want %q", tt.stream, err, tt.want)
		}
	}
}

func TestBadReplies(t *testing.T) {
	tests := []struct {
		name string
		k    kind
		body []byte
	}{
		{"empty", kindSum, nil},
		{"another task", kindSum, append(number(4), number(1)...)},
		{"short sum", kindSum, append(number(3), 1)},
		{"long sum", kindSum, append(number(3), make([]byte, 9)...)},
		{"no kind of answer", kindReady, number(3)},
		{"panic without value", kindPanic, number(3)},
		{"value beyond the end", kindPanic, append(append(number(3), number(5)...), "four"...)},
		{"value of negative length", kindPanic, append(append(number(3), number(-1)...), "four"...)},
	}
	for _, tt := range tests {
		if sum, err := parseReply(1, 3, tt.k, tt.body); !errors.Is(err, errCorrupt) {
			t.Errorf("%s: parseReply = %d, %v, want %v", tt.name, sum, err, errCorrupt)
		}
	}
}

func TestUsageRoundTrip(t *testing.T) {
	for _, want := range []Usage{{CPU: 5}, {CPU: 1 << 60, Counters: map[string]int64{"slept-ns": 1<<62 + 1}}} {
		frame, err := appendUsage(nil, want)
		if err != nil {
			t.Fatal(err)
		}
		k, body, err := newFrameReader(bytes.NewReader(frame)).next()
		if err != nil {
			t.Fatal(err)
		}
		got, err := parseUsage(k, body)
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("parseUsage: %v, -want +got:\n%s", err, d)
		}
	}
}

func TestTail(t *testing.T) {
	tests := []struct {
		writes []string
		want   string
	}{
		{[]string{"a", "", "b"}, "ab"},
		{[]string{strings.Repeat("x", tailSize), "end"}, strings.Repeat("x", tailSize-3) + "end"},
		{[]string{"start", strings.Repeat("x", 3*tailSize)}, strings.Repeat("x", tailSize)},
	}
	for _, tt := range tests {
		var tail tail
		for _, w := range tt.writes {
			if n, err := tail.Write([]byte(w)); n != len(w) || err != nil {
				t.Errorf("Write = %d, %v, want %d", n, err, len(w))
			}
		}
		if got := tail.String(); got != tt.want {
			t.Errorf("tail has %d bytes, %.20q…, want %d", len(got), got, len(tt.want))
		}
	}
}

// FuzzFrames reads any stream as a parent would. What can be read must be
// written the same again.
func FuzzFrames(f *testing.F) {
	f.Add(appendPair(nil, kindSum, 3, 9), 3)
	f.Add(appendFrame(nil, kindPanic, number(3), number(4), []byte("boomstack")), 3)
	f.Add(appendFrame(appendFrame(nil, kindError, number(-1), []byte("text")), kindReady), -1)
	f.Add(appendFrame(nil, kindUsed, number(7), []byte(`{"a":1}`)), 0)
	f.Add([]byte("\xff\xff\xff\xffS"), 0)
	f.Fuzz(func(t *testing.T, stream []byte, task int) {
		r := newFrameReader(bytes.NewReader(stream))
		var again []byte
		for {
			k, body, err := r.next()
			if err != nil {
				if err != io.EOF && !errors.Is(err, errCorrupt) {
					t.Errorf("next: %v, want %v", err, errCorrupt)
				}
				if err == io.EOF && !bytes.Equal(again, stream) {
					t.Errorf("written again: %q, want %q", again, stream)
				}
				break
			}
			again = appendFrame(again, k, body)
			sum, err := parseReply(1, task, k, body)
			if err == nil && !bytes.HasSuffix(appendPair(nil, kindSum, uint64(task), sum), body) {
				t.Errorf("parseReply of %q = %d", body, sum)
			}
			if u, err := parseUsage(k, body); err == nil {
				if _, err := appendUsage(nil, u); err != nil {
					t.Errorf("appendUsage(%+v): %v", u, err)
				}
			}
			pair(k, body)
		}
		if !bytes.HasPrefix(stream, again) {
			t.Errorf("written again: %q, want a prefix of %q", again, stream)
		}
	})
}
