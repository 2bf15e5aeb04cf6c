"""Keys of the budget: hand-worked pounds, lines of funding, levers, and what is refused by name."""

from pathlib import Path

import numpy as np
import pytest

from experiments.identity import posts_go
from experiments.plan import endings, make_plan, parameter_values
from scenarios import InputFaults, load
from scenarios.attribution import attributed
from scenarios.explain_scheme import explain_lever
from scenarios.funding import allocate
from scenarios.schemes import load_lever, shipped_levers
from scenarios.start import TEMPLATES

HEAD = """title = "t"
question = "q"
area = "west_mercia"
start = 2022-04-01
years = 4
price_year = "2022/23"
comparator = "plan"
"""
PLAN = """
[[alternative]]
name = "plan"
title = "plan"
pounds_a_year = 1_000_000
shares = { parenting = 0.5, ae_navigator = 0.5 }
"""


def scenario(tmp_path: Path, text: str):
    path = tmp_path / "plan.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load(path)


def faults(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(InputFaults) as caught:
        make_plan(scenario(tmp_path, text))
    return [str(fault) for fault in caught.value.faults]


def money(tmp_path: Path, text: str, name: str = "plan") -> dict[str, list[float]]:
    told = scenario(tmp_path, text)
    rows = zip(told.programmes, told.money()[name], strict=True)
    return {programme.id: np.round(row, 6).tolist() for programme, row in rows}


def test_the_pounds_are_split_between_prevention_and_victims(tmp_path: Path) -> None:
    text = PLAN.replace("shares = {", "split = { prevention = 0.45, victims = 0.55 }\nuplift = 100_000\nshares = {")
    text += "victims_shares = { victim_services = 1.0 }\n"
    assert money(tmp_path, text) == {
        "parenting": [275_000.0] * 4, "ae_navigator": [275_000.0] * 4, "victim_services": [550_000.0] * 4,
    }  # fmt: skip


def test_all_the_pounds_may_be_for_victims(tmp_path: Path) -> None:
    all_of_it = "split = { prevention = 0.0, victims = 1.0 }"
    text = PLAN.replace("shares = { parenting = 0.5, ae_navigator = 0.5 }", all_of_it) + VICTIMS
    assert money(tmp_path, text) == {"victim_services": [1_000_000.0] * 4}
    told = faults(tmp_path, text.replace("split", "uplift = 1_000\nsplit"))
    assert [fault.partition("plan.toml")[2] for fault in told] == [
        ":13: alternative 'plan' has money and no shares; say who gets it, such as shares = { parenting = 1.0 }"
    ]


@pytest.mark.parametrize("pounds", ["", "pounds_a_year = 0\n"])
def test_an_uplift_may_be_all_the_money_and_needs_shares(tmp_path: Path, pounds: str) -> None:
    text = PLAN.replace("pounds_a_year = 1_000_000\n", pounds + "uplift = 100_000\n")
    assert money(tmp_path, text) == {"parenting": [50_000.0] * 4, "ae_navigator": [50_000.0] * 4}
    (told,) = faults(tmp_path, text.replace("shares = { parenting = 0.5, ae_navigator = 0.5 }", ""))
    assert "has money and no shares; say who gets it" in told


def test_money_moves_from_one_programme_to_another_over_years(tmp_path: Path) -> None:
    move = '{ from = "ae_navigator", to = "parenting", share = 0.6, year = "2023/24", over_years = 3 }'
    text = f"{PLAN}move = [{move}]\n"
    told = money(tmp_path, text)
    assert told["ae_navigator"] == [500_000, 400_000, 300_000, 200_000]
    assert told["parenting"] == [500_000, 600_000, 700_000, 800_000]


def test_money_moves_between_tiers_in_proportion(tmp_path: Path) -> None:
    text = PLAN.replace("parenting = 0.5, ae_navigator = 0.5", "parenting = 0.2, school_sel = 0.1, ae_navigator = 0.7")
    text += 'move = [{ from = "tertiary", to = "primary", share = 0.5, year = "2022/23" }]\n'
    told = money(tmp_path, text)
    assert told["parenting"][0] == pytest.approx(200_000 + 350_000 * 2 / 3)
    assert told["school_sel"][0] == pytest.approx(100_000 + 350_000 / 3)
    assert told["ae_navigator"] == [350_000.0] * 4


def test_a_tier_that_moves_leaves_the_victims_part_of_a_split_alone(tmp_path: Path) -> None:
    text = PLAN.replace("shares = {", "split = { prevention = 0.45, victims = 0.55 }\nshares = {")
    text += "victims_shares = { victim_services = 1.0 }\n"
    by_tier = money(tmp_path, text + 'move = [{ from = "tertiary", to = "primary", share = 1.0, year = "2022/23" }]\n')
    assert by_tier == {"parenting": [450_000.0] * 4, "ae_navigator": [0.0] * 4, "victim_services": [550_000.0] * 4}
    named = money(
        tmp_path, text + 'move = [{ from = "victim_services", to = "parenting", share = 1.0, year = "2022/23" }]\n'
    )
    assert named["victim_services"] == [0.0] * 4


def test_a_line_may_not_end_where_what_is_left_of_it_could_be_spent_later(tmp_path: Path) -> None:
    lines = """
[[funding]]
source = "Core"
pounds_a_year = 600_000

[[funding]]
source = "Grant"
pounds_a_year = 400_000
end = "2023/24"
"""
    less = PLAN.replace("pounds_a_year = 1_000_000", 'pounds_a_year = { "2022/23" = 1_000_000, "2024/25" = 600_000 }')
    make_plan(scenario(tmp_path, lines + less))
    (told,) = faults(tmp_path, 'underspend = "carried"\n' + lines + less)
    assert "'Grant' ends with 2023/24, and parenting, ae_navigator could spend it later" in told


def test_decommissioned_money_may_go_back(tmp_path: Path) -> None:
    text = PLAN + 'move = [{ from = "ae_navigator", share = 1.0, year = "2024/25" }]\n'
    told = money(tmp_path, text)
    assert told == {"parenting": [500_000.0] * 4, "ae_navigator": [500_000.0, 500_000.0, 0.0, 0.0]}


def test_a_review_is_inherited_and_a_practice_is_asked_for(tmp_path: Path) -> None:
    more = """
[[alternative]]
name = "court"
title = "c"
like = "plan"
practice = { ref_formal_processing = 0.5 }
"""
    told = scenario(tmp_path, PLAN + 'review = "by_evidence_grade"\n' + more)
    inputs = told.inputs()
    assert {name: one.review for name, one in inputs.items()} == dict.fromkeys(("plan", "court"), "by_evidence_grade")
    assert inputs["plan"].practice is None
    at = [programme.id for programme in told.programmes].index("ref_formal_processing")
    assert inputs["court"].practice is not None
    assert inputs["court"].practice[at].tolist() == [0.5] * 4
    assert inputs["court"].money[at].sum() == 0


def test_who_else_pays_is_as_the_file_says(tmp_path: Path) -> None:
    text = PLAN.replace("parenting = 0.5", "we_dont_buy_crime = 0.5")
    row = "we_dont_buy_crime.commissioner_share"
    told = scenario(tmp_path, text)
    assert parameter_values(told, make_plan(told), 0)[row] == pytest.approx(0.25, abs=0.1)
    told = scenario(tmp_path, text + '[funders.we_dont_buy_crime]\ncommissioner = 0.5\n"parish councils" = 0.5\n')
    assert parameter_values(told, make_plan(told), 0)[row] == 0.5


SPLIT, VICTIMS = "split = { prevention = 0.5, victims = 0.5 }\n", "victims_shares = { victim_services = 1.0 }\n"
WRONG = [
    ("shares = {", SPLIT.replace("victims = 0.5", "victims = 0.4") + VICTIMS + "shares = {", "add up to 0.9"),
    ("shares = {", SPLIT + "shares = {", "does not say for which services"),
    ("shares = {", VICTIMS + "shares = {", "has victims_shares and no split"),
    ("shares = {", 'move = [{ from = "mentring", share = 0.5, year = "2023/24" }]\nshares = {', "perhaps 'mentoring'"),
    ("shares = {", 'move = [{ from = "mentoring", to = "parenting", share = 0.5, year = "2023/24" }]\nshares = {',
     "which has none in years from 2023/24"),
    ("shares = {", 'move = [{ from = "parenting", share = 0.5, year = "2033/34" }]\nshares = {', "outside the plan"),
    ("shares = {", 'move = [{ form = "parenting", share = 0.5, year = "2023/24" }]\nshares = {', "perhaps 'from' is"),
    ("parenting = 0.5", "prevention_budget = 0.5", "is a lever of the budget and no programme"),
    ("parenting = 0.5", "ref_formal_processing = 0.5", "takes no money"),
    ("shares = {", "practice = { mentoring = 1.0 }\nshares = {", "takes money"),
    ("shares = {", 'move = [{ from = "parenting", to = "parenting", share = 0.5, year = "2023/24" }]\nshares = {',
     "gives to itself"),
    ("shares = {", 'move = [{ from = "parenting", share = 50, year = "2023/24" }]\nshares = {', "0.5 is meant"),
    ("shares = {", 'move = [{ from = "parenting", share = 0.5, year = 2023 }]\nshares = {', 'write a financial year'),
    ("shares = {", 'review = "by_grade"\nshares = {', 'write review = "fixed"'),
    ("parenting = 0.5, ae_navigator = 0.5", "problem_solving_hub = 0.05, ae_navigator = 0.95",
     "50,000 pounds for problem_solving_hub in 2022/23, below the"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "slip", "said"), WRONG)
def test_a_slip_in_the_budget(tmp_path: Path, good: str, slip: str, said: str) -> None:
    told = faults(tmp_path, PLAN.replace(good, slip))
    assert any(said in fault for fault in told), told
    assert all("plan.toml:" in fault for fault in told)


LINE = """
[[funding]]
source = "Own budget"
pounds_a_year = 600_000

[[funding]]
source = "Grant for navigators"
pounds_a_year = 400_000
ring_fence = ["ae_navigator"]
end = "2023/24"
"""


def test_lines_that_pay_for_all_are_no_fault(tmp_path: Path) -> None:
    make_plan(scenario(tmp_path, LINE.replace('end = "2023/24"\n', "") + PLAN))


@pytest.mark.parametrize(
    ("good", "slip", "said"),
    [
        ("", "", "400,000 pounds for"),
        ("", "", "ended before: Grant for navigators; 'Own budget' has 600,000 pounds for anything"),
        ("600_000", "500_000", "'Grant for navigators' has 400,000 pounds for ae_navigator"),
        ('["ae_navigator"]\nend = "2023/24"', '["parenting"]\nend = "2025/26"', "no fault"),
        ('["ae_navigator"]\nend = "2023/24"', '["mentoring"]', "400,000 pounds for"),
        ("600_000", "300_000", "300,000 pounds for"),
        ('["ae_navigator"]', '["ae_navigators"]', "perhaps 'ae_navigator' is meant"),
        ('end = "2023/24"', 'end = "2023"', "is no financial year"),
        ('end = "2023/24"', 'alternatives = ["plans"]', "perhaps 'plan' is meant"),
    ],
)
def test_money_that_no_line_pays_is_refused_by_name(tmp_path: Path, good: str, slip: str, said: str) -> None:
    text = (LINE.replace(good, slip) if good else LINE) + PLAN
    if said == "no fault":
        make_plan(scenario(tmp_path, text))
        return
    told = faults(tmp_path, text)
    assert any(said in fault for fault in told), told


def test_an_alternative_without_a_line_of_funding_is_told_so(tmp_path: Path) -> None:
    lines = LINE.replace("\npounds_a_year", '\nalternatives = ["none"]\npounds_a_year')
    told = faults(tmp_path, lines + PLAN + '\n[[alternative]]\nname = "none"\ntitle = "n"\npounds_a_year = 0\n')
    assert [fault.partition("; ")[2] for fault in told] == ["this alternative has no line of funding"]


def test_what_running_down_costs_must_be_paid_too(tmp_path: Path) -> None:
    grant = '[[funding]]\nsource = "Grant"\npounds_a_year = 1_000_000\nend = "2023/24"\n'
    plan = PLAN.replace("pounds_a_year = 1_000_000", 'pounds_a_year = { "2022/23" = 1_000_000, "2024/25" = 0 }')
    told = faults(tmp_path, grant + plan)
    assert any("run-down or exit of a scheme" in fault and "2024/25" in fault for fault in told), told
    make_plan(scenario(tmp_path, grant.replace('end = "2023/24"\n', "") + plan))


def test_endings_are_hand_worked(tmp_path: Path) -> None:
    """Parenting and navigators each run down over 3 months: 3/4, 2/4 and 1/4 of a month's money."""
    plan = PLAN.replace("pounds_a_year = 1_000_000", 'pounds_a_year = { "2022/23" = 1_200_000, "2024/25" = 0 }')
    told = endings(scenario(tmp_path, plan))["plan"]
    assert told.tolist() == [[0, 0, 75_000.0, 0], [0, 0, 75_000.0, 0]]


def test_the_tightest_line_pays_first() -> None:
    may_pay = np.array([[True, True], [False, True]])
    paid = allocate(np.array([50.0, 50.0]), np.array([100.0, 30.0]), may_pay)
    assert paid == pytest.approx(np.array([[50.0, 20.0], [0.0, 30.0]]))
    short = allocate(np.array([50.0, 50.0]), np.array([40.0, 70.0]), may_pay)
    assert short.sum(axis=0) == pytest.approx([40.0, 50.0])


@pytest.mark.parametrize("name", shipped_levers())
def test_levers_are_keys_of_the_budget(name: str) -> None:
    lever = load_lever(shipped_levers()[name])
    told = explain_lever(lever, {})
    assert "a lever of the budget and no programme" in told
    assert all(key in told for key in lever.keys)
    assert lever.named_by


def test_the_template_tells_every_key_of_an_alternative() -> None:
    from scenarios.scenario_form import AlternativeForm, FundingForm, ScenarioForm

    text = (TEMPLATES / "scenario.toml").read_text(encoding="utf-8")
    for form in (AlternativeForm, FundingForm, ScenarioForm):
        keys = [field.alias or name for name, field in form.model_fields.items()]
        assert [key for key in keys if key not in text] == []


def test_a_supposed_bias_names_groups_of_the_area(tmp_path: Path) -> None:
    told = scenario(tmp_path, "bias_by_ethnic_group = { White = 2.0 }\n" + PLAN).inputs()["plan"]
    assert told.bias_by_ethnic_group == (("White", 2.0),)
    assert told.area.ethnic_residents.sum() == pytest.approx(told.area.population.sum(), rel=0.01)
    assert "no ethnic group 'Whit'" in faults(tmp_path, "bias_by_ethnic_group = { Whit = 2.0 }\n" + PLAN)[0]


def test_a_move_to_a_tier_that_has_nothing_yet_is_refused_and_loses_no_pound(tmp_path: Path) -> None:
    text = PLAN.replace("parenting = 0.5, ae_navigator = 0.5", "ae_navigator = 1.0") + """
[[alternative]]
name = "late"
title = "l"
like = "plan"
more = { parenting = { "2024/25" = 100_000 } }
move = [{ from = "ae_navigator", to = "primary", share = 0.5, year = "2022/23" }]
"""
    assert any("moves money with 'primary'" in fault for fault in faults(tmp_path, text))


def test_a_review_keeps_to_the_lines_of_funding(tmp_path: Path) -> None:
    told = scenario(tmp_path, LINE.replace('end = "2023/24"\n', "") + PLAN + 'review = "by_evidence_grade"\n')
    assert len(set(told.inputs()["plan"].review_groups)) == 2


def test_a_plan_that_is_reviewed_is_not_told_apart(tmp_path: Path) -> None:
    from scenarios.attribution import attributed

    told = scenario(tmp_path, PLAN + 'review = "by_evidence_grade"\n')
    with pytest.raises(InputFaults, match="is reviewed each year"):
        attributed(told, "tier")


def test_a_practice_is_kept_when_a_plan_is_told_apart(tmp_path: Path) -> None:
    from scenarios.attribution import attributed

    text = PLAN + """practice = { ref_formal_processing = 1.0 }

[[alternative]]
name = "nothing_at_all"
title = "n"
pounds_a_year = 0
"""
    told = attributed(scenario(tmp_path, text), "tier")
    assert told.attribution is not None
    assert told.attribution.nothing == "no_money"  # the file's own has no practice
    inputs = told.inputs()
    for part in told.attribution.parts:
        for name in (part.without, part.alone, told.attribution.nothing):
            assert inputs[name].practice is not None
            assert inputs[name].practice.max() == 1.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[funders.parenting]\ncommissioner = 0.5\ncouncil = 0.4\n", "add up to 0.9"),
        ("[funders.parenting]\ncommissioner = 0.5\ncouncil = 0.45\n", "0.05 of its cost has nobody who pays it"),
        ("[funders.parenting]\ncouncil = 1.0\n", "the commissioner pays none of it"),
        ("[funders.parentin]\ncommissioner = 1.0\n", "perhaps 'parenting' is meant"),
        ("[funders.parenting]\ncommissioner = 25\n", "probably 0.25 is meant"),
    ],
)
def test_a_slip_in_who_pays(tmp_path: Path, text: str, said: str) -> None:
    assert any(said in fault for fault in faults(tmp_path, PLAN + text))


def test_posts_that_go_have_a_year_of_the_plan_and_pass_to_an_alternative_that_is_like_another(tmp_path: Path) -> None:
    posts = '[{ role = "response", posts = 2, year = "2023/24", pounds_a_year = 60_000, hours_a_year = 1_500 }]'
    like = '\n[[alternative]]\nname = "more"\ntitle = "More"\nlike = "plan"\nmore = { parenting = 1 }\n'
    told = posts_go(scenario(tmp_path, f"{PLAN}posts_go = {posts}\n{like}"))
    assert set(told) == {"plan", "more"}
    assert told["more"] == told["plan"]
    assert told["more"][0]["year"] == 2023
    (fault,) = faults(tmp_path, f"{PLAN}posts_go = {posts.replace('2023/24', '2059/60')}\n")
    assert "2059/60" in fault


def test_posts_that_go_under_a_plan_go_in_what_tells_its_parts_apart(tmp_path: Path) -> None:
    posts = '[{ role = "response", posts = 2, year = "2023/24", pounds_a_year = 60_000, hours_a_year = 1_500 }]'
    told = attributed(scenario(tmp_path, f"{PLAN}posts_go = {posts}\n"), "programme")
    gone = posts_go(told)
    assert set(gone) == {one.name for one in told.alternatives}
    assert all(one == gone["plan"] for one in gone.values())
