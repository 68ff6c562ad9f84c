package read

import "slices"

// A Format is one way in which measurements are written down.
type Format struct {
	Name string // "Go benchmark text"
	Doc  string // one line for README's table: what is read, and which flags it needs

	// Sniff reports whether a file is of this format, from its first bytes
	// (at most 4096, unpacked) and its name.
	Sniff func(head []byte, file string) bool

	// Read reads the file into the session of in. A line that cannot be used
	// is a complaint of in; an error means that the file is of no use.
	Read func(in *input) error
}

// All lists the formats. The first that recognises a file reads it; Go
// benchmark text, the last, takes every file.
var All = []Format{Hyperfine, CSV, GoText}

// sniffed is how many bytes [Format.Sniff] sees at most.
const sniffed = 4096

// formatOf chooses the format of a file: tables where the user named a column
// to measure, else by its contents.
func formatOf(head []byte, file string, o Options) Format {
	if o.Time != "" || o.Throughput != "" || o.Speedup != "" {
		return CSV
	}
	return All[slices.IndexFunc(All, func(f Format) bool { return f.Sniff(head, file) })]
}
