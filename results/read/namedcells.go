package read

import (
	"regexp"
	"slices"
	"strings"
)

var namedCell = regexp.MustCompile(`^([A-Za-z][\w ()\[\]/.-]*?)\s*[:=]\s*(.*)$`)

// namedCells finds rows in which each number has its name in front, as in
// "threads: 4 time: 3.2" or "threads=4 time=3.2", and gives the names and the
// rows without them.
func namedCells(rows []row, first, width int) (names []string, unnamed []row, ok bool) {
	bodies := 0
	for _, r := range rows[first:] {
		if !isBody(r, width) {
			continue
		}
		bodies++
		keys, cells := pairs(r.cells)
		if names == nil {
			names = keys
		}
		if len(keys) > 1 && slices.Equal(names, keys) {
			unnamed = append(unnamed, row{cells: cells, line: r.line, gap: r.gap, width: len(cells)})
		}
	}
	return names, unnamed, len(unnamed) > 1 && 2*len(unnamed) > bodies
}

// pairs are the names in front of the cells of a row, and the cells; nil where a
// cell has none.
func pairs(row []string) (keys, cells []string) {
	key := ""
	for _, c := range row {
		m := namedCell.FindStringSubmatch(c)
		switch {
		case m != nil && m[2] == "":
			key = m[1]
			continue
		case m != nil:
			key, c = m[1], m[2]
		case key == "":
			return nil, nil
		}
		keys, cells = append(keys, key), append(cells, strings.TrimRight(c, ",;"))
		key = ""
	}
	return keys, cells
}
