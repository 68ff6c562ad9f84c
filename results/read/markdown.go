package read

import (
	"bufio"
	"bytes"
	"strings"
)

// Markdown is a table with pipes between the columns.
var Markdown = Format{
	Name:  "Markdown and pipe tables",
	Table: true,
	Doc:   "the tables of a text that have `|` between the columns, as in Markdown, from psql, or in a frame as polars and DuckDB draw it; columns as in CSV, or a number of workers in the names of the rows",
	Sniff: func(head []byte, _ string) bool {
		if hasGoText(head) || bytes.Count(head, []byte("|"))+bytes.Count(head, []byte("│")) < 3 {
			return false
		}
		for _, s := range segments(headPipes(string(head))) {
			if t, ok := newTable(s.rows, false); ok && t.header > 0 {
				return true
			}
		}
		return false
	},
	Read: func(in *input) error { return readTables(in, splitPipes) },
}

// textInput makes an input of a text that is at hand. Complaints about it are
// lost.
func textInput(text string) *input {
	return &input{session: &session{noted: map[string]bool{}, builder: newBuilder()}, text: lineReader{r: bufio.NewReaderSize(strings.NewReader(text), sniffed)}, block: &block{}}
}
