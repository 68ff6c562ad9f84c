package read

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
)

// A jsonWalker finds the records of a document of JSON.
type jsonWalker struct {
	w    *recordWriter
	d    *json.Decoder
	text []byte
	at   int // bytes of the text up to which lines were counted
	line int // of that place
}

// lineNow is the line of a byte of the text; bytes come in order.
func (j *jsonWalker) lineNow(at int) int {
	if at = min(at, len(j.text)); at > j.at {
		j.line += bytes.Count(j.text[j.at:at], []byte{'\n'})
		j.at = at
	}
	return j.line
}

var listOfObjects = regexp.MustCompile(`^[\s:]*\[\s*\{`)

// value takes the next value: the objects of an array, or an object, which is a record
// itself, or has the records in a list or in columns.
func (j *jsonWalker) value(depth int) error {
	token, err := j.d.Token()
	if err != nil {
		return err
	}
	begin := j.lineNow(int(j.d.InputOffset()))
	switch token {
	case json.Delim('['):
		for j.d.More() {
			var value json.RawMessage
			if err := j.d.Decode(&value); err != nil {
				return err
			}
			if value[0] == '{' {
				r := jsonRecord{line: j.lineNow(int(j.d.InputOffset()) - len(value))}
				r.flatten("", value, 0) // lists of objects in it are left out
				j.w.add(r)
			}
		}
	case json.Delim('{'):
		var keys []string
		var values []json.RawMessage
		found := false
		for j.d.More() {
			key, err := j.d.Token()
			if err != nil {
				return err
			}
			if listOfObjects.Match(j.text[min(int(j.d.InputOffset()), len(j.text)):]) && depth < 3 {
				found = true
				if err := j.value(depth + 1); err != nil {
					return err
				}
				continue
			}
			var value json.RawMessage
			if err := j.d.Decode(&value); err != nil {
				return err
			}
			keys, values = append(keys, fmt.Sprint(key)), append(values, value)
		}
		if !found && !j.columns(keys, values, begin) {
			r := jsonRecord{line: begin}
			whole := map[string]json.RawMessage{}
			for i, k := range keys {
				whole[k] = values[i]
			}
			for _, k := range keys {
				if v := whole[k]; v[0] != '{' && v[0] != '[' {
					r.keys, r.values = append(r.keys, k), append(r.values, scalarText(v))
				} else if object, err := json.Marshal(map[string]json.RawMessage{k: v}); err == nil {
					r.flatten("", object, 0)
				}
			}
			j.w.add(r)
		}
	default:
		return nil
	}
	_, err = j.d.Token()
	return err
}

// columns takes an object that has a list of values, or an object of them, for each column,
// or as pandas splits a table. It reports whether the object is one.
func (j *jsonWalker) columns(keys []string, values []json.RawMessage, line int) bool {
	if c, d := slices.Index(keys, "columns"), slices.Index(keys, "data"); c >= 0 && d >= 0 {
		names, ok := scalars(values[c])
		var rows []json.RawMessage
		if !ok || json.Unmarshal(values[d], &rows) != nil {
			return false
		}
		for _, r := range rows {
			if cells, ok := scalars(r); ok && len(cells) == len(names) {
				j.w.add(jsonRecord{line: line, keys: names, values: cells})
			}
		}
		return true
	}
	var columns [][]string
	var index []string // of the first column, where it is an object
	for i, v := range values {
		cells, ok := []string(nil), false
		var at []string
		switch v[0] {
		case '[':
			cells, ok = scalars(v)
		case '{':
			r := jsonRecord{}
			ok = r.flatten("", v, 4) && r.list == ""
			at, cells = r.keys, r.values
		}
		if i == 0 {
			index = at
		}
		if !ok || len(cells) < 2 || i > 0 && len(cells) != len(columns[0]) || !slices.Equal(at, index) {
			return false
		}
		columns = append(columns, cells)
	}
	if len(columns) < 2 {
		return false
	}
	for i := range columns[0] {
		r := jsonRecord{line: line, keys: keys}
		for _, c := range columns {
			r.values = append(r.values, c[i])
		}
		j.w.add(r)
	}
	return true
}
