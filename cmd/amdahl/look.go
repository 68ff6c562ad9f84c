package main

import (
	"github.com/spf13/cobra"

	"amdahl/results/report"
)

// tableFlags say how much of a table is printed.
type tableFlags struct{ brief, wide, verbose bool }

func (t *tableFlags) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&t.brief, "brief", false, "only the table and its footnotes, without the sentences about what limits each series")
	f.BoolVar(&t.wide, "wide", false, "all columns: max, κ, peak and error too")
	f.BoolVar(&t.verbose, "verbose", false, "also the footnotes about how the numbers were made")
}

// options are the options of a table with these flags.
func (t *tableFlags) options(o report.Options) report.Options {
	o.Brief, o.Wide, o.Verbose = t.brief, t.wide, t.verbose
	return o
}
