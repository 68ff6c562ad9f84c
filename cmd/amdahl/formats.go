package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/results/read"
	"amdahl/results/words"
)

func formatsCommand() *cobra.Command {
	var markdown bool
	cmd := &cobra.Command{
		Use:     "formats",
		GroupID: "learn",
		Short:   "List the files that can be read, and what is taken for what",
		Long: `Formats lists the formats that fit and the other commands read. A file is
recognised by its contents, packed with gzip or not, in UTF-8 or UTF-16. What is
taken for the workers and for the time where no flag says it is a note on
standard error; with --strict it is an error.`,
		Example: "  amdahl formats",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var b strings.Builder
			if markdown {
				b.WriteString("| format | what is read |\n|---|---|\n")
			}
			for _, f := range read.All {
				if markdown {
					fmt.Fprintf(&b, "| %s | %s |\n", f.Name, strings.ReplaceAll(f.Doc, "|", `\|`))
					continue
				}
				fmt.Fprintf(&b, "%s\n", f.Name)
				for _, line := range words.Fold(f.Doc, 96) {
					fmt.Fprintf(&b, "  %s\n", line)
				}
			}
			_, err := cmd.OutOrStdout().Write([]byte(b.String()))
			return err
		},
	}
	cmd.Flags().BoolVar(&markdown, "markdown", false, "as a Markdown table")
	return cmd
}
