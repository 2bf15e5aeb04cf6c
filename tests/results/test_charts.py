"""Every chart comes with its words and its data, and the same run gives the same bytes."""

import csv
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import fake_outcomes
import pytest

from results import charts, drawing

STEMS = (
    "averted_offences_over_time",
    "fan_of_outcomes",
    "averted_by_offence",
    "averted_by_service",
    "spend_by_programme",
    "districts_compared",
)


@pytest.fixture(scope="module")
def ds():
    return fake_outcomes.dataset(4, 3)


@pytest.fixture(scope="module")
def folder(ds, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("charts")
    paths = charts.write_charts(ds, folder)
    assert sorted(paths) == sorted(folder.iterdir())
    return folder


@pytest.mark.parametrize("stem", STEMS)
def test_chart_has_picture_words_and_data(folder, stem):
    assert (folder / f"{stem}.png").read_bytes().startswith(b"\x89PNG")
    ElementTree.parse(folder / f"{stem}.svg")
    page = (folder / f"{stem}.md").read_text(encoding="utf-8")
    for part in (
        "# ",
        "West Mercia, 3 financial years",
        "Text alternative: ",
        "Note: ",
        f"{stem}.svg",
        f"{stem}.csv",
    ):
        assert part in page
    assert not re.search(r"\bnan\b", page)
    with (folder / f"{stem}.csv").open(encoding="utf-8") as stream:
        assert len(list(csv.reader(stream))) > 1


@pytest.mark.parametrize("stem", STEMS)
def test_note_says_what_the_range_covers(folder, stem):
    page = (folder / f"{stem}.md").read_text(encoding="utf-8")
    note = page.partition("Note: ")[2]
    assert "omit" in note if stem != "spend_by_programme" else "no range shows" in note


@pytest.mark.parametrize("stem", STEMS)
def test_title_is_not_in_the_picture(folder, stem):
    title = (folder / f"{stem}.md").read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    assert title not in (folder / f"{stem}.svg").read_text(encoding="utf-8")


def test_same_run_same_bytes(ds, folder, tmp_path):
    with drawing.style():
        for make in charts.CHARTS[:1]:
            chart = make(ds)
            for path in drawing.save(chart.draw(), tmp_path, chart.stem):
                assert path.read_bytes() == (folder / path.name).read_bytes()


def test_style_leaves_matplotlib_as_it_was():
    import matplotlib

    before = dict(matplotlib.rcParams)
    with drawing.style():
        pass
    assert dict(matplotlib.rcParams) == before


def test_a_chart_needs_something_to_compare(ds, tmp_path):
    with pytest.raises(ValueError, match="beside the comparator"):
        charts.write_charts(ds.isel(alternative=[0]), tmp_path / "none")


@pytest.mark.parametrize(
    ("places", "moved"),
    [([1.0], [1.0]), ([0.0, 5.0], [0.0, 5.0]), ([1.0, 1.0], [0.5, 1.5]), ([0.0, 0.2, 3.0], [-0.4, 0.6, 3.0])],
)
def test_labels_move_apart_as_little_as_needed(places, moved):
    assert drawing.spread(places, 1.0) == pytest.approx(moved)


@pytest.mark.parametrize(("low", "high"), [(-7000, 3700), (0, 12), (-0.3, 0.002), (-1, 1), (0, 9.9e6)])
def test_ticks_hold_zero_and_stand_apart(low, high):
    places, first, last = drawing.round_ticks(low, high, room=34)
    assert 0.0 in places
    assert len(places) >= 3
    assert first <= low <= high <= last
    assert sum(len(drawing.tick(place)) + 2 for place in places) <= 40


def test_palette_tells_series_apart():
    assert drawing.colours(2) == drawing.PAIR
    assert drawing.colours(4) == drawing.PALETTE[:4]
    assert len(set(drawing.colours(9))) == 1


@pytest.mark.parametrize(
    ("runs", "first", "last", "most"), [(4, [2, 3, 4], 4, 3), (13, [2, 3], 13, 12), (500, [2], 500, 12)]
)
def test_sizes_at_which_runs_are_looked_at(runs, first, last, most):
    sizes = charts.sizes_of(runs)
    assert sizes[: len(first)] == first
    assert sizes[-1] == last
    assert len(sizes) <= most
    assert sizes == sorted(set(sizes))
