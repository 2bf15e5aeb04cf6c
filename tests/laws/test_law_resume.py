"""Save and resume: a run that stops after any month and goes on from its file comes out as if it never had."""

import tempfile
from pathlib import Path

from compared import digests, lived
from drawn_worlds import begun, worlds
from hypothesis import strategies as st
from lawbook import law, saw

from experiments.saved import resume, save


@law(8, "mid-year", "held", "carried", world=worlds, at=lambda _: st.lists(st.integers(0, 36), min_size=1, max_size=3))
def test_stopping_in_any_month_changes_nothing(world, at):
    """Stopped in whichever months, and resumed from the file, the run comes to the same bytes as the unbroken one."""
    unbroken = digests(*lived(world))
    months = sorted({month % (12 * world.ground.years + 1) for month in at})
    model = begun(world)
    with tempfile.TemporaryDirectory() as folder:
        for month in months:
            while model.months_lived < month:
                model.step()
            model = resume(world.inputs(), world.values, save(model, Path(folder) / "state.npz"))
            assert model.months_lived == month
    saw("mid-year", any(month % 12 for month in months))
    saw("held", (model.people["slot_programme"][: model.rows] > 0).any())
    saw("carried", world.carried)
    broken = digests(model, model.run())
    assert [name for name in unbroken if unbroken[name] != broken.get(name)] == []
    assert broken.keys() == unbroken.keys()
