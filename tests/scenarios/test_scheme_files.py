"""Schemes of places, of other programmes, tools and practices: one file and no code, and every slip is told."""

from pathlib import Path

import pytest

from model.evidence import Evidence
from model.usage import where_used
from scenarios import InputFaults, load
from scenarios.areas import load_area
from scenarios.explain_scheme import explain_scheme
from scenarios.schemes import CATALOGUE, load_scheme, shipped_schemes

HEAD = """
id = "mine"
name = "Mine"
tier = "secondary"
set_up_months = 1
graded = "none"
outcome_study = false
"""
DEFAULTS = """
[defaults]
source = "judgement"
provenance = "judgement"
grade = 1
use = "model"
"""


def rows(**values: tuple[float, str]) -> str:
    told = [f'  {{ id = "mine.{name}", value = {value}, unit = "{unit}" }},' for name, (value, unit) in values.items()]
    return "rows = [\n" + "\n".join(told).replace('unit = "pounds"', 'unit = "pounds", period = "2022/23"') + "\n]\n"


def effect(kind: str, targets: str, on: str, ratio: str = "mine.ratio") -> str:
    return f"""
[[effect]]
kind = "{kind}"
targets = {targets}
ratio = "{ratio}"
outcome = "x"
effect_on = "{on}"
versus = "nothing"
"""


MONTHS = {f"{name}_months": (1, "months") for name in ("lag", "full", "fade")}
PLACE = (
    HEAD + 'reaches = "place"\nfound_by = "hot_spots"\ncovers = "share"\nquintiles = [1, 2]\n'
    + rows(ratio=(1.0, "ratio"), unit_cost=(100, "pounds"), uptake=(1, "share"), covers=(0.2, "share"),
           spillover=(0, "part"), sensitivity=(0.5, "share"), specificity=(0.9, "share"), hot_share=(0.1, "share"),
           **MONTHS)
    + DEFAULTS + effect("offences", '["robbery"]', "place")
)  # fmt: skip
SYSTEM = (
    HEAD.replace('tier = "secondary"', 'tier = "system"') + 'reaches = "system"\n'
    + rows(ratio=(1.05, "ratio"), unit_cost=(100, "pounds"), lag_months=(1, "months"), fade_months=(1, "months"))
    + DEFAULTS + effect("uptake", '["mentoring", "primary"]', "access")
)  # fmt: skip
TOOL = (
    HEAD + 'reaches = "system"\n'
    + rows(unit_cost=(100, "pounds"), lag_months=(1, "months"), fade_months=(1, "months"), sensitivity=(0.5, "share"),
           specificity=(0.9, "share"), threshold=(1, "offences a year"), bias=(1.5, "ratio"))
    + DEFAULTS + '\n[tool]\nprogrammes = ["mentoring"]\noffences = ["robbery"]\n'
)  # fmt: skip
PRACTICE = (
    HEAD + 'found_by = "out_of_court"\nages = [10, 17]\nwaiting_months = 1\ntakes_no_money = true\n'
    + rows(ratio=(1.0, "ratio"), uptake=(1, "share"), completion=(1, "share"), stay_months=(1, "months"), **MONTHS)
    + DEFAULTS + effect("disposal", '["robbery"]', "engaged")
)  # fmt: skip
KINDS = {"place": PLACE, "system": SYSTEM, "tool": TOOL, "practice": PRACTICE}


def put(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_a_scheme_of_any_kind_takes_one_file(tmp_path: Path, kind: str) -> None:
    path = put(tmp_path, KINDS[kind])
    assert load_scheme(path).programme.id == "mine"
    money, practice = "pounds_a_year = 1_000\nshares = { mine = 1.0 }", "pounds_a_year = 0\npractice = { mine = 1.0 }"
    asked = practice if kind == "practice" else money
    plan = f"""
title = "t"
question = "q"
area = "essex"
start = 2022-04-01
years = 1
price_year = "2022/23"
comparator = "a"
schemes = ["mine.toml"]
[[alternative]]
name = "a"
title = "a"
{asked}
"""
    (tmp_path / "plan.toml").write_text(plan, encoding="utf-8")
    assert [one.id for one in load(tmp_path / "plan.toml").programmes] == ["mine"]


SLIPS = [
    ("place", 'reaches = "place"', 'reaches = "places"', "perhaps 'place' is meant"),
    ("place", 'found_by = "hot_spots"', 'found_by = "hotspots"', "perhaps 'hot_spots' is meant"),
    ("place", 'found_by = "hot_spots"\n', "", "found_by is missing"),
    ("place", 'covers = "share"', 'covers = "homes"', "perhaps 'home' is meant"),
    ("place", "quintiles = [1, 2]", "quintiles = [0, 2]", "is below 1"),
    ("place", "quintiles = [1, 2]", "ages = [10, 17]", "ages is for schemes that reach people"),
    ("place", 'id = "mine.covers"', 'id = "mine.cover"', "the row 'mine.covers' is missing"),
    ("place", 'id = "mine.hot_share"', 'id = "mine.hot"', "the row 'mine.hot_share' is missing"),
    ("place", 'kind = "offences"', 'kind = "offending"', "is no effect of a scheme that reaches a place"),
    ("place", 'effect_on = "place"', 'effect_on = "engaged"', "use one of place"),
    ("place", 'targets = ["robbery"]', 'targets = ["robery"]', "perhaps 'robbery' is meant"),
    ("place", 'value = 100, unit = "pounds"', 'value = 0, unit = "pounds"', "must be above 0 pounds"),
    ("system", '["mentoring", "primary"]', '["mentring"]', "perhaps 'mentoring' is meant"),
    ("system", 'kind = "uptake"', 'kind = "offending"', "is no effect of a scheme that reaches a system"),
    ("system", 'reaches = "system"', 'reaches = "system"\nfound_by = "arrest"', "leave it out"),
    ("system", 'id = "mine.fade_months"', 'id = "mine.faded"', "'mine.fade_months' is missing"),
    ("system", 'reaches = "system"\n', "", 'write reaches = "system"'),
    ("system", 'tier = "system"', 'tier = "primary"', 'write tier = "system"'),
    ("system", "value = 1.05", "value = 1.3", "no study has measured it"),
    ("place", "value = 0, unit", "value = -10, unit", "between -1 and 1"),
    ("place", "value = 1.0", "value = 0.9", "mine.ratio is not centred on 1, and no study has measured it"),
    ("place", "value = 1.0", 'low = 0.8, high = 1.0, distribution = "normal", value = 1.0', "on both sides of it"),
    ("practice", "value = 1.0", "value = 0.9", "write value = 1.0 with low and high on both sides of it"),
    ("place", "grade = 1", "grade = 2", "mine.unit_cost is judgement with grade 2; write grade = 1"),
    ("system", 'provenance = "judgement"\ngrade = 1', 'provenance = "checked"\ngrade = 4', "write grade = 1"),
    ("place", "outcome_study = false", "outcome_study = true", "no row says what a study found of the scheme"),
    ("tool", "outcome_study = false", "outcome_study = true", "or write outcome_study = false"),
    ("place", 'covers = "share"', 'covers = "home"', "leave the row out"),
    ("tool", "value = 0.9, unit", "value = 0.4, unit", "no better than chance"),
    ("tool", 'programmes = ["mentoring"]', 'programmes = ["mine"]', "no waiting list of its own"),
    ("tool", 'programmes = ["mentoring"]', 'programmes = ["mentorin"]', "perhaps 'mentoring' is meant"),
    ("tool", 'id = "mine.bias"', 'id = "mine.biased"', "'mine.bias' is missing"),
    ("tool", '[tool]\nprogrammes = ["mentoring"]\noffences = ["robbery"]\n', "", "has no effect and is no tool"),
    ("practice", 'found_by = "out_of_court"', 'found_by = "population"', "found by an event"),
    ("practice", "waiting_months = 1", "waiting_months = 6", "in the month after, and no later"),
    ("practice", "takes_no_money = true\n", "", "'mine.unit_cost' is missing"),
    ("practice", 'kind = "disposal"', 'kind = "harm"', "harm is eased for those who were harmed"),
    ("practice", 'kind = "disposal"', 'kind = "contacts"', "'mine.contacts_a_year' is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "good", "slip", "said"), SLIPS)
def test_a_slip(tmp_path: Path, kind: str, good: str, slip: str, said: str) -> None:
    assert good in KINDS[kind]
    with pytest.raises(InputFaults) as caught:
        load_scheme(put(tmp_path, KINDS[kind].replace(good, slip, 1)))
    assert any(said in str(fault) for fault in caught.value.faults), str(caught.value)


OF_A_STUDY = 'source = "smith2020", provenance = "checked", causal_status = "causal", grade = 3'
STUDY = '\n[[sources]]\nid = "smith2020"\nauthor = "Smith"\ntitle = "An evaluation"\n'


@pytest.mark.parametrize(
    ("row", "is_one"),
    [
        ('{ id = "mine.trial", value = 0.8, unit = "ratio of offences", use = "context", STUDY }', True),
        ('{ id = "mine.volunteer_hours", value = 2, unit = "hours a unit", STUDY }', False),  # of no outcome
        ('{ id = "mine.trial", value = 0.8, unit = "ratio of offences", use = "context" }', False),  # judgement
    ],
)
def test_a_claim_is_as_good_as_its_row(tmp_path: Path, row: str, is_one: bool) -> None:
    text = PLACE.replace("outcome_study = false", "outcome_study = true").replace("value = 1.0", "value = 0.9")
    path = put(tmp_path, text.replace("rows = [\n", f"rows = [\n{row.replace('STUDY', OF_A_STUDY)},\n") + STUDY)
    if is_one:
        assert load_scheme(path).programme.evidence_grade == 3
        return
    with pytest.raises(InputFaults, match="no row says what a study found") as caught:
        load_scheme(path)
    assert len(caught.value.faults) == 1


def test_more_that_is_found_in_places_is_no_claim(tmp_path: Path) -> None:
    """As possession of weapons where they are looked for: nothing is averted."""
    text = PLACE.replace("value = 1.0", 'value = 1.5, low = 1.0, high = 2.5, distribution = "lognormal"')
    assert load_scheme(put(tmp_path, text)).evidence["mine.ratio"].value == 1.5


def test_a_study_is_named_where_one_is_claimed() -> None:
    """A scheme that says a study has measured it has a row from a source that tells what it does."""
    tells = ("causal", "quasi-causal", "association")
    for path in shipped_schemes().values():
        scheme = load_scheme(path)
        told = [row for row in scheme.evidence.values() if row.causal_status in tells and row.source != "judgement"]
        if scheme.programme.id != "banking_protocol":  # sums that banks count as stopped, and nobody compared
            assert bool(told) or not scheme.programme.outcome_study, scheme.programme.id


@pytest.mark.parametrize("name", shipped_schemes())
def test_every_scheme_is_told_in_words(name: str) -> None:
    scheme = load_scheme(CATALOGUE / f"{name}.toml")
    told = explain_scheme(scheme, {}).split("\n\n")[0]
    assert f"({name})" in told
    assert "evidence: " in told
    assert "reaches " in told
    assert "guessed, of " in told
    assert ("costs " in told) != scheme.programme.takes_no_money
    assert ("acts on " in told) == bool(scheme.programme.effects)


def test_every_row_is_read_or_marked_context() -> None:
    """By reading: what the model does not read is context, in schemes and levers too."""
    from model.evidence import read

    schemes = [load_scheme(path) for path in shipped_schemes().values()]
    together = Evidence([*read().values(), *(row for one in schemes for row in one.evidence.values())])
    used = where_used(load_area("west_mercia"), together, tuple(one.programme for one in schemes))
    marked = {row.name for one in schemes for row in one.evidence.values() if row.use == "model"}
    of_schemes = {row.name for one in schemes for row in one.evidence.values()}
    assert marked - set(used) == set()
    assert (set(used) & of_schemes) - marked == set()
