"""The benchmark runs, and says what it measured and where; how fast is not asked here."""

import io

from rich.console import Console

from experiments.benchmarks.bench import PARTS, bench, load_words, measure, where


def test_it_runs_at_a_small_size() -> None:
    out = io.StringIO()
    bench(people=2000, years=1, console=Console(file=out, width=140))
    told = out.getvalue()
    words_told = ("Numba", "the past, all lives", "the plan, 1 year", "bytes for each", "plain Python", *PARTS.values())
    for words in words_told:
        assert words in told, words


def test_months_are_counted() -> None:
    told = measure(1500, 1)
    assert told.plan.person_months > 11 * 1400
    assert told.past.person_months > 30 * 12 * 1400
    assert sum(told.parts.values()) < told.plan.seconds
    assert min(told.nominal.values()) >= 0


def test_the_machine_is_named() -> None:
    assert load_words() in where()
