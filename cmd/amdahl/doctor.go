package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwarp"
	"github.com/spf13/cobra"

	"amdahl/bench/machine"
	"amdahl/results"
	"amdahl/results/report"
)

func doctorCommand() *cobra.Command {
	var dir string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say how far this machine's measurements of scaling can be believed",
		Long: `Doctor looks at this machine for about a second and grades it from A to F.
Every finding that costs grades comes with what it does to a measurement and
what would help; commands are printed, never run. The machine is not changed,
but for a small file in the scratch directory, which is removed.`,
		Example: `  amdahl doctor
  amdahl doctor --json
  amdahl doctor --dir /var/tmp`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("doctor takes no arguments, got %q", args)}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir != "" {
				if info, err := os.Stat(dir); err != nil {
					return fmt.Errorf("--dir: %w", err)
				} else if !info.IsDir() {
					return fmt.Errorf("--dir %s: it is no directory", dir)
				}
			}
			o, err := examine(cmd.Context(), dir)
			if err != nil {
				return err
			}
			if asJSON {
				return doctorJSON(cmd.OutOrStdout(), o)
			}
			how := terminal(cmd, &results.Set{})
			columns, _ := strconv.Atoi(os.Getenv("COLUMNS"))
			how.Width = cmp.Or(how.Width, columns, 80)
			return printDoctor(cmd.OutOrStdout(), o, how)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "the scratch directory to look at; the default is the system's for temporary files")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the same as JSON")
	return cmd
}

// examine looks at the machine, and measures it between two snapshots.
func examine(ctx context.Context, dir string) (machine.Observation, error) {
	o := machine.Observation{Start: machine.Take(), Facts: machine.Look(machine.Options{Dir: dir})}
	t, err := machine.Measure(ctx, o.Facts.Allowed)
	if err != nil {
		return o, err
	}
	c := machine.Difference(o.Start, machine.Take())
	o.Timing, o.During = &t, &c
	return o, nil
}

// mostColumns is how wide a paragraph gets at most: longer lines read badly.
const mostColumns = 100

// printDoctor prints the verdict in one line, the findings that cost grades
// and those worth knowing as paragraphs, and the others as a list.
func printDoctor(w io.Writer, o machine.Observation, how report.Options) error {
	v := machine.Judge(o)
	p := paragraphs{width: min(how.Width, mostColumns), color: how.Color}
	p.text(bold, 0, v.String())
	p.text(plain, 0, about(o.Facts))
	const indent = 17 // of the texts, behind their labels
	for _, part := range []struct {
		head string
		mark machine.Mark
	}{{"costs grades", machine.Bad}, {"worth knowing", machine.Note}} {
		for i, f := range marked(v.Findings, part.mark) {
			if i == 0 {
				p.head(part.head)
			}
			name := "    " + f.Name
			if f.Cost > 0 {
				name = fmt.Sprintf("-%d  %s", f.Cost, f.Name)
			}
			p.item(plain, indent, "  "+name, sentence(f.Found)+" "+sentence(f.Why))
			p.text(plain, indent, f.Help)
			for _, c := range f.Commands {
				p.command(indent+2, c)
			}
		}
	}
	for _, part := range []struct {
		head string
		mark machine.Mark
	}{{"good", machine.Good}, {"unknown", machine.Untold}} {
		for i, f := range marked(v.Findings, part.mark) {
			if i == 0 {
				p.head(part.head)
			}
			p.item(plain, indent, "      "+f.Name, f.Found)
		}
	}
	if _, err := io.WriteString(w, p.String()); err != nil {
		return fmt.Errorf("printing what was found: %w", err)
	}
	return nil
}

// marked are the findings with a mark, the costliest first.
func marked(all []machine.Finding, m machine.Mark) []machine.Finding {
	var some []machine.Finding
	for _, f := range all {
		if f.Mark == m {
			some = append(some, f)
		}
	}
	slices.SortStableFunc(some, func(a, b machine.Finding) int { return b.Cost - a.Cost })
	return some
}

// about is what is neither good nor bad of a machine.
func about(f machine.Facts) string {
	var parts []string
	for _, s := range append(f.Platform(), f.Settings()...) {
		switch s.Key {
		case "cpu", "mem":
			parts = append(parts, s.Value)
		case "kernel":
			parts = append(parts, "kernel "+s.Value)
		case "go":
			parts = append(parts, s.Value)
		case "commit":
			parts = append(parts, "commit "+s.Value)
		}
	}
	return strings.Join(parts, ", ")
}

// sentence begins with a capital and ends with a stop.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// A paragraphs prints texts folded to a width.
type paragraphs struct {
	strings.Builder
	width int
	color bool
}

const (
	bold  = "1"
	plain = ""
)

func (p *paragraphs) style(code, s string) string {
	if !p.color || code == "" || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p *paragraphs) head(s string) { p.WriteString("\n" + p.style(bold, s) + "\n") }

// text prints a text, folded, with every line indented; nothing for "".
func (p *paragraphs) text(code string, indent int, s string) { p.item(code, indent, "", s) }

// command prints a command to copy, which is not folded.
func (p *paragraphs) command(indent int, c string) {
	fmt.Fprintf(p, "%*s$ %s\n", indent, "", p.style(bold, c))
}

// item prints a text after a label that stands in its indentation.
func (p *paragraphs) item(code string, indent int, label, s string) {
	if s == "" {
		return
	}
	lines, _ := twwarp.WrapString(s, max(p.width-indent, 30))
	for _, l := range lines {
		fmt.Fprintf(p, "%-*s%s\n", indent, label, p.style(code, l))
		label = ""
	}
}

type (
	jsonDoctor struct {
		Version     int               `json:"version"`
		Grade       string            `json:"grade"` // A to F
		Line        string            `json:"line"`
		Environment map[string]string `json:"environment"` // the configuration lines
		Timing      jsonTiming        `json:"timing"`
		Findings    []jsonChecked     `json:"findings"`
	}
	jsonTiming struct {
		Late       float64 `json:"timer_late"`      // of a sleep of 1 ms, the median
		LateMost   float64 `json:"timer_late_p99"`  // and the 99th percentile
		Canary     float64 `json:"canary"`          // alone
		Processors int     `json:"processors"`      // that were busy at once
		Worth      float64 `json:"processor_worth"` // of work that they gave together
		Ran        float64 `json:"ran"`             // share of the time in which they ran, 0 if unknown
	}
	jsonChecked struct {
		Name     string       `json:"name"`
		Mark     machine.Mark `json:"mark"` // good, note, bad, unknown
		Cost     int          `json:"cost"` // grades
		Found    string       `json:"found"`
		Why      string       `json:"why"`
		Help     string       `json:"help"`
		Commands []string     `json:"commands"`
	}
)

// doctorJSON prints the verdict as data: version 1 of the schema, one
// document, indented. Times are in seconds.
func doctorJSON(w io.Writer, o machine.Observation) error {
	v := machine.Judge(o)
	d := jsonDoctor{Version: 1, Grade: v.Grade, Line: v.String(), Environment: map[string]string{}}
	for _, s := range append(o.Facts.Platform(), o.Facts.Settings()...) {
		d.Environment[s.Key] = s.Value
	}
	if o.During != nil {
		for _, s := range o.During.Settings() {
			d.Environment[s.Key] = s.Value
		}
	}
	if t := o.Timing; t != nil {
		d.Timing = jsonTiming{t.Late.Seconds(), t.LateMost.Seconds(), t.Alone.Wall.Seconds(), t.Processors, t.Worth, t.Ran}
	}
	for _, f := range v.Findings {
		d.Findings = append(d.Findings, jsonChecked{f.Name, f.Mark, f.Cost, f.Found, f.Why, f.Help, append([]string{}, f.Commands...)})
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		return fmt.Errorf("printing what was found: %w", err)
	}
	return nil
}
