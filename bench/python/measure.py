"""Measures Python's own strategies on the tasks of the Go benchmarks.

    python3 measure.py --round 1 --seed 1
    python3 measure.py --only 'matrix/strategy=python-threads'

Each case is run once, and its result is a line of Go benchmark text. The
lines are meant to stand behind those of the Go benchmarks, whose goos, cpu
and so on then hold for them too; rounds.sh puts them there.

Compute is measured at 1, 2 and 4 workers, whatever the machine has: what
threads and processes beyond the processors change is a part of the lesson.
"""
import argparse
import collections
import gc
import multiprocessing
import os
import platform
import random
import re
import signal
import sys
import time

sys.dont_write_bytecode = True  # leave no __pycache__ beside the sources

import pools
import workloads

# As in Go the planted tenth is exact, and the parallel rest divides among the
# workers. A product in pure Python takes a hundred times as long, so there are
# fewer: 36 of 40 are parallel. The reporter compares times per task.
TASKS = {"hash": 640, "matrix": 40, "sleep": 70, "file": 70}
COMPUTING = [1, 2, 4]
WAITING = [1, 2, 4, 8, 16, 32, 64]

Case = collections.namedtuple("Case", "workload pool workers tasks serial")


def series(c):
    return "BenchmarkStrong/workload=%s/strategy=%s/serial=%g/cores=real" % (
        c.workload.name, c.pool.name, c.serial / c.tasks)


def name(c):
    return "%s/workers=%d" % (series(c), c.workers)


def cases(args):
    for workload in workloads.ALL:
        tasks = args.tasks or TASKS[workload.name]
        serial = round(args.serial * tasks)
        if abs(serial - args.serial * tasks) > 1e-9 * tasks:
            sys.exit("measure.py: a share of %g of %d tasks is no whole number: choose another --serial or --tasks" % (args.serial, tasks))
        for pool in pools.ALL:
            for workers in levels(workload, pool, tasks - serial, args.quick):
                c = Case(workload, pool, workers, tasks, serial)
                if re.search(args.only, name(c)):
                    yield c


def levels(workload, pool, parallel, quick):
    """The numbers of workers to measure at."""
    if pool is pools.EventLoop:
        return [parallel if workload.waits else 1]
    if pool is pools.Serial:
        return [1]
    if workload.waits:
        return WAITING[::2] if quick else WAITING
    return COMPUTING


def processors():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def operation(c, workload, pool):
    """What is timed: the serial tasks one by one, then the rest by the pool."""
    numbers = sum(workload.do(i) for i in range(c.serial))
    return (numbers + pool.run(c.serial, c.tasks)) & workloads.MASK


def measure(c, workload, want):
    """Runs one case and returns its line of benchmark text."""
    pool = c.pool(c.workers, workload)
    done = False
    try:
        pool.run(c.serial, min(c.serial + c.workers, c.tasks))  # warm up
        gc.collect()
        cpu = pool.cpu() + time.process_time_ns()
        start = time.perf_counter_ns()
        got = operation(c, workload, pool)
        ns = time.perf_counter_ns() - start
        cpu = time.process_time_ns() + pool.cpu() - cpu
        done = True
    finally:
        pool.close(broken=not done)
    if got != want:
        raise ValueError("sum %#x, the plain loop gives %#x: a task was lost, repeated or changed" % (got, want))
    procs = processors()
    suffix = "-%d" % procs if procs > 1 else ""
    return "%s%s\t1\t%d ns/op\t%d cpu-ns/op\t%d tasks/op" % (name(c), suffix, ns, cpu, c.tasks)


def measure_all(todo):
    """Prints a line for each case; returns how many failed."""
    opened, wants, skipped, failed = {}, {}, set(), 0
    try:
        for c in todo:
            if series(c) in skipped:
                continue
            try:
                if c.workload not in opened:
                    opened[c.workload] = c.workload()
                w = opened[c.workload]
                if c.workload not in wants:
                    wants[c.workload] = sum(map(w.do, range(c.tasks))) & workloads.MASK
                line = measure(c, w, wants[c.workload])
            except ImportError as e:  # a Python without semaphores has no Pool
                skipped.add(series(c))
                line = "--- SKIP: %s\n    %s: %s" % (series(c), os.path.basename(sys.executable), e)
            except Exception as e:
                if interrupted:  # inside of a lock, an interrupt ends as an error of the lock
                    raise KeyboardInterrupt from e
                failed += 1
                print("measure.py: %s: %s: %s" % (name(c), type(e).__name__, e), file=sys.stderr)
                continue
            print(line, flush=True)
    finally:
        for w in opened.values():
            w.close()
    return failed


def print_environment():
    gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    print("python:", platform.python_version())
    print("python-implementation:", platform.python_implementation())
    print("python-gil:", "yes" if gil else "no")
    print("python-start-method:", multiprocessing.get_start_method(), flush=True)


interrupted = False


def interrupt(*_):
    global interrupted
    interrupted = True
    raise KeyboardInterrupt


def main():
    p = argparse.ArgumentParser(description="Measures Python's own strategies on the tasks of the Go benchmarks.")
    p.add_argument("--round", type=int, default=0, help="note this round in the output")
    p.add_argument("--seed", type=int, default=0, help="shuffle the cases; 0 keeps their order")
    p.add_argument("--quick", action="store_true", help="fewer levels of waiting work")
    p.add_argument("--only", default="", metavar="REGEXP", help="measure the cases whose name matches")
    p.add_argument("--serial", type=float, default=0.1, help="planted serial fraction")
    p.add_argument("--tasks", type=int, default=0, help="tasks in an operation; 0 chooses by the workload")
    p.add_argument("--environment", action="store_true", help="print the configuration lines only")
    args = p.parse_args()
    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    todo = list(cases(args))
    if args.seed:
        random.Random("%d/%d" % (args.seed, args.round)).shuffle(todo)
    try:
        print_environment()
        if args.environment:
            return 0
        if args.round:
            print("round: %d" % args.round, flush=True)
        return 1 if measure_all(todo) else 0
    except KeyboardInterrupt:
        print("measure.py: interrupted", file=sys.stderr)
    except OSError as e:
        print("measure.py: cannot go on: %s" % e, file=sys.stderr)
    return 1


if __name__ == "__main__":
    status = main()
    if status:
        os._exit(status)  # a broken pool could keep the interpreter from ending
