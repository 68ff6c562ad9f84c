package contract

// The marks of a benchmark in a Go execution trace: logs of the category MarkCategory.
// Package bench/overlay writes them, package bench/losses reads them. A message is one
// of these words, with its arguments behind it:
//
//	reset                          what was counted so far is forgotten: another run of the benchmark begins
//	begin PROCS WORKERS            the timer starts, at this GOMAXPROCS, for this many workers
//	end                            the timer stops
//	result N PROCS NAME            the timed region since the last reset was N operations of this benchmark
const (
	MarkCategory = "amdahl"
	MarkReset    = "reset"
	MarkBegin    = "begin"
	MarkEnd      = "end"
	MarkResult   = "result"
)
