package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/bench/labs"
	"amdahl/cmd/grading"
	"amdahl/results/grade"
	"amdahl/results/save"
)

func labSubmitCommand(dir *string) *cobra.Command {
	out := ""
	cmd := &cobra.Command{
		Use:   "submit",
		Short: "Write the one file that you hand in",
		Long: `Submit puts your code, your sealed predictions, your answers and your run into one file,
submission.json, and says what is missing, or whether the chain of predictions is broken.
It sends nothing.`,
		Example: "  amdahl lab submit",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := openLabFolder(*dir)
			if err != nil {
				return err
			}
			s, err := f.submission()
			if err != nil {
				return err
			}
			text, err := s.Encode()
			if err != nil {
				return err
			}
			if err := inFolder(out); err != nil {
				return err
			}
			if out == "" {
				out = f.path(grade.SubmissionFile)
			}
			if err := save.File(out, text); err != nil {
				return err
			}
			if missing := append(f.missing(labs.Predict), f.missing(labs.Explain)...); len(missing) > 0 {
				cmd.PrintErrf("amdahl: without an answer: %s\n", strings.Join(missing, ", "))
			}
			if err := f.sealed(); err != nil {
				cmd.PrintErrln("amdahl:", err)
			}
			if err := grading.Fits(f.lab, s); err != nil {
				cmd.PrintErrln("amdahl:", err)
			}
			files := map[string][]byte{}
			for name, text := range s.Files {
				files[name] = []byte(text)
			}
			if refused := grading.Screen(f.lab, files); refused != nil {
				cmd.PrintErrln("amdahl:", refused)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "Hand in this file: %s (%d bytes, made by %s)\n", out, len(text), s.Student)
			return err
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "write this file; without it submission.json in the folder of the lab")
	return cmd
}
