package procpool

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
)

// conformance is what the pool must show: P001 to P213 are drawn from the
// tests of CPython's multiprocessing and concurrent.futures and of loky, the
// rest are our own. Each has a test, or the reason why not. A function stands
// beside every behaviour that it tests.
var conformance = []struct {
	id, behaviour string
	test          func(*testing.T, Transport)
	on            []Transport
	why           string // there is no test here
}{
	{"P001", "synchronous call with positional args, then with keyword args", testCall, everywhere, ""},
	{"P003", "starmap unpacks tuples; default and chunksize=20", testMap, everywhere, ""},
	{"P004", "async starmap + get()", testMap, everywhere, ""},
	{"P005", "map_async(...).get()", testMap, everywhere, ""},
	{"P006", "callback gets the whole result list once; error_callback gets the exception once", testOnDone, everywhere, ""},
	{"P007", "argument whose encoder fails", testEncodeError, processes, ""},
	{"P008", "map_async over empty input with chunksize=1 and get(timeout)", testEmptyAsync, everywhere, ""},
	{"P009", "input iterator raises at first item / at item 3 / from __next__ with __len__", testInputError, everywhere, ""},
	{"P010", "apply_async sleeping T then get()", testSleepAndTimeout, everywhere, ""},
	{"P011", "get(timeout) on a task longer than the timeout", testSleepAndTimeout, everywhere, ""},
	{"P012", "imap yields in order; StopIteration at end; chunksize 100 over 1000", testOrdered, everywhere, ""},
	{"P013", "input error at item k with chunksize 1/2/4", testInputError, everywhere, ""},
	{"P014", "set of results complete for chunk 1 and 100", testOrdered, everywhere, ""},
	{"P015", "input error mid-way, unordered", testInputError, everywhere, ""},
	{"P016", "Pool(-1), Pool(0); Pool(3)", testOptions, everywhere, ""},
	{"P019", "with-block then use", testAfterEnd, everywhere, ""},
	{"P020", "remote exception keeps type, args and the remote traceback text (cause); a local iterator error is not wrap…", testErrors, everywhere, ""},
	{"P021", "thread pool must not wrap the exception (issue 20980)", testErrors, everywhere, ""},
	{"P022", "one of the tasks raises a 1 MiB error message; close+join afterwards (issue 23992)", testHugeErrors, everywhere, ""},
	{"P023", "args and results not kept alive after completion (issue 29861)", testRefs, everywhere, ""},
	{"P025", "pool dropped without close warns", nil, nil, "a library does not log; a pool that is dropped ends with the program (P031)"},
	{"P028", "maxtasksperchild=10, 100 tasks, 3 workers", testMaxTasks, processes, ""},
	{"P029", "maxtasksperchild=1, close() before tasks finish (issue 10332)", testCloseFinishes, everywhere, ""},
	{"P031", "pool leaked in a global, interpreter exits (bpo-38744, bpo-39360)", testLeave, processes, ""},
	{"P032", "4th of 5 worker starts fails (issue 19675)", testStartFails, processes, ""},
	{"P033", "initializer runs in each worker; non-callable rejected", testInit, everywhere, ""},
	{"P035", "non-fork child must not inherit unrelated fds", testFDs, processes, ""},
	{"P036", "pool created inside a child process", testNested, processes, ""},
	{"P039", "Pool(200) map over 1000 (gh-89240)", testLargePool, processes, ""},
	{"P040", "terminate/kill a running child", testKilled, processes, ""},
	{"P041", "waitable handle; 10 processes with repeated terminate", testTerminate, everywhere, ""},
	{"P043", "broken stdout/stderr in child", testNoise, processes, ""},
	{"P044", "signals during large transfers", testSignals, processes, ""},
	{"P046", "atexit handlers run in a normally ending child", testInit, everywhere, ""},
	{"P047", "imap/imap_unordered with buffersize over an infinite iterator", testInfinite, everywhere, ""},
	{"P048", "submit(pow,2,8).result()", testCall, everywhere, ""},
	{"P049", "keyword args incl. names self/fn; missing fn rejected", testUnknown, processes, ""},
	{"P050", "map over several iterables, chunksize=3", testMap, everywhere, ""},
	{"P052", "map with timeout, third item slow", testDeadlineIter, everywhere, ""},
	{"P053", "shutdown right after map", testCloseFinishes, everywhere, ""},
	{"P055", "0 and -1", testOptions, everywhere, ""},
	{"P056", "result iterator keeps no reference to yielded results (issue 14406)", testRefs, everywhere, ""},
	{"P058", "sandbox denies sysconf", testDenied, firstOf(processes), ""},
	{"P059", "terminate a worker while a task runs", testKilled, processes, ""},
	{"P060", "each future gets its own exception", testOthersLive, processes, ""},
	{"P061", "chunksize 6, 40, 50 over 40; -1", testChunkArgs, everywhere, ""},
	{"P062", "remote traceback in cause", testErrors, everywhere, ""},
	{"P063", "os._exit(99) in task (gh-139462)", testKilled, processes, ""},
	{"P064", "argument released in worker after the call", testWorkerRefs, processes, ""},
	{"P065", "15 x max_workers blocked tasks", testSaturation, everywhere, ""},
	{"P066", "three sequential submits", testLazy, everywhere, ""},
	{"P067", "mixed submits", testLazy, everywhere, ""},
	{"P068", "limit 3, 1 worker", testMaxTasks, processes, ""},
	{"P070", "limit 2 with a backlog", testMaxTasks, processes, ""},
	{"P071", "shutdown(wait=False) while a worker is being recycled", testEndWhileRecycling, everywhere, ""},
	{"P072", "pool dropped while recycling", testEndWhileRecycling, everywhere, ""},
	{"P073", "terminate/kill while recycling", testEndWhileRecycling, everywhere, ""},
	{"P074", "respawn fails with OSError", testRespawnFails, processes, ""},
	{"P075", "limit 1, shutdown with 6 queued on 3", testCloseFinishes, everywhere, ""},
	{"P077", "SIGTERM vs SIGKILL variants", testTerminate, everywhere, ""},
	{"P078", "force shutdown with a running task", testTerminate, everywhere, ""},
	{"P079", "force shutdown of a broken pool", testAfterEnd, everywhere, ""},
	{"P080", "force shutdown before any start", testLazy, everywhere, ""},
	{"P081", "submit after force shutdown", testAfterEnd, everywhere, ""},
	{"P082", "submit after shutdown", testAfterEnd, everywhere, ""},
	{"P083", "main ends with a task pending", testLeave, processes, ""},
	{"P085", "50 tasks then shutdown()", testCloseFinishes, everywhere, ""},
	{"P087", "shutdown(wait=False) at exit (CPython itself skips: hangs)", testLeave, processes, ""},
	{"P089", "after shutdown every process joins", testTerminate, everywhere, ""},
	{"P091", "dropping the executor lets submitted work finish and frees threads, processes, queue", testCloseFinishes, everywhere, ""},
	{"P092", "wait=False still completes submitted work", testCloseFinishes, everywhere, ""},
	{"P093", "same for threads", testManyPools, everywhere, ""},
	{"P096", "map result never iterated (issue 11777)", testLazyIterator, everywhere, ""},
	{"P097", "default size", testOptions, everywhere, ""},
	{"P098", "15 x workers", testSaturation, everywhere, ""},
	{"P100", "map timeout while the pool is saturated", testCancelQueued, everywhere, ""},
	{"P101", "encode of task fails", testEncodeError, processes, ""},
	{"P102", "worker exits while decoding a task", nil, nil, "a cell of TestCrashMatrix"},
	{"P103", "decode error in worker", nil, nil, "a cell of TestCrashMatrix"},
	{"P104", "segfault while decoding", nil, nil, "a cell of TestCrashMatrix"},
	{"P105", "segfault in the function", nil, nil, "a cell of TestCrashMatrix"},
	{"P106", "sys.exit in function", nil, nil, "a cell of TestCrashMatrix"},
	{"P110", "encode error of result", nil, nil, "a cell of TestCrashMatrix"},
	{"P111", "decode error in parent", nil, nil, "a cell of TestCrashMatrix"},
	{"P113", "worker crashes after shutdown was called", testKillAndClose, processes, ""},
	{"P114", "encode fails after shutdown(wait=False) (bpo-39104)", testKillAndClose, processes, ""},
	{"P115", "worker dies while a payload of pipe-size or more is being written (gh-94777)", testMidTransfer, processes, ""},
	{"P116", "wake-up pipe fills up", testPressure, everywhere, ""},
	{"P118", "initializer raises", testInitFails, everywhere, ""},
	{"P119", "failing initializer leaks no semaphores (gh-104090)", testInitFails, everywhere, ""},
	{"P120", "duplicates in wait set", testWaiting, everywhere, ""},
	{"P121", "FIRST_COMPLETED", testWaiting, everywhere, ""},
	{"P122", "some already done", testWaiting, everywhere, ""},
	{"P123", "FIRST_EXCEPTION", testWaiting, everywhere, ""},
	{"P124", "mix with cancelled", testWaiting, everywhere, ""},
	{"P125", "already failed", testWaiting, everywhere, ""},
	{"P127", "wait with timeout", testWaiting, everywhere, ""},
	{"P128", "100 waiters race (issue 14406)", testManyWaiters, everywhere, ""},
	{"P129", "as_completed over mixed futures", testWaiting, everywhere, ""},
	{"P130", "timeout 0 and short", testWaiting, everywhere, ""},
	{"P131", "same future 3 times", testWaiting, everywhere, ""},
	{"P132", "yielded future released", testAsCompletedRefs, everywhere, ""},
	{"P133", "message", testWaiting, everywhere, ""},
	{"P134", "callback sees the result", testOnDone, everywhere, ""},
	{"P135", "callback sees the exception", testOnDone, everywhere, ""},
	{"P136", "callback runs on cancel", testOnDone, everywhere, ""},
	{"P137", "one raising callback does not stop the others; logged", testOnDone, everywhere, ""},
	{"P138", "callback added late runs immediately", testOnDone, everywhere, ""},
	{"P139", "late raising callback logged", testOnDone, everywhere, ""},
	{"P140", "state in repr", testFutureStates, everywhere, ""},
	{"P141", "cancel allowed only when pending/cancelled", testFutureStates, everywhere, ""},
	{"P142", "state predicates for 6 states", testFutureStates, everywhere, ""},
	{"P143", "result(0) per state", testFutureStates, everywhere, ""},
	{"P144", "result set while waiting", testFutureStates, everywhere, ""},
	{"P146", "exception() variants", testFutureStates, everywhere, ""},
	{"P147", "second completion", testFutureStates, everywhere, ""},
	{"P148", "submit after shutdown", testAfterEnd, everywhere, ""},
	{"P149", "5x shutdown while an encode error is pending", testKillAndClose, processes, ""},
	{"P150", "exit inside encoder", testEncodeError, processes, ""},
	{"P153", "executor dropped, then one task segfaults", testEarlierResults, processes, ""},
	{"P154", "wait=False keeps futures running", testCloseFinishes, everywhere, ""},
	{"P155", "shutdown(wait=False) then interpreter exit", testLeave, processes, ""},
	{"P157", "SIGTERM a worker", testKilled, processes, ""},
	{"P158", "libc exit(42) in task", testKilled, processes, ""},
	{"P159", "10 threads mix map/submit/cancel on one executor", testThreads, everywhere, ""},
	{"P160", "three chains of 100/60/50 submits from done-callbacks", testChains, everywhere, ""},
	{"P161", "idle timeout 10 ms, 5 rounds", testIdle, everywhere, ""},
	{"P162", "custom reducers for jobs and results", testCodec, processes, ""},
	{"P163", "nested executors up to MAX_DEPTH; one more", testNested, processes, ""},
	{"P164", "2.2 GB argument", testGiant, processes, ""},
	{"P165", "task leaks 3 MB x 300", testRealOOM, firstOf(processes), ""},
	{"P167", "env passed to workers", testEnv, processes, ""},
	{"P168", "profiler hook in workers", testInit, everywhere, ""},
	{"P169", "custom exception pickling keeps __cause__", testErrors, everywhere, ""},
	{"P171", "matrix: exit/error/crash at arg encode, arg decode, call, result encode, result decode", nil, nil, "a cell of TestCrashMatrix"},
	{"P173", "callback exits/raises", testOnDone, everywhere, ""},
	{"P174", "SIGKILL the only worker when resizing", testKilled, processes, ""},
	{"P175", "workers SIGKILL each other", testKillEachOther, processes, ""},
	{"P176", "input error", testInputError, everywhere, ""},
	{"P177", "100 failing + 100 good encodes on 1 worker", testEncodeError, processes, ""},
	{"P178", "decode error text", testDecodeErrorText, processes, ""},
	{"P180", "kill_workers with 100 x 1 s tasks", testTerminate, everywhere, ""},
	{"P181", "worker killed just before shutdown", testKillAndClose, processes, ""},
	{"P182", "replace executor killing a 10,000 s job", testTerminate, everywhere, ""},
	{"P183", "crash in finaliser after the result was sent", testLateCrash, processes, ""},
	{"P184", "parent SIGKILLs itself", testParentKilled, processes, ""},
	{"P185", "2->1->1->2 with running jobs", testResize, everywhere, ""},
	{"P186", "12,2,1,12,6,1,8,5 without waiting", testResize, everywhere, ""},
	{"P187", "worker killed during resize", testResize, everywhere, ""},
	{"P188", "resize after idle exit", testResize, everywhere, ""},
	{"P189", "0, -1, None", testOptions, everywhere, ""},
	{"P194", "10 threads x constant/varying sizes x clean/broken start", testManyPools, everywhere, ""},
	{"P197", "native crash prints a traceback on stderr", testFatalText, processes, ""},
	{"P198", "2n+2 workers must all run at once (loky#396)", testSaturation, everywhere, ""},
	{"P199", "initializer changes", testInit, everywhere, ""},
	{"P200", "nested error", testNested, processes, ""},
	{"P202", "idle timeout 1 ms with delayed result queue", testIdle, everywhere, ""},
	{"P203", "args take longer to encode than the idle timeout", testIdle, everywhere, ""},
	{"P204", "shutdown while the only worker timed out", testCloseFinishes, everywhere, ""},
	{"P205", "child fds are exactly the expected pipes (lsof)", testFDs, processes, ""},
	{"P206", "terminate; sentinel readable; exit code", testKilled, processes, ""},
	{"P207", "process tree", testNested, processes, ""},
	{"P208", "4-deep nested processes", testNested, processes, ""},
	{"P209", "env overrides", testEnv, processes, ""},
	{"P213", "affinity, cgroup v1/v2 quota, env limit, bad content", testOptions, everywhere, ""},
	{"P214", "task panics with error / string / runtime.Error / custom struct / nil", testErrors, everywhere, ""},
	{"P215", "task calls runtime.Goexit / t.FailNow", testErrors, everywhere, ""},
	{"P217", "kill -9 an idle worker", testKillIdle, processes, ""},
	{"P218", "kill -9 a busy worker", testOthersLive, processes, ""},
	{"P219", "SIGSTOP a worker", testStopped, processes, ""},
	{"P221", "cancel ctx of a queued task", testCancelQueued, everywhere, ""},
	{"P222", "cancel ctx of a running task", testCancelRunning, everywhere, ""},
	{"P224", "break out of IMap loop", testBreakCancels, everywhere, ""},
	{"P225", "window >= 2 with requests and replies > socket buffer", testBigFrames, everywhere, ""},
	{"P226", "task prints to stdout/stderr", testNoise, processes, ""},
	{"P227", "worker binary differs (rebuilt / deleted / upgraded)", testSkew, processes, ""},
	{"P228", "function registered only in one side", testUnknown, processes, ""},
	{"P229", "n not divisible by chunk; chunk > n; n=0; n=1", testMap, everywhere, ""},
	{"P230", "random sleeps + random kills with retry", testChaos, processes, ""},
	{"P231", "GIL strategy: at most one CPU section at a time; overlap in IO sections", nil, nil, "the interpreter lock belongs to workloads/cores, and is tested there"},
	{"X001", "answers not sent when a worker died are not lost, and nothing runs twice", testBufferedAnswers, processes, ""},
	{"X002", "a task that was running when its worker died is retried if so told", testRetry, processes, ""},
	{"X003", "a death breaks the pool if so told", testBreakPool, processes, ""},
	{"X004", "a task runs out of time", testTimeout, everywhere, ""},
	{"X005", "what was sent ahead behind a long task moves to an idle worker", testStuckBehind, everywhere, ""},
	{"X006", "the first error stops a Map if so told", testFirstError, everywhere, ""},
	{"X007", "a program without the hook gets a clear error, and nothing forks", testNoHook, firstOf(processes), ""},
	{"X008", "helpers", nil, nil, "tested where they are, in package host"},
	{"X009", "CPU time of the workers, and one call on each", testCPU, processes, ""},
	{"X010", "the line of a dying program that says why", testTelling, firstOf(processes), ""},
	{"X011", "an idle pool uses no CPU", testIdleCPU, processes, ""},
}

// alone are the tests that change what all share, or that measure time.
var alone = []func(*testing.T, Transport){
	testSkew, testStartFails, testRespawnFails, testInit, testInitFails, testUnknown, testNoHook, testIdleCPU,
	testTimeout, testStopped, testDeadlineIter, testFutureStates, testSleepAndTimeout, testCancelQueued, testIdle, testSignals,
}

// TestConformance runs every test of the table once on each of its
// transports, under the id of the first behaviour that it tests. Each has a
// deadline; they leave no goroutine, descriptor, child or shared memory.
func TestConformance(t *testing.T) {
	address := func(f func(*testing.T, Transport)) uintptr { return reflect.ValueOf(f).Pointer() }
	single := map[uintptr]bool{}
	for _, f := range alone {
		single[address(f)] = true
	}
	done := map[string]bool{}
	type one struct {
		name string
		tr   Transport
		test func(*testing.T, Transport)
	}
	var together []one
	for _, c := range conformance {
		for _, tr := range c.on {
			name := fmt.Sprintf("%s/%v", c.id, tr)
			key := fmt.Sprint(address(c.test), tr)
			if done[key] {
				continue
			}
			done[key] = true
			if !single[address(c.test)] {
				together = append(together, one{name, tr, c.test})
				continue
			}
			t.Run(name, func(t *testing.T) {
				guardTest(t)
				c.test(t, tr)
			})
		}
	}
	t.Run("together", func(t *testing.T) {
		guardTest(t)
		for _, c := range together {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				c.test(t, c.tr)
			})
		}
	})
}

// TestConformanceTable: 180 behaviours, each once, in order, each with a test
// or a reason.
func TestConformanceTable(t *testing.T) {
	var ids []string
	for _, c := range conformance {
		ids = append(ids, c.id)
		if (c.test == nil) != (c.why != "") || (c.test == nil) != (len(c.on) == 0) {
			t.Errorf("%s: has a test %v, transports %v, reason %q", c.id, c.test != nil, c.on, c.why)
		}
	}
	if !slices.IsSorted(ids) || len(slices.Compact(ids)) != len(conformance) {
		t.Error("the ids are not in order, or one stands twice")
	}
	if n := slices.IndexFunc(ids, func(id string) bool { return id[0] == 'X' }); n != 180 {
		t.Errorf("%d behaviours from the list, want 180", n)
	}
}

// firstOf is for tests that need to run once.
func firstOf(ts []Transport) []Transport { return ts[:min(1, len(ts))] }
