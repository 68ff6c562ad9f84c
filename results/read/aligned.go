package read

// Columns is a table whose columns spaces separate.
var Columns = Format{
	Name:  "columns of text",
	Table: true,
	Doc:   "a table whose columns stand below each other, separated by spaces or tabs, with or without a header; a unit may stand behind a number (32.5 sec, 1m40s), a title above each table; also a data frame of pandas whose index has names; columns as in CSV",
	Sniff: func(head []byte, _ string) bool {
		return isTable(head, headSpaces)
	},
	Read: func(in *input) error { return readTable(in, splitSpaces) },
}

func headSpaces(text string) []row {
	rows, _ := allRows(textInput(text), splitSpaces)
	return rows
}
