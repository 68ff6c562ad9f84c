// Package results reads benchmark text and says what it means.
//
// This is the first of the packages of one pipeline; each stage is a package:
//
//  1. results.Read turns benchmark text into a list of [Measurement].
//  2. results.Curves groups the measurements into one [Curve] a series:
//     levels of workers, each with its samples.
//  3. laws.Analyze fits the scaling laws to a curve and chooses among them.
//  4. charts turns an analysis into a figure, as plain data, and draws it.
//  5. report prints tables and writes the HTML page.
//
// Times add, speedups do not: everything up to the last stage is in seconds
// per task.
package results
