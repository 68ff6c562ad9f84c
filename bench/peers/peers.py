# The Python side of the comparison: Pool and ProcessPoolExecutor of the
# standard library. It reads commands, one a line: kind op workers n; and
# answers with the seconds that n operations took. Pools are kept.
import sys
import time
import multiprocessing
import concurrent.futures


def same(x):
    return x


def length(b):
    return len(b)


def echo(b):
    return b


TASKS = 65536
BIG = 16


def pool(kind, workers):
    if kind == "pool":
        return multiprocessing.Pool(workers)
    p = concurrent.futures.ProcessPoolExecutor(workers)
    list(p.map(same, range(workers)))
    return p


def stop(kind, p):
    if kind == "pool":
        p.close()
        p.join()
    else:
        p.shutdown()


def check(got, want):
    if got != want:
        sys.exit("wrong answer: %r, want %r" % (got, want))


def run(kind, p, op, n):
    mp = kind == "pool"
    if op == "call":
        for i in range(n):
            got = p.apply(same, (i,)) if mp else p.submit(same, i).result()
            check(got, i)
    elif op in ("map", "mapdefault"):
        for _ in range(n):
            if mp:
                got = p.map(same, range(TASKS), 1 if op == "map" else None)
            elif op == "map":
                got = list(p.map(same, range(TASKS)))
            else:
                got = list(p.map(same, range(TASKS), chunksize=-(-TASKS // 8)))
            check(sum(got), TASKS * (TASKS - 1) // 2)
    else:
        data = [bytes(1 << 20)] * BIG
        f = length if op == "args" else echo
        for _ in range(n):
            got = list(p.map(f, data, 1) if mp else p.map(f, data))
            check(len(got), BIG)


if __name__ == "__main__":
    pools = {}
    for line in sys.stdin:
        kind, op, workers, n = line.split()
        workers, n = int(workers), int(n)
        if op == "start":
            total = 0.0
            for _ in range(n):
                t = time.perf_counter()
                p = pool(kind, workers)
                total += time.perf_counter() - t
                stop(kind, p)
            print(total, flush=True)
            continue
        if (kind, workers) not in pools:
            pools[kind, workers] = pool(kind, workers)
        p = pools[kind, workers]
        t = time.perf_counter()
        run(kind, p, op, n)
        print(time.perf_counter() - t, flush=True)
    for (kind, _), p in pools.items():
        stop(kind, p)
