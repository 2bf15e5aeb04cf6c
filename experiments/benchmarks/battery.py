"""The keyed draws through Dieharder, a published battery of tests of randomness, in five orders.

    python -m experiments.benchmarks.battery            all orders, some hours
    python -m experiments.benchmarks.battery months     one of them

Dieharder (Brown, Eddelbuettel and Bauer; the package `dieharder` of Debian) reads the draws' 64 bits as two words
each, so both halves are tested, and tests them in the order given: what is independent in every order has no pattern
over people, months, streams, seeds or within an offence that these tests know of. A test is *weak* with a p-value
outside 0.005 to 0.995, as one in a hundred is by chance, and *failed* outside 0.000001 to 0.999999.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count, product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kstest

from model.draws import OFFENCE_DRAWS, STREAMS, bits, keys_from, moment, nth_bits, offence_bits
from model.jit import loop

Bits = NDArray[np.uint64]
PEOPLE, MONTHS, SEEDS, SEED, FIRST_MONTH = 200_000, 360, 1000, 7, 1467
TOGETHER = 500  # people of a block in the orders in which people come last
WEAK, FAILED = 0.005, 1e-6


@loop
def fill(seeds, keys, months, streams, out):  # type: ignore[no-untyped-def]
    """The first draw (n = 0) of every combination, the last argument fastest: out (seeds, keys, months, streams)."""
    for s in range(seeds.size):
        for m in range(months.size):
            for t in range(streams.size):
                constant = moment(seeds[s], months[m], streams[t], 0)
                for k in range(keys.size):
                    out[s, k, m, t] = bits(keys[k], constant)


@loop
def fill_offences(seed, keys, month, out):  # type: ignore[no-untyped-def]
    """All that is decided of the first offence of each person in a month: out (keys, draws of an offence)."""
    for k in range(keys.size):
        base = offence_bits(seed, keys[k], month, 0)
        for n in range(out.shape[1]):
            out[k, n] = nth_bits(base, n)


def drawn(seeds: Bits, keys: Bits, months: NDArray[np.int64], streams: NDArray[np.int64]) -> Bits:
    """Bits of shape (seeds, keys, months, streams)."""
    out = np.zeros((seeds.size, keys.size, months.size, streams.size), dtype=np.uint64)
    fill(seeds, keys, months, streams, out)
    return out


def people_fastest() -> Iterator[Bits]:
    """Everybody's draw of one stream in one month, then of the next stream; then the next month, the next seed."""
    for seed in count(SEED):
        keys = keys_from(seed, "people", PEOPLE)
        for month, stream in product(range(MONTHS), STREAMS.values()):
            yield drawn(_seed(seed), keys, np.array([FIRST_MONTH + month]), np.array([stream]))


def months_fastest() -> Iterator[Bits]:
    """One person's draws of one stream month by month, then the next person's; then the next stream."""
    for seed in count(SEED):
        for stream, keys in product(STREAMS.values(), _few(seed)):
            yield drawn(_seed(seed), keys, FIRST_MONTH + np.arange(MONTHS), np.array([stream]))


def streams_fastest() -> Iterator[Bits]:
    """One person's draws of all streams in a month, then the next person's; then the next month."""
    streams = np.array(list(STREAMS.values()))
    for seed in count(SEED):
        for month, keys in product(range(MONTHS), _few(seed)):
            yield drawn(_seed(seed), keys, np.array([FIRST_MONTH + month]), streams)


def seeds_fastest() -> Iterator[Bits]:
    """One person's draw of one stream and month under seed after seed, then the next person's."""
    seeds = np.arange(1, SEEDS + 1, dtype=np.uint64)
    for month in count(FIRST_MONTH):
        for stream, keys in product(STREAMS.values(), _few(SEED)):
            block = drawn(seeds, keys, np.array([month]), np.array([stream]))
            yield np.ascontiguousarray(np.moveaxis(block, 0, -1))


def within_an_offence() -> Iterator[Bits]:
    """All that is decided of one person's first offence of a month, then of the next person's; then the next month."""
    for number in count():
        seed, month = SEED + number // MONTHS, number % MONTHS
        keys = keys_from(seed, "people", PEOPLE)
        out = np.zeros((keys.size, len(OFFENCE_DRAWS)), dtype=np.uint64)
        fill_offences(np.uint64(seed), keys, FIRST_MONTH + month, out)
        yield out


ORDERS: dict[str, Callable[[], Iterator[Bits]]] = {
    "people": people_fastest,
    "months": months_fastest,
    "streams": streams_fastest,
    "seeds": seeds_fastest,
    "offence": within_an_offence,
}


class Verdict(NamedTuple):
    """What the battery says of one order."""

    order: str
    draws: int  # 64-bit draws read
    p_values: NDArray[np.float64]  # one a test

    def line(self) -> str:
        away = np.minimum(self.p_values, 1 - self.p_values)
        failed, weak = int((away < FAILED).sum()), int(((away < WEAK) & (away >= FAILED)).sum())
        even = kstest(self.p_values, "uniform").pvalue
        return (
            f"{self.order}: {self.p_values.size} tests, {self.draws / 1e6:,.0f} million draws: {failed} failed, "
            f"{weak} weak (by chance {0.01 * self.p_values.size:.1f}); p-values {self.p_values.min():.4f} to "
            f"{self.p_values.max():.4f}, even with p = {even:.2f}"
        )


def battery(order: str, dieharder: str, tests: tuple[str, ...] = ("-a",)) -> Verdict:
    """Feed the draws in one order to Dieharder until it has had enough. It tells each test as it ends."""
    asked = subprocess.Popen(
        [dieharder, *tests, "-g", "200", "-D", "test_name", "-D", "ntuple", "-D", "pvalues"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert asked.stdin is not None
    assert asked.stdout is not None
    read = 0
    try:
        for block in ORDERS[order]():
            asked.stdin.write(block.tobytes())
            read += block.size
    except (BrokenPipeError, OSError):  # it has ended
        pass
    told = asked.stdout.read().decode("ascii", "replace")
    asked.wait()
    fields = [line.replace(" ", "").split("|") for line in told.splitlines() if "|" in line]
    return Verdict(order, read, np.array([float(each[-1]) for each in fields if _is_number(each[-1])]))


def main(orders: list[str]) -> int:
    """Test the orders named, or all; 2 where Dieharder is not installed or an order is not known."""
    dieharder = shutil.which("dieharder")
    unknown = [each for each in orders if each not in ORDERS]
    if dieharder is None or unknown:
        missing = f"no order {unknown[0]}: one of {', '.join(ORDERS)}" if unknown else "dieharder is not installed"
        print(missing, file=sys.stderr)
        return 2
    for order in orders or list(ORDERS):
        print(battery(order, dieharder).line(), flush=True)
    return 0


def _seed(seed: int) -> Bits:
    return np.array([seed], dtype=np.uint64)


def _few(seed: int) -> Iterator[Bits]:
    keys = keys_from(seed, "people", PEOPLE)
    for at in range(0, PEOPLE, TOGETHER):
        yield keys[at : at + TOGETHER]


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
