"""Everything is compiled once, before it is needed, for the very types that runs hand over."""

import numpy as np
from worlds import inputs, lived, scheme

from model import jit
from model.compile import compile_all, loops
from scenarios.schemes import load_scheme, shipped_schemes


def test_a_run_compiles_nothing_more() -> None:
    compile_all()
    known = {loop: list(loop.signatures) for loop in jit._LOOPS}
    assert set(known) == set(loops())
    assert {len(signatures) for signatures in known.values()} == {1}
    lived(inputs(years=1, programmes=(scheme(),), pounds=1e6))
    assert {loop: list(loop.signatures) for loop in jit._LOOPS} == known


def test_the_whole_catalogue_runs_the_same_compiled_code() -> None:
    compile_all()
    known = {loop: list(loop.signatures) for loop in jit._LOOPS}
    schemes = [load_scheme(path) for path in shipped_schemes().values()]
    numbers = {row.name: row.value for scheme in schemes for row in scheme.evidence.values()}
    numbers |= {scheme.evidence[e.ratio].name: 1.0 for scheme in schemes for e in scheme.programme.effects}
    bare = lived(inputs(years=1))
    model = lived(inputs(years=1, programmes=tuple(one.programme for one in schemes), pounds=2e6), told=numbers)
    assert {loop: list(loop.signatures) for loop in jit._LOOPS} == known
    started = dict(zip((one.programme.id for one in schemes), model.record.starts.sum(axis=0), strict=True))
    # In 5,000 people and a year a school's worth of pupils start, and every scheme but the rarest has somebody.
    met = [p.id for p in (one.programme for one in schemes) if p.reaches != "system" and not p.takes_no_money]
    assert sum(started[id] > 0 for id in met) > len(met) * 3 // 4, started
    np.testing.assert_array_equal(bare.record.expected, model.record.expected)


def test_what_is_ready_is_not_told() -> None:
    compile_all()
    heard: list[str] = []
    compile_all(heard.append)
    assert heard == []
    names = [words for words, _ in loops().values()]
    assert len(set(names)) == len(names)
