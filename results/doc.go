// Package results is the model that all readers of benchmark text share: plain
// data, nothing that reads or draws. A [Curve] is one series, with a [Name], its
// levels of workers, and the samples of each; its [Source] says whether it was
// measured at all. A [Set] is everything that one reading of the input gave.
//
// The packages below it are the stages of one pipeline, in this order:
//
//  1. read turns files into a Set. What cannot be used becomes a [Complaint] with
//     file and line. A [Filter] says which curves to keep.
//  2. laws analyses a curve: it summarises the levels (stats), accounts for the
//     worker time (why), fits the scaling laws and chooses among them.
//  3. One question each is asked of an analysis: gate (does it keep limits),
//     truth (did a planted truth come back), bound (does it compute or wait),
//     ironlaw (instructions, cycles, clock). trace reads who did what when, replay
//     simulates, and whatif asks of a recorded run what it would be otherwise.
//  4. groups says which curves stand together. charts makes figures, as plain
//     data, and draws them. report prints tables, JSON and the page.
//
// words writes numbers for all of them, and save writes whole files.
//
// Times add, speedups do not: everything up to the last stage is in seconds
// per task.
package results
