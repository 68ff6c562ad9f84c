package read

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"

	"amdahl/results"
)

// mostJSON bounds a file of JSON, which is read whole.
const mostJSON = 1 << 30

// readJSON reads a whole file of JSON into a value. what is the format, for
// messages.
func readJSON(in *input, what string, into any) (text []byte, err error) {
	text, err = io.ReadAll(io.LimitReader(in.text.r, mostJSON+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.name, err)
	}
	if len(text) > mostJSON {
		return nil, fmt.Errorf("%s: more than 1 GiB of JSON: split it", in.name)
	}
	if err := json.Unmarshal(text, into); err != nil {
		at := int64(len(text))
		why := err.Error()
		if e := (*json.SyntaxError)(nil); errors.As(err, &e) {
			at = e.Offset
		} else if e := (*json.UnmarshalTypeError)(nil); errors.As(err, &e) {
			at, why = e.Offset, fmt.Sprintf("%q is a %s", e.Field, e.Value)
		}
		return nil, &results.Complaint{File: in.name, Line: lineAt(text, at), What: fmt.Sprintf("this is not JSON of %s: %s", what, why)}
	}
	return text, nil
}

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
// keys in its beginning.
func jsonHead(head []byte, opening byte, keys ...string) bool {
	text := bytes.TrimLeft(head, " \t\r\n")
	if len(text) == 0 || text[0] != opening {
		return false
	}
	for _, k := range keys {
		if !regexp.MustCompile(`"` + k + `"\s*:`).Match(text) {
			return false
		}
	}
	return true
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
