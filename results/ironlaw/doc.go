// Package ironlaw splits the time of a task into its factors, at every level of
// workers. The processors' side is the iron law,
//
//	CPU time = instructions × cycles per instruction × seconds per cycle
//
// and the time that passes is the CPU time over the processors that are busy:
//
//	wall time = CPU time / busy
//
// All are per task. More workers should leave the instructions as they are and
// raise the busy processors. Where a task gets dearer the factor that grows says
// why: the instructions (dispatch, spinning, copying), the cycles that each takes
// (caches, processors that share a core, memory), or the length of a cycle (the
// clock).
//
// Source: J. S. Emer, D. W. Clark, A Characterization of Processor Performance in
// the VAX-11/780, ISCA 1984; J. L. Hennessy, D. A. Patterson, Computer
// Architecture: A Quantitative Approach, section 1.9.
package ironlaw
