"""A law is told once and tried twice: on a few worlds that are always the same, and on many that never are."""

from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

import mesa
import pytest
from hypothesis import HealthCheck, Phase, given, settings

MANY = 12  # times as many worlds in the slow run
SEEN: Counter[str] = Counter()
CALM = {
    "deadline": None, "print_blob": True, "database": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
}  # fmt: skip


def law(
    few: int, *seen: str, many: int = MANY, broken: bool = False, end: Callable[[], None] | None = None,
    **drawn: Callable[[bool], Any],
) -> Callable[[Any], Any]:  # fmt: skip
    """Try a law on `few` drawn examples, and in the slow run on `many` times as many.

    `drawn` gives by argument what makes its strategy, told whether the run is the slow one. What `seen` names must
    have been seen at least once (`saw`), so that no law holds for want of a case. Of a law that is known to be `broken`
    no smaller example is sought. `end` is called when all examples have been tried, to judge them together.
    """
    phases = [Phase.generate] if broken else list(Phase)

    def decorate(body: Any) -> Any:
        @wraps(body)
        def once(**example: Any) -> None:
            before = set(models_kept())
            try:
                body(**example)
            finally:
                for model in set(models_kept()) - before:
                    model.close()

        def tried(slow: bool) -> None:
            SEEN.clear()
            asked = settings(max_examples=few * many if slow else few, derandomize=not slow, phases=phases, **CALM)
            asked(given(**{name: make(slow) for name, make in drawn.items()})(once))()
            assert [what for what in seen if not SEEN[what]] == [], "never seen in any example"
            if end:
                end()

        tried.__name__, tried.__doc__, tried.__module__ = body.__name__, body.__doc__, body.__module__
        return pytest.mark.parametrize("slow", [
            pytest.param(False, id="few"), pytest.param(True, id="many", marks=pytest.mark.slow),
        ])(tried)  # fmt: skip

    return decorate


def models_kept() -> list[Any]:
    """The models that Mesa keeps for as long as the process lives, unless they are closed."""
    return list(getattr(mesa.Agent, "_ids", {}))


def saw(what: str, number: int | bool = 1) -> None:
    """Note that a case came up that a law is about."""
    SEEN[what] += int(number)


def examples_of(strategy: Any, number: int, slow: bool) -> list[Any]:
    """So many drawn examples, to be looked at together."""
    found: list[Any] = []

    @settings(max_examples=number, derandomize=not slow, phases=[Phase.generate], **CALM)
    @given(one=strategy)
    def gather(one: Any) -> None:
        found.append(one)

    gather()
    return found[:number]
