package main

import (
	"fmt"
	"io"
	"runtime"

	"amdahl/bench/rounds"
)

// aboutMachine fills in what a run is to note of the machine.
func aboutMachine(o *rounds.Options) {
	o.Environment = func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "goos: %s\ngoarch: %s\ncpu-count: %d\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
		return err
	}
}

// canMeasure says why work that computes cannot be measured on n processors.
func canMeasure(n int) error {
	if has := runtime.NumCPU(); n > has {
		return fmt.Errorf("-x cpu=%d: this process may use %d processors, and more levels would share them: leave out the levels above %d, or use slow cores (-cores slow in this project's own benchmarks)", n, has, has)
	}
	return nil
}
