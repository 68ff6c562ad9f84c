package read

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Records is a table of JSON.
var Records = Format{
	Name:  "JSON records",
	Table: true,
	Doc:   "an array of flat objects, an object a line (JSON lines), the columns of pandas (`to_json`), or an object of these; the keys are columns as in CSV, those of nested objects with a point (`params.threads`), a list of numbers is repeats",
	Sniff: func(head []byte, _ string) bool {
		if hasGoText(head) {
			return false
		}
		t, ok := headTable(headRecords(string(head)))
		at := jsonBegin.FindIndex(head)
		return ok && t.header > 0 && (slices.ContainsFunc(t.names, saysRole) || len(bytes.TrimSpace(head[:at[0]])) == 0)
	},
	Read: func(in *input) error { return readTable(in, splitRecords) },
}

func headRecords(text string) []row {
	at := jsonBegin.FindStringIndex(text)
	if at == nil {
		return nil
	}
	in := textInput(text[at[0]:])
	var rows []row
	splitRecords(in, func(r row) bool { rows = append(rows, r); return true })
	return rows
}

// recordsHeld is how many objects are held to know their keys: those that only later
// ones have are left out.
const recordsHeld = 1000

// A recordWriter turns objects into rows.
type recordWriter struct {
	names []string
	index map[string]int
	held  []jsonRecord
	open  bool // the header was given
	yield func(row) bool
	ended bool // yield wants no more
}

// A jsonRecord is one object, flat.
type jsonRecord struct {
	line   int
	keys   []string
	values []string
	list   string   // the key of its list
	many   []string // the numbers of the list
}

func (w *recordWriter) add(r jsonRecord) {
	if len(r.keys) == 0 && len(r.many) == 0 || w.ended {
		return
	}
	if w.open {
		w.give(r)
		return
	}
	for _, k := range append(slices.Clone(r.keys), r.list) {
		if _, ok := w.index[k]; !ok && k != "" && len(w.names) < 1000 {
			w.index[k] = len(w.names)
			w.names = append(w.names, k)
		}
	}
	if w.held = append(w.held, r); len(w.held) == recordsHeld {
		w.flush()
	}
}

// flush gives the header, and the objects that were held.
func (w *recordWriter) flush() {
	if w.open || len(w.held) == 0 {
		return
	}
	w.open = true
	w.ended = !w.yield(row{cells: slices.Clone(w.names), line: w.held[0].line, width: len(w.names)})
	for _, r := range w.held {
		w.give(r)
	}
	w.held = nil
}

func (w *recordWriter) give(r jsonRecord) {
	for i := range max(1, len(r.many)) {
		cells := make([]string, len(w.names))
		for k, key := range r.keys {
			if at, ok := w.index[key]; ok {
				cells[at] = r.values[k]
			}
		}
		if at, ok := w.index[r.list]; ok && i < len(r.many) {
			cells[at] = r.many[i]
		}
		if w.ended = w.ended || !w.yield(row{cells: cells, line: r.line, width: len(cells)}); w.ended {
			return
		}
	}
}

// splitRecords gives the keys of objects as a header, and a row for each object. Lines of
// text in front of the first object, or between objects that stand in a line each, are left
// out.
func splitRecords(in *input, yield func(row) bool) error {
	w := &recordWriter{index: map[string]int{}, yield: yield}
	for !w.ended {
		head, _ := in.text.r.Peek(sniffed)
		if len(head) == 0 {
			break
		}
		line, _, whole := bytes.Cut(head, []byte("\n"))
		if at := jsonBegin.FindIndex(head); at == nil || at[0] > 0 {
			in.text.next()
			continue
		}
		if r, ok := newJSONRecord(bytes.TrimSpace(line), in.text.number+1); ok && (whole || len(head) < sniffed) {
			in.text.next()
			w.add(r)
			w.lines(in)
			break
		}
		text, err := io.ReadAll(io.LimitReader(in.text.r, mostJSON+1))
		if err == nil && len(text) > mostJSON {
			err = errors.New("more than 1 GiB of JSON: split it")
		}
		if err != nil {
			return fmt.Errorf("%s: %w", in.name, err)
		}
		d := &jsonWalker{w: w, d: json.NewDecoder(bytes.NewReader(text)), text: text, line: in.text.number + 1}
		for err == nil {
			err = d.value(0)
		}
		if !errors.Is(err, io.EOF) && len(w.held) == 0 && !w.open {
			return fmt.Errorf("%s:%d: this is not JSON: %w", in.name, d.line, err)
		} else if !errors.Is(err, io.EOF) {
			in.complain(d.line, "", "what follows is not JSON, and was left out: %s", err)
		}
		break
	}
	w.flush()
	return in.text.failure(in.name)
}

// lines takes the objects that stand in a line each.
func (w *recordWriter) lines(in *input) {
	for !w.ended {
		line, ok := in.text.next()
		if !ok {
			return
		}
		text := bytes.TrimSpace(line)
		if len(text) == 0 || text[0] != '{' {
			continue
		}
		if r, ok := newJSONRecord(text, in.text.number); ok && !in.text.tooLong {
			w.add(r)
		} else if in.text.tooLong {
			in.complain(in.text.number, string(text), "this line is longer than 64 KiB, and was left out")
		} else {
			in.complain(in.text.number, string(text), "this is no flat object of JSON, and was left out")
		}
	}
}

// newJSONRecord reads an object. ok is false where it is none, or holds a table.
func newJSONRecord(text []byte, line int) (r jsonRecord, ok bool) {
	r.line = line
	return r, len(text) > 1 && text[0] == '{' && json.Valid(text) && r.flatten("", text, 0) &&
		slices.ContainsFunc(r.keys, func(k string) bool { return !strings.Contains(k, ".") })
}

// flatten takes the members of an object. It returns false where the object has several lists,
// or lists of other things than numbers and texts: then it is a table, or a tree.
func (r *jsonRecord) flatten(prefix string, object []byte, depth int) bool {
	const deepest = 4
	d := json.NewDecoder(bytes.NewReader(object))
	d.Token()
	for d.More() {
		key, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return false
		}
		name := prefix + key.(string)
		switch value[0] {
		case '{':
			if depth == deepest || !r.flatten(name+".", value, depth+1) {
				return false
			}
		case '[':
			list, ok := scalars(value)
			if !ok || r.list != "" {
				return false
			}
			if len(list) > 0 && isNumber(list[0]) {
				r.list, r.many = name, list
			}
		default:
			r.keys, r.values = append(r.keys, name), append(r.values, scalarText(value))
		}
	}
	return true
}

// scalarText is the text of a number, a text, a truth; "" for null.
func scalarText(value []byte) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return strings.TrimSpace(text) // null leaves it ""
	}
	return string(value)
}

// scalars are the texts of a list; ok is false where it has lists or objects.
func scalars(list []byte) (texts []string, ok bool) {
	var values []json.RawMessage
	if json.Unmarshal(list, &values) != nil {
		return nil, false
	}
	for _, v := range values {
		if v[0] == '{' || v[0] == '[' {
			return nil, false
		}
		texts = append(texts, scalarText(v))
	}
	return texts, true
}
