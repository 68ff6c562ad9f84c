"""How it is run: one after another, on threads, by processes, in one event loop.

A pool has its workers started when it is made. run(lo, hi) runs every task of
range(lo, hi) once and returns the sum of their numbers; that is what is
timed. cpu() is the processor time that workers in other processes have used,
in ns. close() ends the workers.
"""
import asyncio
import contextlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

PATIENCE = 60  # seconds, then a pool is taken for dead
STOPS = [signal.SIGINT, signal.SIGTERM]


class Serial:
    """A plain loop."""

    name = "python-serial"

    def __init__(self, workers, workload):
        self.workload = workload

    def run(self, lo, hi):
        return sum(map(self.workload.do, range(lo, hi)))

    def cpu(self):
        return 0

    def close(self, broken=False):
        pass


class Threads(Serial):
    """Threads of one process: they share its interpreter lock."""

    name = "python-threads"

    def __init__(self, workers, workload):
        self.workload = workload
        self.executor = started(workers)

    def run(self, lo, hi):
        return sum(self.executor.map(self.workload.do, range(lo, hi)))

    def close(self, broken=False):
        self.executor.shutdown()


def started(workers):
    """An executor whose threads all run: it starts one only when it needs it."""
    executor = ThreadPoolExecutor(workers)
    everyone = threading.Barrier(workers)
    list(executor.map(lambda _: everyone.wait(PATIENCE), range(workers)))
    return executor


class Processes:
    """multiprocessing.Pool: each process has an interpreter lock of its own.

    Pool.map with chunksize 1, as courses write it: workers take a task at a
    time, so that none waits while another has tasks left.
    """

    name = "python-pool"

    def __init__(self, workers, workload):
        self.workers = range(workers)
        everyone = multiprocessing.Barrier(workers)
        # A worker begins with its parent's signals: an interrupt that comes before
        # start_worker waits until the parent has its pool, and is lost on the worker.
        self.pool = None
        try:
            with deferred():
                self.pool = multiprocessing.Pool(workers, start_worker, (workload, everyone))
            self.cpu()  # answers when every worker runs
        except BaseException:
            if self.pool:
                self.close(broken=True)
            raise

    def run(self, lo, hi):
        return sum(self.map(do, range(lo, hi)))

    def cpu(self):
        return sum(self.map(used, self.workers))

    def map(self, f, tasks):
        # Pool.map is this without a bound, and would wait for ever for a
        # worker that was killed.
        return self.pool.map_async(f, tasks, chunksize=1).get(PATIENCE)

    def close(self, broken=False):
        if broken:
            # It can wait for ever, too: for a lock that a killed worker held.
            t = threading.Thread(target=self.pool.terminate, daemon=True)
            t.start()
            t.join(PATIENCE / 10)
        else:
            self.pool.close()
            self.pool.join()


@contextlib.contextmanager
def deferred():
    """Keeps interrupts for later, where the system can."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    old = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


worker = None  # in a worker process: the workload and the barrier of all workers


def start_worker(*args):
    global worker
    worker = args
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process: the parent ends its workers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    threading.Thread(target=outlive_nobody, daemon=True).start()


def outlive_nobody():
    """Ends this worker when its parent has died."""
    multiprocessing.connection.wait([multiprocessing.parent_process().sentinel])
    os._exit(1)


def do(i):
    return worker[0].do(i)


def used(_):
    worker[1].wait(PATIENCE)  # each worker answers once
    return time.process_time_ns()


class EventLoop(Serial):
    """asyncio: one thread, in which whatever need not wait computes.

    All tasks are under way at once, without a semaphore: that is what an event
    loop is for, and a bound would only measure the bound. So it has one level,
    as many workers as there are parallel tasks; where nothing waits, one.
    Files need threads, one for each worker.
    """

    name = "python-asyncio"

    def __init__(self, workers, workload):
        self.workload = workload
        self.executor = started(workers)
        self.loop = asyncio.new_event_loop()
        self.loop.set_default_executor(self.executor)

    def run(self, lo, hi):
        return self.loop.run_until_complete(self.all(range(lo, hi)))

    async def all(self, tasks):
        return sum(await asyncio.gather(*map(self.workload.do_async, tasks)))

    def close(self, broken=False):
        self.loop.run_until_complete(self.cancel_all())
        self.executor.shutdown()
        self.loop.close()

    async def cancel_all(self):
        """Ends what an error or Ctrl-C left under way."""
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


ALL = [Serial, Threads, Processes, EventLoop]
