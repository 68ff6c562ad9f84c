// Weather asks whether amdahl run can be believed on a machine where other programs
// run: planted serial fractions and a lock are measured beside loads of several kinds,
// and what is found is held against a quiet reference.
//
//	go build -o bin/amdahl ./cmd/amdahl && go build -o bin/weather ./cmd/weather
//	bin/weather measure results/runs/local/TIME/weather
//	bin/weather show results/runs/local/TIME/weather
//
// Every situation is one call of amdahl run, whose rounds are cut into repeats: all
// programs share the rounds. The results are Go benchmark text, a file for each.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"amdahl/bench/load"
)

// Exit statuses of both subcommands.
const (
	done      = 0
	failed    = 1 // of show: too many repeats are wrong
	usage     = 2
	undecided = 3 // of show: the reference has too few sound rounds
)

func main() {
	if len(os.Args) == 4 && os.Args[1] == load.Arg {
		os.Exit(makeLoad(os.Args[2], os.Args[3], os.Stdin))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program: results go to stdout, messages to stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		switch args[0] {
		case "measure":
			return measure(ctx, args[1:], stderr)
		case "show":
			return show(ctx, args[1:], stdout, stderr)
		}
	}
	fmt.Fprintln(stderr, "weather: write weather measure DIR, and then weather show DIR; both have -h")
	return usage
}
