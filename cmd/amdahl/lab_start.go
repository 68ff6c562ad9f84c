package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"amdahl/bench/labs"
	"amdahl/results/grade"
)

// studentID is what an id may look like: it goes into files, and to platforms.
var studentID = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,63}$`)

func labStartCommand() *cobra.Command {
	var student string
	cmd := &cobra.Command{
		Use:   "start NAME [DIR]",
		Short: "Make the folder of a lab",
		Long: `Start makes a folder with the exercise: a Go module of its own, which needs nothing
but Go. Your work depends on your id: use the one that your lecturer knows.`,
		Example: `  amdahl lab start third --student ada
  amdahl lab start pool work/pool --student ada`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usageError{fmt.Errorf("start takes the name of a lab, and a folder: amdahl lab start %s", labs.Names[0])}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := labs.Open(args[0])
			if err != nil {
				return usageError{err}
			}
			dir := args[len(args)-1]
			if student == "" {
				if u, err := user.Current(); err == nil {
					student = filepath.Base(u.Username)
				}
				cmd.PrintErrf("amdahl: your id is taken to be %s; if that is not the one that your lecturer knows, remove %s and start again with --student ID\n", student, dir)
			}
			if !studentID.MatchString(student) {
				return usageError{fmt.Errorf("--student %q: write letters, digits and . _ @ + -, at most 64", student)}
			}
			if err := startLab(l, dir, student, time.Now()); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "Lab %d, %q, is in %s. It takes about %d minutes.\nRead handout.md there. Then:\n\n  cd %s\n  amdahl lab predict\n", l.Number, l.Title, dir, l.Minutes, quote(dir))
			return err
		},
	}
	cmd.Flags().StringVar(&student, "student", "", "your id, as your lecturer knows it; without it your user name")
	return cmd
}

// startLab writes the folder of a lab. It must not exist, or be empty.
func startLab(l *labs.Lab, dir, student string, now time.Time) error {
	list, err := os.ReadDir(dir)
	switch {
	case err == nil && len(list) > 0:
		return fmt.Errorf("%s exists and is not empty: go on there, or name another folder, as in amdahl lab start %s %s", dir, l.Name, quote(dir+"2"))
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	files, err := l.Exercise()
	if err != nil {
		return err
	}
	if files["handout.md"], err = l.Handout(); err != nil {
		return err
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
	f := labFolder{dir, l, &grade.Submission{Schema: grade.Schema, Lab: l.Name, Student: student, Seal: grade.Start(l.Name, student, now), Answers: map[string]string{}}}
	return f.save()
}
