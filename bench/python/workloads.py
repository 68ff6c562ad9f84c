"""What is run: the tasks of the Go workloads again, in plain Python.

Task i gives the same number here as in Go, since data and arithmetic are the
same. See workloads/hash.go, matrix.go, sleep.go and file.go for what each
task is; here stands only what differs.
"""
import asyncio
import hashlib
import os
import shutil
import struct
import tempfile
import threading
import time

MASK = (1 << 64) - 1  # numbers are 64 bits wide
STEP = 0x9E3779B97F4A7C15
SHARED = -1  # stands for the data that all tasks have in common


def mix(z):
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
    return z ^ z >> 31


def stream(seed, i, n):
    """The first n pseudo-random numbers of task i: SplitMix64."""
    state = mix(seed + STEP & MASK) + i
    return [mix(state + k * STEP & MASK) for k in range(1, n + 1)]


def random_bytes(seed, i, size):
    words = -(-size // 8)
    return struct.pack("<%dQ" % words, *stream(seed, i, words))[:size]


def random_floats(seed, i, n):
    """n numbers uniform in [0, 1)."""
    return [(x >> 11) * 2.0**-53 for x in stream(seed, i, n)]


def digest(data):
    """A number that depends on every bit of data and on their order."""
    data += bytes(-len(data) % 8)
    d = 0
    for word in struct.unpack("<%dQ" % (len(data) // 8), data):
        d = mix((d ^ word) + STEP & MASK)
    return d


class Hash:
    """Computes in C: hashlib lets go of the interpreter lock meanwhile."""

    name, size, waits = "hash", 256 << 10, False

    def __init__(self, seed=1, size=size):
        self.buffer = random_bytes(seed, SHARED, size)

    def do(self, i):
        h = hashlib.sha256(struct.pack("<Q", i))
        h.update(self.buffer)
        return int.from_bytes(h.digest()[:8], "big")

    async def do_async(self, i):
        return self.do(i)  # never waits, so nothing else runs meanwhile

    def close(self):
        pass


class Matrix:
    """Computes in Python: every step needs the interpreter lock."""

    name, size, waits = "matrix", 64, False

    def __init__(self, seed=1, size=size):
        self.seed, self.n = seed, size
        self.b = self.rows(SHARED)

    def rows(self, i):
        n = self.n
        x = random_floats(self.seed, i, n * n)
        return [x[k : k + n] for k in range(0, n * n, n)]

    def do(self, i):
        product = bytearray()
        for a in self.rows(i):
            # Not sum(): it adds more exactly from Python 3.12 on, so that
            # the bits would differ.
            c = [0.0] * self.n
            for x, row in zip(a, self.b):
                c = [z + x * y for z, y in zip(c, row)]
            product += struct.pack("<%dd" % self.n, *c)
        return digest(product)

    async def do_async(self, i):
        return self.do(i)

    def close(self):
        pass


class Sleep:
    name, size, waits = "sleep", 5000, True  # size in microseconds

    def __init__(self, seed=1, size=size):
        self.seed, self.seconds = seed, size / 1e6

    def do(self, i):
        time.sleep(self.seconds)
        return stream(self.seed, i, 1)[0]

    async def do_async(self, i):
        await asyncio.sleep(self.seconds)
        return stream(self.seed, i, 1)[0]

    def close(self):
        pass


class File:
    """Waits for a disk.

    In Go the bytes of a task and their digest take a few microseconds; here
    they would take longer than the disk. So they are made at the task's first
    run and kept, and a task whose bytes come back unchanged has their digest.
    The plain loop that finds the right sum runs before anything is timed.
    """

    name, size, waits = "file", 4096, True

    def __init__(self, seed=1, size=size):
        self.seed, self.size = seed, size
        self.known = {}  # task: bytes, digest
        self.dir = tempfile.mkdtemp(prefix="amdahl-file-", dir=scratch())

    def contents(self, i):
        if i not in self.known:
            data = random_bytes(self.seed, i, self.size)
            self.known[i] = data, digest(data)
        return self.known[i]

    def do(self, i):
        want, number = self.contents(i)
        # A thread runs one task at a time, so it has a file to itself.
        path = os.path.join(self.dir, "%d-%d" % (os.getpid(), threading.get_ident()))
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags, 0o600), "r+b") as f:
            f.write(want)
            f.flush()
            os.fsync(f.fileno())
            f.seek(0)
            if f.read() != want:
                raise ValueError("reading back %s: the bytes are not those written" % path)
        return number

    async def do_async(self, i):
        # No event loop can wait for fsync: a thread does.
        return await asyncio.get_running_loop().run_in_executor(None, self.do, i)

    def close(self):
        shutil.rmtree(self.dir)


def scratch():
    """Where files reach a disk: the temporary directory may be memory."""
    if "TMPDIR" not in os.environ and os.path.isdir("/var/tmp"):
        return "/var/tmp"
    return tempfile.gettempdir()


ALL = [Hash, Matrix, Sleep, File]
