package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/results/class"
	"amdahl/results/grade"
	"amdahl/results/read"
	"amdahl/results/save"
	"amdahl/results/words"
)

func classCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "class",
		GroupID: "learn",
		Short:   "Put the runs of a whole class on one page",
		Long: `Class has what a lecturer needs for the runs of many students. Each is a file of its
own, as "amdahl run" and "amdahl lab measure" write it, or a submission.json.`,
		Example: "  amdahl class merge runs/*.txt -o class.html",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return usageError{fmt.Errorf("unknown command %q of amdahl class: write amdahl class merge runs/*.txt -o class.html", args[0])}
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(classMergeCommand())
	return cmd
}

func classMergeCommand() *cobra.Command {
	var out string
	var o class.Options
	cmd := &cobra.Command{
		Use:   "merge FILE... -o PAGE",
		Short: "Write one page with all curves, and what stands out and why",
		Long: `Merge writes one self-contained page: the curves of all runs, by series and by kind of
machine; which runs stand out, with what their environment says of the reason (other
programs, rounds that were left out, a quota, heat, another version of Go); and runs that
are copies of one another. Every curve is of one run on one machine: samples of two
machines are never put together.

Runs have numbers instead of names; the order of the names cannot be seen from them.
With --names the page shows the names of the files too, beside the same numbers.`,
		Example: `  amdahl class merge runs/*.txt -o class.html
  amdahl class merge submissions/*.json --names -o mine.html`,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case out == "":
				return usageError{errors.New("no page to write to: add -o, as in amdahl class merge runs/*.txt -o class.html")}
			case len(args) == 0:
				return usageError{errors.New("no runs: name their files, as in amdahl class merge runs/*.txt -o class.html")}
			}
			if err := inFolder(out); err != nil {
				return err
			}
			files, problems, err := classFiles(args)
			if err != nil {
				return err
			}
			c, more, err := class.New(cmd.Context(), files)
			problems = append(problems, more...)
			complain(cmd.ErrOrStderr(), problems)
			if err != nil {
				return err
			}
			var b bytes.Buffer
			if err := c.Write(&b, o); err != nil {
				return err
			}
			if err := save.File(out, b.Bytes()); err != nil {
				return err
			}
			cmd.PrintErrf("amdahl: wrote %s: %s on %s of machine, %s\n", out, words.Count(len(c.Runs), "run"), words.Count(len(c.Kinds), "kind"), words.Count(len(c.Outliers), "outlier"))
			if len(problems) > 0 {
				return errSaid
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVarP(&out, "output", "o", "", "page to write (required)")
	f.BoolVar(&o.Names, "names", false, "show the names of the files")
	f.StringVar(&o.Title, "title", "", "title of the page")
	return cmd
}

// classFiles reads the runs. A file that cannot be read is a problem, and the others
// go on. Patterns are for shells that do not expand them.
func classFiles(args []string) (files []class.File, problems []error, err error) {
	var paths []string
	for _, a := range args {
		list := []string{a}
		if _, err := os.Stat(a); err != nil && strings.ContainsAny(a, "*?[") {
			if list, err = filepath.Glob(a); err != nil || len(list) == 0 {
				return nil, nil, usageError{fmt.Errorf("%s: no file has such a name", a)}
			}
		}
		for _, p := range list {
			if slices.Contains(paths, p) {
				continue
			}
			paths = append(paths, p)
		}
	}
	for _, p := range paths {
		f, err := classFile(p)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		files = append(files, f)
	}
	return files, problems, nil
}

// classFile reads a run file, or the run in a submission.
func classFile(path string) (class.File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return class.File{}, err
	}
	if strings.HasSuffix(path, ".json") && bytes.Contains(text, []byte(grade.Schema)) {
		s, err := grade.ReadSubmission(path)
		if err != nil {
			return class.File{}, err
		}
		if s.Run == "" {
			return class.File{}, fmt.Errorf("%s: there is no run in this submission", path)
		}
		text = []byte(s.Run)
	}
	set, err := read.Files([]string{"-"}, bytes.NewReader(text), read.Options{Command: "amdahl class merge", Args: []string{path}})
	if err != nil {
		return class.File{}, fmt.Errorf("%s: %s", path, words.Clean(err.Error()))
	}
	return class.File{Name: filepath.Base(path), Text: text, Set: set}, nil
}
