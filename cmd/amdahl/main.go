// Amdahl measures work at several numbers of workers, or reads benchmark
// results of others, and says how it gets faster, where that stops, and why.
//
//	amdahl run ./pkg --bench Index -x cpu=1,2,4,8 -o index.txt
//	go test -bench . -cpu 1,2,4 -count 10 | amdahl fit
//
// See amdahl -h, and amdahl COMMAND -h for an example of each command.
package main

import (
	"context"
	"os"
)

func main() {
	if mark := os.Getenv(watchEnv); mark != "" {
		watcherMain(mark)
		return
	}
	watcherProgram, _ = os.Executable()
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
