// Package replay runs a job on a machine that does not exist: a
// discrete-event simulator of tasks with given or recorded times, for any
// number of workers and cores.
//
//  1. A [Job] is tasks; a [Task] is phases of compute, of compute under one
//     lock, and of waiting. [Equal] makes a job of equal tasks.
//  2. [Job.WithoutLock], [Job.Scale], [Job.Split] and the other edits ask
//     what if.
//  3. [Run] runs the job on a [Machine] and says how long it takes, and where
//     the time of the workers went, by cause.
//  4. [Bound] says between which times it must lie, without running it.
//
// An operation runs as a benchmark of a pool does. First the serial tasks run
// one by one, and the workers idle. Then every worker that has nothing to do
// takes the next tasks from one queue, in order. The operation ends when the
// last task ended.
//
// Time is counted in whole nanoseconds and nothing is random: the same job
// on the same machine gives the same outcome everywhere. What happens at the
// same instant happens in the order of the workers. Caches, memory bandwidth
// and the clock of a processor are not simulated: compute takes as long in
// parallel as alone.
//
// All functions are safe for concurrent use; nothing here has state.
package replay
