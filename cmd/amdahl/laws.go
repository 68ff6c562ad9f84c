package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/results/laws"
	"amdahl/results/words"
)

func lawsCommand() *cobra.Command {
	var markdown bool
	cmd := &cobra.Command{
		Use:     "laws",
		GroupID: "learn",
		Short:   "List the scaling laws with their formulas and sources",
		Long: `Laws lists the laws that fit knows: what each says, its formula for the time at n
workers over the time at one, how many levels of workers it takes to be fitted
with a degree of freedom left, and where it was published.`,
		Example: "  amdahl laws",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var b strings.Builder
			if markdown {
				b.WriteString("| law | says | T(n)/T(1) | levels | source |\n|---|---|---|---|---|\n")
			}
			for _, l := range laws.All {
				if markdown {
					fmt.Fprintf(&b, "| `%s` | %s | `%s` | %d | %s |\n", l.Name, l.Doc, l.Formula, l.Levels, l.Source)
					continue
				}
				fmt.Fprintf(&b, "%s — %s\n  %s\n  %s\n", l.Name, l.Title, l.Formula, l.Doc)
				for _, t := range l.Terms {
					fmt.Fprintf(&b, "  %s (%s): %s\n", t.Symbol, t.Name, t.Doc)
				}
				fmt.Fprintf(&b, "  from %s; %s\n\n", words.Count(l.Levels, "level"), l.Source)
			}
			_, err := cmd.OutOrStdout().Write([]byte(b.String()))
			return err
		},
	}
	cmd.Flags().BoolVar(&markdown, "markdown", false, "as a Markdown table")
	return cmd
}
