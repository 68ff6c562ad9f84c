package read

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"sync"

	"amdahl/results"
)

// mostJSON bounds a file of JSON, which is read whole.
const mostJSON = 1 << 30

// readJSON reads the document of a file of JSON that names these keys into a value.
// Lines around it, such as the log of what wrote it, are left out. what is the format, for
// messages.
func readJSON(in *input, what string, into any, keys ...string) (text []byte, err error) {
	text, err = io.ReadAll(io.LimitReader(in.text.r, mostJSON+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.name, err)
	}
	if len(text) > mostJSON {
		return nil, fmt.Errorf("%s: more than 1 GiB of JSON: split it", in.name)
	}
	doc, offset := text, 0
	if begin, end, ok := jsonDocument(text, keys); ok {
		doc, offset = text[begin:end], begin
		if len(bytes.TrimSpace(text[:begin])) > 0 || len(bytes.TrimSpace(text[end:])) > 0 {
			in.note("%s: what stands around the JSON was left out", in.name)
		}
	}
	if err := json.Unmarshal(doc, into); err != nil {
		at := int64(len(doc))
		why := err.Error()
		if e := (*json.SyntaxError)(nil); errors.As(err, &e) {
			at = e.Offset
		} else if e := (*json.UnmarshalTypeError)(nil); errors.As(err, &e) {
			at, why = e.Offset, fmt.Sprintf("%q is a %s", e.Field, e.Value)
		}
		return nil, &results.Complaint{File: in.name, Line: lineAt(text, at+int64(offset)), What: fmt.Sprintf("this is not JSON of %s: %s", what, why)}
	}
	return text, nil
}

// jsonDocument finds the first object or array in a text that begins a line, is whole and
// names these keys.
func jsonDocument(text []byte, keys []string) (begin, end int, ok bool) {
	for tried := 0; tried < 4*len(text)+1; {
		at := jsonBegin.FindIndex(text[begin:])
		if at == nil {
			return 0, 0, false
		}
		begin += at[0]
		d := json.NewDecoder(bytes.NewReader(text[begin:]))
		var doc json.RawMessage
		err := d.Decode(&doc)
		end = begin + int(d.InputOffset())
		if err == nil && !slices.ContainsFunc(keys, func(k string) bool { return !bytes.Contains(doc, []byte(`"`+k+`"`)) }) {
			return begin, end, true
		}
		if e := (*json.SyntaxError)(nil); errors.As(err, &e) {
			tried += int(e.Offset)
		} else if err != nil {
			tried += len(text) - begin
		}
		if err == nil {
			begin = end
		} else if i := bytes.IndexByte(text[begin+at[1]-at[0]:], '\n'); i >= 0 {
			begin += at[1] - at[0] + i
		} else {
			break
		}
	}
	return 0, 0, false
}

// jsonBegin is where an object or an array of objects begins a line.
var jsonBegin = regexp.MustCompile(`(?m)^[ \t]*(?:\{\s*["}]|\[\s*[\[{\]])`)

// lineAt is the line of a byte of a text.
func lineAt(text []byte, offset int64) int {
	return 1 + bytes.Count(text[:max(0, min(offset, int64(len(text))))], []byte{'\n'})
}

// elements gives each element of an array with its line.
type element struct {
	json.RawMessage
	line int
}

func elements(text []byte, list []json.RawMessage) []element {
	all := make([]element, len(list))
	from, line := 0, 1
	for i, raw := range list {
		at := from + max(0, bytes.Index(text[from:], raw))
		line += bytes.Count(text[from:at], []byte{'\n'})
		all[i] = element{raw, line}
		line += bytes.Count(raw, []byte{'\n'})
		from = min(at+len(raw), len(text))
	}
	return all
}

// jsonHead reports whether JSON begins with an object or an array, and names the
// keys in its beginning. Lines of text may stand in front of it.
func jsonHead(head []byte, opening byte, keys ...string) bool {
	for _, k := range keys { // most texts lack these
		if !bytes.ContainsRune(head, '"') || !keyPattern(k).Match(head) {
			return false
		}
	}
	for text := head; ; {
		at := jsonBegin.FindIndex(text)
		if at == nil {
			return false
		}
		text = bytes.TrimLeft(text[at[0]:], " \t")
		if text[0] == opening && !slices.ContainsFunc(keys, func(k string) bool { return !keyPattern(k).Match(text) }) {
			return true
		}
		line, rest, more := bytes.Cut(text, []byte("\n"))
		if !more || !json.Valid(line) { // a document of another kind; else a record of a log
			return false
		}
		text = rest
	}
}

var keyPatterns sync.Map

// keyPattern finds a key of JSON, given as a regular expression.
func keyPattern(key string) *regexp.Regexp {
	if re, ok := keyPatterns.Load(key); ok {
		return re.(*regexp.Regexp)
	}
	re := regexp.MustCompile(`"` + key + `"\s*:`)
	keyPatterns.Store(key, re)
	return re
}

// scalar writes a value of JSON that is a number, a text or a truth; ok is false
// for others.
func scalar(v any) (text string, ok bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case float64:
		return fmt.Sprintf("%g", v), true
	case bool:
		return fmt.Sprint(v), true
	}
	return "", false
}
