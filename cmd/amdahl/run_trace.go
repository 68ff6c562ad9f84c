package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/bench/gotest"
	"amdahl/bench/rounds"
	"amdahl/results/words"
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

// profiling prepares the profiled rounds of --why; nil where there are none. past is what is
// gone on with, or nil.
func (m *measurement) profiling(temp string, past *rounds.Past) (*gotest.Profiling, error) {
	if !m.plan.why || m.plan.command() || !m.plan.compiled {
		return nil, nil
	}
	keep := ""
	if m.path() != "" {
		keep = profilesOf(m.path())
	}
	done := 0
	if past != nil {
		if kept, _ := os.ReadDir(keep); len(kept) == 0 {
			past.Profiled = 0 // the profiles were not kept, or have stayed elsewhere
		}
		done = past.Profiled
	}
	return gotest.NewProfiling(temp, keep, done)
}

// profilesOf is the directory of the profiles that belong to a file of results.
func profilesOf(file string) string {
	return strings.TrimSuffix(file, filepath.Ext(file)) + ".profiles"
}

// profiled says what the profiled rounds left.
func (m *measurement) profiled(cmd *cobra.Command, p *gotest.Profiling) {
	if p == nil || m.quiet {
		return
	}
	for _, n := range p.Notes {
		cmd.PrintErrf("amdahl: %s\n", n)
	}
	if len(p.Kept) > 0 {
		cmd.PrintErrf("amdahl: %s in %s, for go tool pprof; which lines do not scale: amdahl where %s\n",
			words.Count(len(p.Kept), "profile"), profilesOf(m.path()), quote(m.path()))
	}
}
