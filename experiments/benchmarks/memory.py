"""How much memory a past and a plan take at their peak, as the operating system counts it."""

import sys
from typing import NamedTuple

import numpy as np

from model.past import Past
from model.world import PreventionModel


class Memory(NamedTuple):
    """The peaks of a process: bytes by what had been done by then. Empty where the system does not tell."""

    people: int  # who live there at any time of the plan
    peaks: dict[str, int]


def measure_memory(people: int, years: int) -> Memory:
    """Live a past and a plan in this process, which should be new, and note the peaks."""
    from experiments.benchmarks.speed import world
    from experiments.past_on_disk import kept_on_disk
    from model.compile import compile_all
    from model.world import live_past

    compile_all()
    inputs, values, seed = world(people, years)
    peaks = {"starting": peak_bytes()}
    past = live_past(inputs, values, seed)
    peaks["the past"] = peak_bytes()
    with kept_on_disk(past) as kept:
        del past
        for _ in range(2):  # alternatives: the first must leave nothing behind
            model = PreventionModel(inputs, values, seed, kept.again(), keep_past=False)
            model.run()
            ever = model.rows
            model.close()
            del model
    peaks["the plan"] = peak_bytes()
    return Memory(ever, {words: peak for words, peak in peaks.items() if peak})


def peak_bytes() -> int:
    """The most memory that this process has held so far; 0 where the system does not tell."""
    try:  # what Linux counts for this program alone; the other way begins with the peak of its parent
        with open("/proc/self/status", encoding="utf-8") as stream:
            return next(int(line.split()[1]) * 1024 for line in stream if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        pass
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak if sys.platform == "darwin" else peak * 1024)


def arrays_bytes(model: PreventionModel, past: Past) -> dict[str, int]:
    """Bytes of the arrays that grow with the people, by kind."""
    return {
        "people": model.people.nbytes,
        "log and scratch of a month": sum(np.asarray(part).nbytes for part in model.now),
        "lists of victims": model.places.victim_rows.nbytes,
        "waiting lists": sum(a.nbytes for one in model.at_work.people for a in (*one.waiting, *one.ends)),
        "who will come, read from disk in a run": past.coming.nbytes + past.coming_month.nbytes,
    }
