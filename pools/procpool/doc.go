// Package procpool runs functions in worker processes: multiprocessing.Pool
// for Go.
//
// A program calls [ServeIfWorker] first thing in main (and in TestMain), and
// registers functions at package level:
//
//	var Square = procpool.Register("square/v1", func(ctx context.Context, x int) (int, error) {
//		return x * x, nil
//	})
//
//	func main() {
//		procpool.ServeIfWorker()
//		pool, err := procpool.Start(ctx, procpool.Options{})
//		…
//		defer pool.Close()
//		nine, err := Square.Call(ctx, pool, 3)
//		squares, err := Square.Map(ctx, pool, []int{1, 2, 3})
//	}
//
// [Call] waits, [Submit] returns a [Future], [Map] and [MapAsync] do so for a
// slice, [Ordered] and [Unordered] are lazy; each is a function and a method of
// [Func]. With Options.Transport set to Goroutines the same program runs
// without processes. README.md in this folder is the reference: every call
// beside Python's, and what does not travel.
//
// # The promise
//
// Every call that waits returns within its context plus Options.Grace plus one
// second, whatever the worker, the input, an output writer, the operating
// system or another pool does: a worker that is stopped, even while it
// answers; an encoder, a decoder or an input that does not return; a writer
// that blocks; a descriptor that a third process holds open. Close returns
// when running tasks have ended or were killed by their own limits, Terminate
// within one second, Shutdown by its context and that second. Goroutines cannot
// be killed: with them calls return all the same, and Close and Terminate
// report what still runs as a [*LeftError].
//
// A task fails alone. One that returns an error of any kind, panics, calls
// Goexit, or whose argument or result cannot be encoded or decoded, changes no
// other. A worker that dies takes with it the one task that it was running:
// what its chunk had finished has its results, what comes after that and
// chunks sent ahead run elsewhere, and the worker is replaced. Errors keep
// their type where they can: see [RemoteError], [PanicError], [CodecError],
// [WorkerError].
//
// What a worker sends is not believed: it cannot bring down the parent, nor
// make it take more than twice the memory of what arrived and 64 KiB. A
// shortage of descriptors, processes or memory delays a pool and breaks it
// only when Options.StartTime has passed. Mistakes of the caller (a nil
// context, a pool that Start did not make, a task that waits for its own pool)
// are errors or panics at once.
//
// # How it works
//
// Each worker has a link to its parent, over which frames go both ways: in
// shared memory (Linux), or over two pipes. Small tasks travel in frames of
// their own, each with its own error; what makes that fast is that many are
// sent ahead. How many is decided from how long they take: about a fifth of
// a millisecond of work. Work sent ahead is not lost to others: a page of
// memory that worker and parent share says which frame has begun, lets the
// parent take back those that have not, when another worker has nothing to do
// or when this one dies, and keeps the results of the frame that is running.
//
// Beside the link a socket carries cancellations and shared arrays; its end,
// when the parent is no more, ends the worker. On Linux the kernel sees to it
// too. A worker inherits no descriptor but that socket, as its standard input,
// and gets the others over it: nothing can leak into processes that its
// packages start before main runs. Standard input, output and error are no
// part of this; a worker's standard input is empty.
package procpool
