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
//		nine, err := procpool.Call(ctx, pool, Square, 3)
//		squares, err := procpool.Map(ctx, pool, Square, []int{1, 2, 3})
//	}
//
// [Call] waits, [Submit] returns a [Future], [Map] and [MapAsync] do so for a
// slice, [Ordered] and [Unordered] are lazy. With Options.Transport set to
// Goroutines the same program runs without processes.
//
// # When things go wrong
//
// Nothing hangs and nothing is lost. A task that returns an error, panics,
// calls Goexit, or whose argument or result cannot be encoded or decoded,
// fails alone. A worker that dies takes with it only the chunk that it was
// running: tasks of the chunk after the one at hand, and chunks sent ahead,
// run elsewhere, and the worker is replaced. Errors keep their type where they
// can: see [RemoteError], [PanicError], [CodecError], [WorkerError].
//
// # How it works
//
// Each worker has a link to its parent, over which frames go both ways: in
// shared memory (Linux), or over two pipes. Small tasks travel in frames of
// their own, each with its own error; what makes that fast is that many are
// sent ahead. How many is decided from how long they take: about a fifth of
// a millisecond of work. Work sent ahead is not lost to others: a page of
// memory that worker and parent share says which frame has begun, and lets
// the parent take back those that have not, when another worker has nothing
// to do or when this one dies.
//
// Beside the link a lifeline pipe carries cancellations; its end, when the
// parent is no more, ends the worker. On Linux the kernel sees to it too.
// Standard input, output and error are no part of this.
package procpool
