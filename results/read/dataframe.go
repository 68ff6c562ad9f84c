package read

// DataFrame is a table of R, pandas or Julia as they print it: the rows are numbered.
var DataFrame = Format{
	Name:  "data frames",
	Table: true,
	Doc:   "a data frame as R (also a tibble), pandas or Julia print it, with the numbers of the rows in front; columns as in CSV",
	Sniff: func(head []byte, _ string) bool {
		if hasGoText(head) {
			return false
		}
		t, ok := headTable(headSpaces(string(head)))
		return ok && t.indexed && len(t.rows) > 1
	},
	Read: func(in *input) error { return readTable(in, splitSpaces) },
}
