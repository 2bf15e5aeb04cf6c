"""Everything is compiled once, before it is needed, for the very types that runs hand over."""

from worlds import inputs, lived, scheme

from model import jit
from model.compile import compile_all, loops


def test_a_run_compiles_nothing_more() -> None:
    compile_all()
    known = {loop: list(loop.signatures) for loop in jit._LOOPS}
    assert set(known) == set(loops())
    assert {len(signatures) for signatures in known.values()} == {1}
    lived(inputs(years=1, programmes=(scheme(),), pounds=1e6))
    assert {loop: list(loop.signatures) for loop in jit._LOOPS} == known


def test_what_is_ready_is_not_told() -> None:
    compile_all()
    heard: list[str] = []
    compile_all(heard.append)
    assert heard == []
    names = [words for words, _ in loops().values()]
    assert len(set(names)) == len(names)
