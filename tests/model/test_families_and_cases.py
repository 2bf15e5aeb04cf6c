"""Programmes that reach children, cases, harms and contacts: each moves what it names."""

from dataclasses import replace

import numpy as np
import pytest
from test_laws import OF_PROGRAMMES, QUEUES, same_people, same_record
from worlds import SCHEME_VALUES, inputs, lived, scheme, shared_past, values

from model.actors.cases import which_end_in_custody
from model.actors.programmes import Waiting, listed
from model.actors.system_programmes import Quality
from model.inputs import Effect
from model.people import ACE, NOBODY, RESIDENT, RISK
from model.record import EVENT_KINDS, FIXED
from model.rules.demand import demand_of
from model.vocabulary import OFFENCES, SERVICES
from model.world import PreventionModel

CRIME = OFFENCES[:-1]
ON_ALL = Effect("offending", CRIME, "test_scheme.ratio", "x", "engaged", "nothing")
BIG = {"test_scheme.uptake": 1.0, "test_scheme.full_months": 100.0}


def of_families(reaches, **changes):
    return scheme(reaches=reaches, ages=(18, 60), effects=(ON_ALL,), **changes)


def holders(model):
    people = model.people
    held = (people.slot_programme[: model.rows] == 1).any(axis=1)
    acts = people.slot_effect[: model.rows].max(axis=1) > 0
    return np.flatnonzero(held & acts), np.flatnonzero(held & ~acts)


def test_who_is_listed_already():
    luck = np.random.default_rng(5)
    for few, many in ((0, 9), (9, 0), (40, 7), (7, 40)):
        rows, those = luck.integers(0, 50, few), luck.integers(0, 50, many)
        assert np.array_equal(listed(rows, those), np.isin(rows, those))


@pytest.mark.parametrize("reaches", ["children", "family"])
def test_a_null_family_scheme_changes_no_life(reaches):
    bare = lived(inputs())
    null = lived(inputs(programmes=(of_families(reaches),), pounds=30e6), told={"test_scheme.ratio": 1.0})
    assert null.record.starts.sum() > 0
    assert same_record(bare.record, null.record, but=QUEUES) == []
    assert same_people(bare.people[: bare.rows], null.people[: null.rows], but=OF_PROGRAMMES) == []


def test_children_hold_the_effect_and_carers_the_place():
    model = lived(inputs(programmes=(of_families("children"),), pounds=30e6), told=BIG)
    acts, places = holders(model)
    people, months = model.people, model.month
    assert acts.size > 50
    assert ((months - people.birth[acts]) < 18 * 12 + 24).all()
    assert (people.first_child[places] != NOBODY).all()
    assert places.size > 50
    carers = set(places.tolist())
    cared_for = [int(people.carer1[i]) in carers or int(people.carer2[i]) in carers for i in acts]
    assert all(cared_for)


def test_both_carers_of_one_child_take_one_place():
    model = lived(inputs(programmes=(of_families("children"),), pounds=60e6), told=BIG)
    people, (acts, places) = model.people, holders(model)
    began = {int(i): int(people.slot_start[i][people.slot_programme[i] == 1][0]) for i in (*acts, *places)}
    reached = {int(i): set[int]() for i in places}
    for child in acts.tolist():
        for carer in (int(people.carer1[child]), int(people.carer2[child])):
            if carer in reached and began[carer] == began[child]:
                reached[carer].add(child)
    alone = [(began[carer], *children) for carer, children in reached.items() if len(children) == 1]
    assert len(alone) > 30
    assert len(set(alone)) == len(alone)


@pytest.mark.parametrize("mother_first", [False, True])
def test_a_carer_who_is_a_child_on_the_same_list_holds_what_came_first(mother_first):
    model = lived(inputs(1, programmes=(of_families("children"),), pounds=0.0), told=BIG)
    people, programme = model.people, model.at_work.people[0]
    grandmother, mother, baby = family = np.flatnonzero(people.status[: model.rows] == RESIDENT)[:3]
    for bond in (people.carer1, people.carer2, people.next1, people.next2, people.first_child):
        bond[family] = NOBODY
    people.birth[family] = model.month - 12 * np.array([40, 16, 0])
    people.slot_programme[family] = 0
    people.first_child[grandmother], people.carer1[mother] = mother, grandmother
    people.first_child[mother], people.carer1[baby] = baby, mother
    order = np.array([mother, grandmother] if mother_first else [grandmother, mother])
    programme.waiting = Waiting(order, np.array([0, 1]), np.zeros(2, np.int64), np.zeros(2, np.int64))
    admitted = programme.offer(model.columns, model.month, 9, 1.0, Quality(1.0, 1.0, 1.0), 1)
    acts, places = holders(model)
    if mother_first:  # she holds a place, so that her own mother has nobody to bring
        assert admitted.started.tolist() == [mother]
        assert (set(acts), set(places)) == ({baby}, {mother})
    else:  # she is reached as a child, and goes on holding that as her own baby is reached
        assert admitted.started.tolist() == [grandmother, mother]
        assert (set(acts), set(places)) == ({mother, baby}, {grandmother})


def test_families_hold_it_together():
    model = lived(inputs(programmes=(of_families("family"),), pounds=30e6), told=BIG)
    acts, places = holders(model)
    ages = (model.month - model.people.birth[acts]) // 12
    assert places.size == 0
    assert (ages >= 20).any()
    assert (ages < 18).any()


def test_a_first_birth_finds_the_mother_and_acts_on_the_child_when_it_is_due():
    given = scheme(
        reaches="children", event="first_birth", ages=(12, 50), sexes=("female",),
        effects=(Effect("ace", ("neglect",), "test_scheme.ratio", "x", "engaged", "nothing"), ON_ALL),
    )  # fmt: skip
    told = BIG | {"test_scheme.lag_months": 120.0, "test_scheme.life_lag_months": 0.0,
                  "test_scheme.life_full_months": 60.0, "test_scheme.life_fade_months": 0.0,
                  "test_scheme.ratio": 1e-6}  # fmt: skip
    null = lived(inputs(3, 0.02, (given,), 50e6), told=told | {"test_scheme.ratio": 1.0})
    model = lived(inputs(3, 0.02, (given,), 50e6), told=told)
    acts, _ = holders(model)
    assert acts.size > 100
    assert (model.people.birth[acts] >= model.inputs.start - 1).all()
    assert abs(model.record.expected.sum() / null.record.expected.sum() - 1) < 1e-3
    neglected = [((one.people.aces[acts] >> ACE["neglect"]) & 1).sum() for one in (model, null)]
    assert neglected[0] < neglected[1]


def test_a_prosecution_makes_charges_of_outcomes_out_of_court():
    effect = Effect("disposal", CRIME, "test_scheme.ratio", "x", "engaged", "formal processing")
    given = scheme(event="out_of_court", ages=(10, 90), effects=(effect,), takes_no_money=True, waiting_months=1)
    runs = {}
    for name, kept, practice in (("none", 0.0001, 0.0), ("null", 1.0, 1.0), ("all", 0.0001, 1.0)):
        one = replace(inputs(2, 0.02, (given,), 0.0), practice=np.full((1, 2), practice))
        runs[name] = lived(one, told={"test_scheme.ratio": kept, "test_scheme.uptake": 1.0})
    assert runs["none"].record.starts.sum() == 0
    assert same_record(runs["none"].record, runs["null"].record, but=QUEUES) == []
    record = runs["all"].record
    outcomes = [runs[name].record.events[:-1, :, EVENT_KINDS.index("out_of_court")].sum() for name in ("none", "all")]
    assert record.prosecuted.sum() == pytest.approx(outcomes[0], rel=0.1)
    assert outcomes[1] < 0.1 * outcomes[0]  # a case stands once in the record: as a charge
    assert runs["all"].at_work.spend.sum() == 0
    convictions = [runs[name].record.events[:, :, EVENT_KINDS.index("conviction")].sum() for name in ("all", "none")]
    assert convictions[0] > convictions[1]
    cases = [demand_of(runs[name].record, runs[name].inputs.area, runs[name].values)[..., SERVICES.index("court_cases")]
             for name in ("all", "none")]  # fmt: skip
    assert cases[0].sum() > cases[1].sum()
    # Most of what is dealt with out of court leaves no record; what a court convicts of does.
    entrants = [runs[name].record.first_time_entrants.sum() for name in ("all", "none")]
    assert entrants[0] > entrants[1]


def test_whom_courts_would_send_to_prison_is_not_diverted():
    """The draw at the hearing is foreseen: those who go to custody are those of whom it was said, and no others."""
    model = PreventionModel(inputs(1, 0.02), values(), 7, shared_past(1, 0.02))
    right = wrong = 0
    for _ in range(10):
        people = model.people[: model.rows]
        due = np.flatnonzero((people.court == model.month) & (people.status == RESIDENT))
        due = due[model.people.risks[due] & (1 << RISK["in_custody"]) == 0]
        foreseen = np.zeros(due.size, bool)
        which_end_in_custody(model.people, due, model.laws, model.law_now, foreseen)
        before = model.people.custody_months[due].copy()
        convictions = model.people.convictions[due].copy()
        model.step()
        sent = model.people.custody_months[due] > before
        heard = model.people.convictions[due] > convictions
        right += (sent[heard] == foreseen[heard]).sum()
        wrong += (sent[heard] != foreseen[heard]).sum()
    assert right > 50
    assert wrong <= 0.02 * right  # an offence in the same month may have joined the case, or ended it


def test_diversion_spares_no_custody():
    closes = Effect("disposal", CRIME, "test_scheme.ratio", "case closed", "engaged", "formal processing")
    given = inputs(2, 0.02, (scheme(event="charge", ages=(10, 90), effects=(closes,)),), pounds=60e6)
    null, closed = (
        lived(given, told={"test_scheme.ratio": ratio, "test_scheme.uptake": 1.0}) for ratio in (1.0, 1e-9)
    )
    events = [one.record.events[..., EVENT_KINDS.index("custody_sentence")].sum() for one in (null, closed)]
    assert closed.record.diverted.sum() > 50
    assert events[1] > 0.85 * events[0]


def test_harm_is_eased_in_offences_worth_and_no_offence_is_fewer():
    effect = Effect("harm", ("fraud_computer_misuse",), "test_scheme.ratio", "x", "engaged", "nothing")
    given = scheme(
        event="reported", event_offences=("fraud_computer_misuse",), ages=(18, 90), effects=(effect,)
    )  # fmt: skip
    bare = lived(inputs(2, 0.02))
    model = lived(inputs(2, 0.02, (given,), 30e6), told={"test_scheme.ratio": 0.2})
    fraud = OFFENCES.index("fraud_computer_misuse")
    assert np.array_equal(bare.record.offences, model.record.offences)
    assert model.record.supported.sum() == model.record.starts.sum() > 0
    assert model.record.eased.sum() / FIXED == pytest.approx(0.8 * model.record.starts.sum())
    assert model.record.eased[..., fraud].sum() == model.record.eased.sum()
    worse = lived(inputs(2, 0.02, (given,), 30e6), told={"test_scheme.ratio": 1.5})
    assert worse.record.eased.sum() < 0


def test_harm_of_one_event_is_eased_once_by_several_schemes():
    effect = Effect("harm", ("fraud_computer_misuse",), "test_scheme.ratio", "x", "engaged", "nothing")
    given = scheme(event="reported", event_offences=("fraud_computer_misuse",), ages=(18, 90), effects=(effect,))
    other = replace(given, id="other", effects=(replace(effect, ratio="other.ratio"),))
    told = {name.replace("test_scheme", "other"): value for name, value in SCHEME_VALUES.items()}
    told |= {"test_scheme.uptake": 1.0, "other.uptake": 1.0, "test_scheme.ratio": 0.2, "other.ratio": 0.2}
    alone = lived(inputs(2, 0.02, (given,), 90e6), told=told)
    both = lived(inputs(2, 0.02, (given, other), 90e6), told=told)
    starts = alone.record.starts[:, 0].sum()
    assert both.record.starts[:, 1].sum() == pytest.approx(starts, rel=0.05)
    per_event = both.record.eased.sum() / FIXED / starts
    assert per_event == pytest.approx(1.0 - 0.2**1.5, rel=0.05)  # the strongest in full, the other at a half


def test_contacts_of_one_person_fall_once_for_several_schemes():
    effect = Effect("contacts", ("welfare_checks",), "test_scheme.ratio", "x", "engaged", "usual services")
    given = scheme(ages=(18, 30), effects=(effect,))
    other = replace(given, id="other", effects=(replace(effect, ratio="other.ratio"),))
    told = {name.replace("test_scheme", "other"): value for name, value in SCHEME_VALUES.items()}
    told |= {"test_scheme.uptake": 1.0, "other.uptake": 1.0, "test_scheme.ratio": 0.1, "other.ratio": 0.1}
    worlds = [lived(inputs(1, 0.004, those, 200e6), told=told) for those in ((given,), (given, other))]
    saved = [-world.record.contacts.sum() for world in worlds]
    assert saved[0] < saved[1] < 1.1 * saved[0]


def test_contacts_fall_by_what_managed_people_would_have_made():
    effect = Effect("contacts", ("mental_health_incidents", "welfare_checks"), "test_scheme.ratio", "x", "engaged",
                    "usual services")  # fmt: skip
    given = scheme(ages=(18, 90), needs=("poor_mental_health",), effects=(effect,))
    told = {"test_scheme.ratio": 0.5, "test_scheme.contacts_a_year": 1.0, "test_scheme.fade_months": 0.0,
            "test_scheme.lag_months": 0.0, "test_scheme.full_months": 6.0}  # fmt: skip
    bare = lived(inputs(2, 0.02))
    model = lived(inputs(2, 0.02, (given,), 10e6), told=told)
    assert np.array_equal(bare.record.offences, model.record.offences)
    saved = -model.record.contacts.sum() / FIXED
    months_held = 6 * model.record.starts[:18].sum()
    assert saved > 0.9 * months_held / 12.0 * 0.5
    demand = [demand_of(one.record, one.inputs.area, one.values).sum(axis=(0, 1)) for one in (bare, model)]
    fewer = demand[0] - demand[1]
    for service in ("mental_health_incidents", "welfare_checks"):
        assert fewer[SERVICES.index(service)] == pytest.approx(saved / 2, rel=1e-6)
    assert fewer[SERVICES.index("missing_person_reports")] == 0
    assert fewer[SERVICES.index("police_incidents")] == pytest.approx(saved)


@pytest.mark.parametrize(("kind", "factor"), [("onset", "unstable_housing"), ("recovery", "poor_mental_health")])
def test_a_factor_starts_or_ends_as_named(kind, factor):
    effect = Effect(kind, (factor,), "test_scheme.ratio", "x", "engaged", "nothing")
    given = scheme(ages=(10, 90), effects=(effect,))
    bit = 1 << RISK[factor]
    counts = []
    for ratio in (0.01, 1.0, 8.0):
        one = lived(inputs(2, 0.01, (given,), 100e6), told=BIG | {"test_scheme.ratio": ratio})
        placed = np.flatnonzero(one.people.placed[: one.rows])
        counts.append(int(((one.people.risks[placed] & bit) > 0).sum()))
    assert counts == sorted(counts, reverse=kind == "recovery")
    assert counts[0] != counts[2]


def test_a_family_without_a_child_who_can_take_part_is_turned_away_and_counted():
    crowds = tuple(
        scheme(id=f"crowd_{n}", ages=(0, 17), effects=(replace(ON_ALL, ratio=f"crowd_{n}.ratio"),)) for n in range(4)
    )
    told = {name.replace("test_scheme", f"crowd_{n}"): v for n in range(4) for name, v in SCHEME_VALUES.items()}
    told |= {f"crowd_{n}.{what}": value for n in range(4) for what, value in (("uptake", 1.0), ("full_months", 90.0))}
    model = lived(inputs(2, 0.004, (*crowds, of_families("children")), 900e6), told=told | BIG)
    assert model.record.refused[:, 4].sum() > 0
    acts, places = holders_of(model, 5)
    assert places.size > 0
    assert acts.size >= places.size  # nobody has a place without a child who holds the effect


def holders_of(model, number):
    people = model.people
    mine = people.slot_programme[: model.rows] == number
    acts = (mine & (people.slot_effect[: model.rows] > 0)).any(axis=1)
    return np.flatnonzero(acts), np.flatnonzero(mine.any(axis=1) & ~acts)
