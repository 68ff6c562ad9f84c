// Command grade grades submissions to the labs, in an image of a platform: it is the part of
// amdahl that a pack needs, and small. amdahl lab pack builds it.
//
//	grade --lab third --format gradescope -o results.json SUBMISSION
//	grade --warm
//
// The labs with their hidden tests stand in the folder labs beside the program, and so may
// Go, in the folder go, and a build cache, in the folder cache. --warm fills the cache,
// when an image is made.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"

	"amdahl/bench/labs"
	"amdahl/cmd/grading"
	"amdahl/results/grade"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var names []string
	for _, f := range grade.Formats {
		names = append(names, f.Name)
	}
	flags := flag.NewFlagSet("grade", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var j grading.Job
	flags.StringVar(&j.Lab, "lab", "", "the lab that the submission must be of")
	flags.StringVar(&j.Format, "format", "text", "one of "+strings.Join(names, ", "))
	flags.StringVar(&j.Output, "o", "", "write this file")
	flags.Float64Var(&j.FailUnder, "fail-under", 0, "end with status 1 below this many per cent")
	flags.StringVar(&j.Student, "student", "", "who handed in, by the platform")
	flags.StringVar(&j.Metadata, "metadata", "", "Gradescope's submission_metadata.json")
	flags.StringVar(&j.Trial.User, "user", "", "run student code as this user; without it student, else nobody")
	flags.BoolVar(&j.NoRace, "no-race", false, "leave the race detector out also where there is a C compiler: without a build cache it takes a minute more")
	warm := flags.Bool("warm", false, "fill the build cache, and grade nothing")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	here, err := os.Executable()
	if err != nil {
		fmt.Fprintln(stderr, "grade:", err)
		return 1
	}
	here = filepath.Dir(here)
	j.Labs = os.DirFS(filepath.Join(here, "labs"))
	j.Trial.Go, j.Trial.Cache = beside(here)
	j.Trial.Cold = j.NoRace && j.Trial.Cache == "" // as on Classroom 50
	if *warm {
		if err := fill(ctx, j); err != nil {
			fmt.Fprintln(stderr, "grade:", err)
			return 1
		}
		return 0
	}
	if flags.NArg() != 1 {
		fmt.Fprintln(stderr, "grade: one submission is wanted: grade --lab NAME --format FORMAT -o FILE SUBMISSION")
		return 2
	}
	j.Submission = flags.Arg(0)
	status, err := j.Run(ctx, stdout, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "grade:", err)
		if errors.As(err, new(grading.UsageError)) {
			return 2
		}
		return max(status, 1)
	}
	return status
}

// beside finds Go and the build cache beside the program: "" where there is none.
func beside(here string) (command, cache string) {
	command = filepath.Join(here, "go", "bin", "go")
	if runtime.GOOS == "windows" {
		command += ".exe"
	}
	if _, err := os.Stat(command); err != nil {
		command = ""
	}
	cache = filepath.Join(here, "cache")
	if info, err := os.Stat(cache); err != nil || !info.IsDir() {
		cache = ""
	}
	return command, cache
}

// fill compiles what submissions need: it stays in the build cache.
func fill(ctx context.Context, j grading.Job) error {
	for _, name := range labs.Names {
		lab, err := labs.OpenIn(j.Labs, name)
		if err != nil {
			continue // a pack has one lab
		}
		if err := grading.Warm(ctx, lab, j.Trial); err != nil {
			return err
		}
	}
	return nil
}
