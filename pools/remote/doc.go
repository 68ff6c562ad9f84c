// Package remote runs tasks on workers of other processes and other machines,
// with NATS between them (https://nats.io): the strategy remote.
//
// The process that measures is the coordinator. It has a [Hub], which is
// connected to a NATS server: one that it starts itself inside this process, on
// loopback only unless told otherwise, or one that exists. A node is another
// process of the same program, on any machine, that has joined ([Join]). A node
// runs the tasks of one or several workers; a worker runs one task at a time.
//
//	coordinator ──► NATS server ──► node 1 (workers 1, 2)
//	     ▲              │      └──► node 2 (worker 3)
//	     └── answers ◄──┘
//
// Tasks travel as ranges of indices, specs as text, and code never. A node
// refuses a spec that its own catalogue does not have. Before a node is taken,
// the version of the protocol, the hash of the sources and the hash of the
// catalogue are compared; a different build is refused by name.
//
// There are three ways for ranges to reach workers, see [Queues]:
//
//	pull        a work queue of JetStream: a node asks when it has room
//	queuegroup  a queue group of core NATS: each range goes to a random worker
//	request     the coordinator sends a range to a node that has room
//
// # What is promised
//
// The promises of package pools hold. In addition each range counts once,
// however often it is delivered. The range of a worker that was killed, stopped
// or cut off goes to another one after [Options.Lease]. A node that joins while
// workers are missing gets work. A Run ends with an error, and does not hang,
// when nobody has worked on a range for [Options.Patience].
//
// # What a hostile node can do
//
// A node that has the token can answer with a wrong sum, which the sum of the
// plain loop finds, and it can take work and not do it, which ends with
// Options.Patience. It cannot make the coordinator panic, keep it from
// returning, or use up its memory: every message has a limit ([Limits]), and
// under the server that the coordinator starts a node may only ask for work and
// report.
package remote
