package main

import (
	"bytes"
	"errors"

	"github.com/spf13/cobra"

	"amdahl/results/report"
	"amdahl/results/save"
)

func exploreCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:     "explore -o FILE",
		GroupID: "learn",
		Short:   "Write a page to play with: laws with sliders, simulated tasks, your own numbers",
		Long: `Explore writes one self-contained page without data. On it one drags the curve of
any law, moves sliders and reads off speedup, ceiling and peak; lets tasks run on
workers in a simulator, with a serial part, uneven tasks and a lock, and sees who
waits; and drops Go benchmark text or a CSV file, up to 100 KB, to fit a law to it.
The page fetches nothing and sends nothing.`,
		Example: `  amdahl explore -o explore.html`,
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return usageError{errors.New("no file to write to: amdahl explore -o explore.html; -o - is standard output")}
			}
			if err := inFolder(out); err != nil {
				return err
			}
			var b bytes.Buffer
			if err := report.Explore(&b); err != nil {
				return err
			}
			if out == standardOutput {
				_, err := cmd.OutOrStdout().Write(b.Bytes())
				return err
			}
			if err := save.File(out, b.Bytes()); err != nil {
				return err
			}
			cmd.PrintErrln("amdahl: wrote", out)
			return nil
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "file to write to, - for standard output (required)")
	return cmd
}
