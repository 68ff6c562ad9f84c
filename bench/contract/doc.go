// Package contract holds the words that both sides of benchmark text share.
// Package bench and its folders write them, package results and its folders read
// them. A word is written down here once, so a word that is changed or added
// cannot be missed by the other side.
//
//   - keys.go: the keys of configuration lines, "key: value".
//   - names.go: the keys in the names of benchmarks, /key=value, and their fixed values.
//   - units.go: the units of metrics.
//   - causes.go: the causes of [Causes], under which worker time is counted.
//   - states.go: what a task, a goroutine and a processor do at a moment.
//   - trace.go, events.go and operation.go: the schema of traces, and their one writer.
//
// The package knows no workload, no strategy and no law, and it imports nothing
// but the standard library. Sentences, titles and colours belong to the readers.
package contract
