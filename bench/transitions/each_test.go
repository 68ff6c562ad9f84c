package transitions

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// A toldEvent keeps what of an event does not change later.
type toldEvent struct {
	at           int64
	kind         Kind
	from, to     uint8
	id           int64
	stack, by    string
	reason, text string
}

// keep is what is told of an event.
func keep(t *Tables, e *Event) toldEvent {
	first := func(stack int32) string {
		if f := t.Frames(stack); len(f) > 0 {
			return f[0].Function
		}
		return ""
	}
	k := toldEvent{at: e.Time, kind: e.Kind, from: uint8(e.From), to: uint8(e.To), stack: first(e.Stack), by: first(e.ByStack), reason: t.Word(e.Reason), text: t.Word(e.Text)}
	if e.G != nil {
		k.id = int64(e.G.ID)
	}
	return k
}

// Everybody gets every event in order, the same ones as Read gives, and may number words
// meanwhile.
func TestEach(t *testing.T) {
	for name, text := range recorded(t) {
		r, err := NewFullReader(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		var want []toldEvent
		for e := (Event{}); ; {
			if err := r.Read(&e); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			want = append(want, keep(r.Tables, &e))
		}
		if r, err = NewFullReader(bytes.NewReader(text)); err != nil {
			t.Fatal(err)
		}
		var got [3][]toldEvent
		numbers := [3]int32{}
		collect := func(i int) func(*Event) error {
			return func(e *Event) error {
				got[i] = append(got[i], keep(r.Tables, e))
				numbers[i] = r.Number(strings.Repeat("x", len(got[i])%100))
				return nil
			}
		}
		if err := r.Each(collect(0), collect(1), collect(2)); err != nil {
			t.Fatal(err)
		}
		for i, list := range got {
			if len(list) != len(want) || numbers[i] != numbers[0] {
				t.Errorf("%s: %d events, want %d; the last word has the number %d, want %d", name, len(list), len(want), numbers[i], numbers[0])
				continue
			}
			for k := range list {
				if list[k] != want[k] {
					t.Fatalf("%s: event %d is %+v, want %+v", name, k, list[k], want[k])
				}
			}
		}
	}
}

// An error ends it: the first of who takes the events, else that of reading.
func TestEachErrors(t *testing.T) {
	text := recorded(t)["lock.trace.gz"]
	mine := errors.New("enough")
	after := func(n int, err error) (func(*Event) error, *int) {
		calls := 0
		return func(*Event) error {
			if calls++; calls >= n {
				return err
			}
			return nil
		}, &calls
	}
	for _, tt := range []struct {
		name string
		text []byte
		n    int
		err  error
		want string // "" is none
	}{
		{"to the end", text, 1, nil, ""},
		{"at once", text, 1, mine, "enough"},
		{"later", text, 5000, mine, "enough"},
		{"a damaged trace", text[:len(text)-1], 1, nil, "the trace cannot be read to its end"},
	} {
		r, err := NewReader(bytes.NewReader(tt.text))
		if err != nil {
			t.Fatal(err)
		}
		f, calls := after(tt.n, tt.err)
		other, others := after(1, nil)
		err = r.Each(other, f)
		switch {
		case (err == nil) != (tt.want == ""), err != nil && !strings.Contains(err.Error(), tt.want):
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		case tt.err != nil && *calls != tt.n:
			t.Errorf("%s: called %d times, want %d", tt.name, *calls, tt.n)
		case *others < *calls:
			t.Errorf("%s: the other one was called %d times, and this one %d", tt.name, *others, *calls)
		}
	}
	r, err := NewReader(bytes.NewReader(text))
	if err == nil {
		err = r.Each()
	}
	if err != nil {
		t.Errorf("nobody takes the events: %v", err)
	}
}
