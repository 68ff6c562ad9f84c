// Amdahl reads benchmark results measured at several numbers of workers and
// says how the work gets faster, where that stops, and why.
//
//	go test -bench . -cpu 1,2,4 -count 10 | amdahl fit
//
// See amdahl -h, and amdahl COMMAND -h for an example of each command.
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
