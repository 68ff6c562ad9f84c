package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A cell is one part of a Markdown file that a command makes: the text fence
// after a bash fence, folded or not, or the lines between <!-- $ command --> and
// <!-- end -->.
type cell struct {
	line    int // of its first line, from 1
	name    string
	tags    map[string]bool
	script  string
	output  string
	from    int // lines[from:to] hold the output, with its fences or without
	to      int
	fenced  bool // the output is in a text fence
	checked bool // there is an output to compare with
}

// cells finds the cells of a Markdown file.
//
// A bash fence is a cell of a notebook; flat JSON after the language names it,
// as Jupytext writes it. A text fence right after it is its output, also where
// a line that begins with <details> folds it.
func cells(lines []string) ([]cell, error) {
	var out []cell
	for i := 0; i < len(lines); i++ {
		switch line := lines[i]; {
		case strings.HasPrefix(line, "<!-- $ "):
			c := cell{line: i + 1, from: i + 1, checked: true}
			c.script = strings.TrimSuffix(strings.TrimPrefix(line, "<!-- $ "), " -->")
			c.name = c.script
			for i++; i < len(lines) && lines[i] != "<!-- end -->"; i++ {
				c.output += lines[i] + "\n"
			}
			if i == len(lines) {
				return nil, fmt.Errorf("line %d: no <!-- end --> behind it", c.line)
			}
			c.to = i
			out = append(out, c)
		case strings.HasPrefix(line, "```bash {"):
			c := cell{line: i + 1, tags: map[string]bool{}, fenced: true}
			var head struct {
				Name string
				Tags []string
			}
			if err := json.Unmarshal([]byte(strings.TrimPrefix(line, "```bash ")), &head); err != nil {
				return nil, fmt.Errorf("line %d: %w", c.line, err)
			}
			c.name = head.Name
			for _, t := range head.Tags {
				c.tags[t] = true
			}
			var end int
			c.script, end = fence(lines, i)
			c.from, c.to = end, end
			next := end
			for next < len(lines) && (lines[next] == "" || strings.HasPrefix(lines[next], "<details>")) {
				next++
			}
			if next < len(lines) && lines[next] == "```text" {
				c.output, c.to = fence(lines, next)
				c.from, c.checked = next, true
				end = c.to
			}
			i = end - 1
			out = append(out, c)
		case strings.HasPrefix(line, "```") && line != "```":
			_, end := fence(lines, i)
			i = end - 1
		}
	}
	return out, nil
}

// fence returns the text of the fence that opens at lines[i], and the index
// of the line behind it.
func fence(lines []string, i int) (text string, end int) {
	for i++; i < len(lines) && lines[i] != "```"; i++ {
		text += lines[i] + "\n"
	}
	return text, min(i+1, len(lines))
}

// replace puts new outputs into the lines. Cells without an output get none.
func replace(lines []string, cs []cell, outputs []string) string {
	var b strings.Builder
	at := 0
	for i, c := range cs {
		if !c.checked {
			continue
		}
		for _, l := range lines[at:c.from] {
			b.WriteString(l + "\n")
		}
		if c.fenced {
			b.WriteString("```text\n" + outputs[i] + "```\n")
		} else {
			b.WriteString(outputs[i])
		}
		at = c.to
	}
	return b.String() + strings.Join(lines[at:], "\n")
}
