package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"amdahl/bench/critical"
	"amdahl/results/report"
)

// regionAsked answers what a Go trace would be if a region took another time.
func regionAsked(cmd *cobra.Command, args []string, q critical.Question, asJSON bool) error {
	if !(q.Times >= 0 && q.Times <= 1000) {
		return usageError{fmt.Errorf("--times %g: write a number from 0 to 1000, as in 0.5", q.Times)}
	}
	in, name, done, err := openGoTrace(cmd, args)
	if err != nil {
		return err
	}
	defer done()
	a, err := critical.WhatIf(in, q)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	answer := report.Region{Run: runName(name), Region: q.Region, Times: q.Times, Count: a.Regions, Recorded: float64(a.Time) * 1e-9, Inside: float64(a.Inside) * 1e-9}
	answer.Low, answer.High = min(a.Asked, a.Other)*1e-9, max(a.Asked, a.Other)*1e-9
	if asJSON {
		return report.RegionJSON(cmd.OutOrStdout(), answer)
	}
	return report.RegionAsked(&cleanWriter{w: cmd.OutOrStdout()}, answer, terminal(cmd, nil))
}
