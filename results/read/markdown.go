package read

import (
	"bufio"
	"strings"
)

// Markdown is a table with pipes between the columns.
var Markdown = Format{
	Name:  "Markdown and pipe tables",
	Table: true,
	Doc:   "a table with `|` between the columns, as in Markdown, from psql or in a frame; columns as in CSV",
	Sniff: func(head []byte, _ string) bool {
		return isTable(head, func(text string) []row {
			if strings.Count(text, "|")+strings.Count(text, "│") < 4 {
				return nil
			}
			rows, _, _ := splitPipes(textInput(text))
			return rows
		})
	},
	Read: func(in *input) error { return readTable(in, splitPipes) },
}

// textInput makes an input of a text that is at hand. Complaints about it are
// lost.
func textInput(text string) *input {
	return &input{session: &session{noted: map[string]bool{}, builder: newBuilder()}, text: lineReader{r: bufio.NewReaderSize(strings.NewReader(text), sniffed)}, block: &block{}}
}
