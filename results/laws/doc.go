// Package laws fits scaling laws to a curve of measured times, says how sure
// that is, chooses the law that the data support, and puts the result in
// words.
//
//  1. [Analyze] brings the curve down to its levels: the mean of log time at each,
//     with the spread of the samples as pure error.
//  2. Every law of [All] that the levels can carry is fitted by weighted least
//     squares within its bounds, T(1) along with the parameters.
//  3. The intervals rest on whole rounds where they are known, else on the samples,
//     with an effect of each level that the misfit of the law makes larger; where
//     nothing was repeated, on the level means. [Fit.Method] says which.
//  4. AICc and exact tests choose the law; [Analysis.Diagnosis] says what it
//     means.
//
// Times add, speedups do not: the laws are linear in time, and so are the
// fits. All functions are safe for concurrent use; nothing here has state.
package laws
