package bench

import (
	"cmp"
	"time"

	"amdahl/pools/remote"
	"amdahl/workloads/cores"
)

// Two names in the literals are parts of the sweep "remote": computing with a planted
// serial part, and waiting.
const (
	remoteSlow = "remoteslow"
	remoteWait = "remotewait"
)

// What the sweep remote measures.
var (
	// remoteLinks are the emulated networks of the planted curves; the zero value is
	// none.
	remoteLinks = []remote.Link{{}, {RTT: 2 * time.Millisecond}, {RTT: 20 * time.Millisecond}}

	// remotePlanted are serial fractions that are planted, each with a number of tasks
	// that makes it whole. The parallel tasks divide into at least 32 ranges for each
	// of 1, 2, 4, 8 and 16 workers, nearly all of one length. One worker takes at least
	// 240 of the longest round trips for the job: what a round trip adds looks like a
	// serial part of at most 1/240.
	remotePlanted = []plantedCase{{serial: 0.1, tasks: 1280}, {serial: 0.25, tasks: 1024}}

	// remoteWindows is how many ranges wait with each worker, for the curve of
	// throughput over an emulated network of 20 ms.
	remoteWindows = []int{0, 1, 3, 7, 15}
)

const (
	// remoteTask is how long a task of the planted curves takes on a slow core, in
	// microseconds.
	remoteTask = 4800
	// remotePrefetch ranges wait with each worker of the planted curves. The shortest
	// ranges are single tasks: seven of them take longer than a round trip.
	remotePrefetch = 7
	// queueTasks is how many tasks of 5 ms each queue hands out: 40 for each of 16 workers,
	// so that the start and the end of a job are a small part of it.
	queueTasks = 640
	// windowTasks is how many tasks the curve of throughput has: 32 for each of 16 workers.
	windowTasks = 512
)

// remoteParts are the plans of the sweep remote:
//
//   - computing on 1 to 16 slow cores with a planted serial part, over three networks;
//   - waiting tasks under each queue on 1, 4 and 16 workers, to compare the efficiency, with
//     no range waiting for a worker and with three;
//   - waiting tasks on 16 workers over 20 ms, by the number of ranges that wait.
//
// Flags replace what the sweep presets, but for the serial parts.
func (p Plan) remoteParts(given bool) []Plan {
	slow := p
	slow.Sweep, slow.Slow = remoteSlow, cmp.Or(p.Slow, fewSlow)
	if !given {
		slow.Models = []cores.Model{slowBy(slow.Slow)}
	}
	slow.Spin = remoteTask / max(1, slow.Models[0].Slowdown)
	if slow.Levels == nil {
		slow.Levels = powersTo(slow.Slow)
	}
	if slow.Remote.Links == nil {
		slow.Remote.Links = remoteLinks
	}
	if slow.Remote.Prefetch == nil {
		slow.Remote.Prefetch = []int{remotePrefetch}
	}
	var parts []Plan
	for _, t := range remotePlanted {
		slow.Serial, slow.Tasks = t.serial, cmp.Or(p.Tasks, t.tasks)
		parts = append(parts, slow)
	}

	wait := p
	wait.Sweep, wait.Serial = remoteWait, 0
	queues := wait
	queues.Tasks = cmp.Or(p.Tasks, queueTasks)
	if queues.Levels == nil {
		queues.Levels = []int{1, 4, fewSlow}
	}
	if queues.Remote.Queues == nil {
		queues.Remote.Queues = remote.Queues
	}
	if queues.Remote.Prefetch == nil {
		queues.Remote.Prefetch = []int{0, 3}
	}
	windows := wait
	windows.Tasks = cmp.Or(p.Tasks, windowTasks)
	if windows.Levels == nil {
		windows.Levels = []int{fewSlow}
	}
	if windows.Remote.Links == nil {
		windows.Remote.Links = remoteLinks[len(remoteLinks)-1:]
	}
	if windows.Remote.Prefetch == nil {
		windows.Remote.Prefetch = remoteWindows
	}
	return append(parts, queues, windows)
}
