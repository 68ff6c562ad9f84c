package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/bench/gotest"
)

// writable returns why the file of --trace cannot be made, before anything is
// measured.
func writable(file string) error {
	info, err := os.Stat(filepath.Dir(file))
	if err == nil && !info.IsDir() {
		err = errors.New("not a directory")
	}
	if err != nil {
		return usageError{fmt.Errorf("--trace %s: %w", file, err)}
	}
	return nil
}

// joinTraces makes the timeline of --trace and says which files there are.
func (m *measurement) joinTraces(cmd *cobra.Command, t *gotest.Tracing) error {
	made, err := t.Join()
	if err != nil || m.quiet || len(made.Timelines) == 0 {
		return err
	}
	cmd.PrintErrf("amdahl: timeline: %s: open it in ui.perfetto.dev\n", strings.Join(made.Timelines, ", "))
	for _, n := range made.Notes {
		cmd.PrintErrf("amdahl: timeline: %s\n", n)
	}
	if len(made.Traces) > 0 {
		cmd.PrintErrf("amdahl: the traces it was made of, each for go tool trace: %s\n", strings.Join(made.Traces, ", "))
	}
	return nil
}
