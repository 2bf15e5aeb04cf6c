"""A pool of processes for work that is mostly linear algebra: each process has one thread.

Without it each process of a pool begins as many threads as there are cores, and they wait for one another: two
processes on two cores took 16 minutes to fit emulators that they fit in one with one thread each.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.pool import Pool

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")  # read as it loads


@contextmanager
def pool_of(jobs: int) -> Iterator[Pool]:
    """A pool of `jobs` processes, each with one thread of its own; the caller keeps its own setting."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        pool = get_context("spawn").Pool(jobs)
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    with pool:
        yield pool
