// Package results reads benchmark text and says what it means.
//
// This is the first of the packages of one pipeline; each stage is a package:
//
//  1. results.Read turns benchmark text, CSV or hyperfine's JSON into one
//     [Curve] a series: levels of workers, each with its samples. What cannot
//     be used becomes a [Complaint] with file and line; what was skipped, and
//     what watches the machine, stands beside the curves in the [Set]. The
//     [Source] of a curve says whether it was measured at all.
//  2. results.ParseFilter says which curves to keep.
//  3. laws.AnalyzeEach summarises the levels of each curve (package stats) and
//     its account of worker time (package why), fits the scaling laws, and
//     chooses among them; laws.Compare holds two analyses of a series against each other,
//     gate.Check one against limits, truth.Verify against what was planted
//     and against the simulator, replay.Run.
//  4. charts.Scaling turns analyses into a figure, as plain data, and
//     charts.Save draws it. charts.Verification holds what was found against
//     what was planted.
//  5. report.Table, report.JSON, report.Predictions and report.Comparisons
//     print; report.Write writes the page with all of it.
//
// Times add, speedups do not: everything up to the last stage is in seconds
// per task.
package results
