package read

import (
	"regexp"
	"strings"
)

// LaTeX is a table of LaTeX.
var LaTeX = Format{
	Name:  "LaTeX tables",
	Table: true,
	Doc:   "the `tabular` environments of a LaTeX file, or rows of one with `&` and `\\\\`; columns as in CSV",
	Sniff: func(head []byte, _ string) bool {
		return latexTable.Match(head) || len(latexRow.FindAll(head, 3)) == 3 && !hasGoText(head)
	},
	Read: func(in *input) error { return readTables(in, splitLaTeX) },
}

var (
	latexTable   = compile(`\\begin\{(?:tabular|longtable|tabularx|array|tblr)[*]?\}`)
	latexRow     = compile(`(?m)^[^&\n]*[^\\\n]&.*\\\\`)
	latexCaption = regexp.MustCompile(`\\caption(?:\[[^\]]*\])?\{(.*)`)
	latexRule    = regexp.MustCompile(`\\(?:hline|toprule|midrule|bottomrule|endhead|endfirsthead|endfoot|endlastfoot|addlinespace|(?:cline|cmidrule)(?:\[[^\]]*\])?(?:\([^)]*\))?\{[^}]*\})(?:\[[^\]]*\])?`)
	latexSpace   = regexp.MustCompile(`^\s*\[[-\d.]+\s*\w+\]`)
	latexColumns = regexp.MustCompile(`\\multicolumn\{(\d)\}\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}\{([^{}]*)\}`)
	latexRows    = regexp.MustCompile(`\\multirow(?:\[[^\]]*\])?\{[^{}]*\}(?:\[[^\]]*\])?\{[^{}]*\}`)
	latexUnits   = regexp.MustCompile(`\\(?:SI|qty)(?:\[[^\]]*\])?\{([^{}]*)\}\{([^{}]*)\}`)
	latexUnit    = regexp.MustCompile(`\\(milli|micro|nano)?\\?second\b`)
	latexCommand = regexp.MustCompile(`\\[a-zA-Z]+[*]?(?:\[[^\]]*\])?`)
	latexSigns   = strings.NewReplacer(`\%`, "%", `\_`, "_", `\#`, "#", `\&`, "&", `\$`, "", "$", "", "~", " ", "{,}", ",", `\,`, " ", `\;`, " ", `\!`, "", `\ `, " ", `\pm`, "±", `\times`, "×", `\mu`, "µ", `\textmu`, "µ")
	latexBraces  = strings.NewReplacer("{", "", "}", "")
)

// splitLaTeX splits the rows of tables of LaTeX. Other lines are not of them.
func splitLaTeX(in *input, yield func(row) bool) error {
	alone := !latexTable.Match(in.peek()) // rows without what stands around them
	inTable := alone
	var above []string // of the last row, whose cells \multirow repeats
	repeated := 0      // cells that it does
	pending := ""
	for {
		line, ok := in.text.next()
		if !ok {
			return in.text.failure(in.name)
		}
		if in.text.tooLong {
			in.complain(in.text.number, string(line), "this line is longer than 64 KiB, and was left out")
			continue
		}
		text := withoutLaTeXComment(string(quotedLine(line)))
		m := latexCaption.FindStringSubmatch(text)
		if m != nil || strings.Contains(text, `\begin{table}`) { // which ends the reach of a caption below the last one
			title := "table"
			if m != nil {
				title = latexCell(m[1]) + ":"
			}
			if !yield(row{cells: []string{title}, line: in.text.number}) {
				return nil
			}
			continue
		}
		if latexTable.MatchString(text) {
			inTable, pending, repeated = true, "", 0
			_, text, _ = strings.Cut(text, `\begin{`)
			if at := strings.LastIndexByte(text, '}'); at >= 0 && !strings.Contains(text, `\\`) {
				text = ""
			} else if at := strings.Index(text, "} "); at >= 0 {
				text = text[at+1:]
			}
			if !yield(row{cells: []string{""}, line: in.text.number}) {
				return nil
			}
		}
		if strings.Contains(text, `\end{`) && latexTable.MatchString(strings.Replace(text, `\end{`, `\begin{`, 1)) {
			inTable = false
			text = text[:strings.Index(text, `\end{`)]
			if !strings.Contains(text, "&") {
				continue
			}
		} else if !inTable {
			continue
		}
		text = pending + latexRule.ReplaceAllString(text, "")
		pending = ""
		for text != "" {
			part, rest, ended := strings.Cut(text, `\\`)
			text = latexSpace.ReplaceAllString(rest, "")
			if !ended {
				if pending = strings.TrimRight(part, "\r\n") + " "; strings.TrimSpace(pending) == "" || len(pending) > sniffed || alone && !strings.Contains(pending, "&") {
					pending = ""
				}
				break
			}
			if strings.TrimSpace(part) == "" {
				continue
			}
			cells := latexCells(part)
			for i := range min(repeated, len(cells), len(above)) {
				if cells[i] == "" {
					cells[i] = above[i]
				}
			}
			if n := strings.Count(part, `\multirow`); n > 0 {
				repeated = max(repeated, n)
			}
			above = cells
			if !yield(newRow(append([]string(nil), cells...), in.text.number)) {
				return nil
			}
		}
	}
}

// latexCells are the cells of a row.
func latexCells(text string) (cells []string) {
	text = latexRows.ReplaceAllString(text, "")
	text = strings.ReplaceAll(text, `\&`, "\x00")
	for part := range strings.SplitSeq(text, "&") {
		part = strings.ReplaceAll(part, "\x00", "&")
		span := 1
		if m := latexColumns.FindStringSubmatch(part); m != nil {
			span = int(m[1][0] - '0')
			part = latexColumns.ReplaceAllString(part, "$2")
		}
		cells = append(cells, latexCell(part))
		for range span - 1 {
			cells = append(cells, "")
		}
	}
	return cells
}

// latexCell is the text of a cell without commands.
func latexCell(text string) string {
	text = latexUnits.ReplaceAllString(text, "$1 $2")
	text = latexUnit.ReplaceAllStringFunc(text, func(u string) string {
		switch {
		case strings.Contains(u, "milli"):
			return "ms"
		case strings.Contains(u, "micro"):
			return "us"
		case strings.Contains(u, "nano"):
			return "ns"
		}
		return "s"
	})
	text = latexCommand.ReplaceAllString(latexSigns.Replace(text), " ")
	return markdownCell(strings.Join(strings.Fields(latexBraces.Replace(text)), " "))
}

// withoutLaTeXComment is a line without what % begins.
func withoutLaTeXComment(line string) string {
	for i := range len(line) {
		if line[i] == '%' && (i-len(strings.TrimRight(line[:i], `\`)))%2 == 0 {
			return line[:i]
		}
	}
	return line
}
