// Contest compares amdahl run with go test -cpu -count where a load on the
// machine comes and goes: which of the two finds a planted serial fraction
// more exactly?
//
//	go build -o bin/contest ./cmd/contest && go test -c -o bin/planted ./cmd/contest
//	bin/contest measure > contest.txt
//	bin/contest show -o contest.svg contest.txt
//
// Both methods measure BenchmarkPlanted of this package, in turn, for the same
// total time: each repeat runs one method and then the other, under a load of
// the same seed. What they wrote becomes one file of Go benchmark text, in
// which a benchmark's name has the method and the repeat.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"

	"amdahl/bench/load"
)

// Exit statuses of both subcommands.
const (
	done      = 0
	failed    = 1 // of show: the first method is not clearly better
	usage     = 2
	undecided = 3 // of show: the repeats cannot tell
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == load.Arg {
		os.Exit(makeLoad(os.Args[2], os.Stdin))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program: results go to stdout, messages to stderr.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		switch args[0] {
		case "measure":
			return measure(ctx, args[1:], stdout, stderr)
		case "show":
			return show(ctx, args[1:], stdin, stdout, stderr)
		}
	}
	fmt.Fprintln(stderr, "contest: write contest measure > FILE, and then contest show FILE; both have -h")
	return usage
}
