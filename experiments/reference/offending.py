"""Offending, joining in, and outsiders: model/ODD.md 7.6; and the anchor of its levels, 5.4. A kind is of hazard, a
group of offences."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from math import exp, log
from typing import TYPE_CHECKING

from experiments.reference import justice, places, programmes, victims
from experiments.reference.arithmetic import binned, calendar, graded, pick, poisson, poisson_given_some
from experiments.reference.happening import Happening
from experiments.reference.offence import DOMESTIC, WOMEN_AT_HOME, Offence
from experiments.reference.prevalence import straight
from model.inputs import ModelInputs, financial_year
from model.vocabulary import FEMALE, OFFENCES, RISK_FACTORS, SEXES

if TYPE_CHECKING:
    from experiments.reference.person import Person
    from experiments.reference.world import PlainModel

GROUPS_OF_KIND = {
    "violence": ("homicide", "violence_with_injury", "violence_without_injury", "stalking_harassment"),
    "sexual": ("rape", "other_sexual"),
    "theft": (
        "robbery", "residential_burglary", "other_burglary", "theft_of_vehicle", "theft_from_vehicle", "other_theft",
    ),
    "shoplifting": ("shoplifting",),
    "disorder": ("criminal_damage", "arson", "public_order", "antisocial_behaviour"),
    "drugs": ("drugs", "weapons", "fraud_computer_misuse", "other"),
    DOMESTIC: OFFENCES,  # any of them may be against a partner
}  # fmt: skip
KINDS = tuple(GROUPS_OF_KIND)
FIRST_AGE = 10  # of criminal responsibility
LEAST_CURVE = 1e-9
MOST_CHANCE = 0.999999
MOST_OFFENCES, MOST_OF_OUTSIDERS = 30, 4000  # a month of one person; of a district and group
BASE_YEAR = 2023  # tables name a financial year by its end (6)
ANCHOR_TIMES = 6

ByKind = tuple[float, ...]  # in the order of KINDS


@dataclass(frozen=True)
class Law:
    """The numbers of a financial year. Rates are offences a month before programmes."""

    rate: tuple[tuple[tuple[ByKind, ...], ...], ...]  # by sex, age and fifth: level, trend, curve and deprivation
    spread: tuple[float, ...]  # by age, log rate a standard deviation of propensity
    family: ByKind  # log rate a standard deviation of the family factor
    experiences: tuple[ByKind, ...]  # by number of adverse experiences, 0 to 4
    recent: tuple[float, ...]  # by how recent the last offence is, 0 (two years or never) to 3 (three months)
    peers: tuple[float, ...]  # by number of ties who offend, 0 to 3
    ratio: dict[str, ByKind]  # by factor, where it is not 1 for all kinds
    causal: float  # share of these ratios that goes with what they are of (7.18)
    dependence: float  # the same of recent offences
    most: float  # a month, of one person
    mix: dict[str, dict[str, float]]  # by kind, and WOMEN_AT_HOME, chances of its groups
    upto: dict[str, tuple[list[str], list[float]]]  # mix, cumulated
    target: dict[str, float]  # by kind, what residents commit a month at this scale (5.4)
    outsiders: dict[str, float]  # by group, what outsiders commit a month in the force at this scale
    co_offending: dict[str, float]  # by group, chance that another joins in
    co_offending_age: float  # years
    co_offending_adult: float  # chance from that age beside the younger
    severity: float  # standard deviation of log severity


def past_level(values: Mapping[str, float]) -> dict[str, float]:
    """By kind, offences a month by a man at the peak age with nothing else against him, before the anchor."""
    return {kind: values[f"offending.past_level[{kind}]"] for kind in KINDS}


def law(inputs: ModelInputs, values: Mapping[str, float], year: int, level: Mapping[str, float]) -> Law:
    """The law of the financial year that begins in April of `year`, with offences a month by kind as the level."""
    residents, outsiders = committed(inputs, values)
    a_month = inputs.scale / 12
    sums = {kind: sum(groups.values()) for kind, groups in residents.items()}
    mix = {
        kind: {group: count / sums[kind] if sums[kind] > 0 else 0.0 for group, count in groups.items()}
        for kind, groups in residents.items()
    }
    mix[DOMESTIC], mix[WOMEN_AT_HOME] = _at_home(mix[DOMESTIC], values["victim.partner_women_share"])
    experiences, factors, ties, own = (
        values[f"association.alone[{what} and offending]"] for what in ("experiences", "factors", "ties", "history")
    )
    ace = [values["offending.ace_beside"] * log(values[f"offending.ace_ratio[{kind}]"]) for kind in KINDS]
    history = (values[f"offending.history_ratio[{name}]"] for name in ("two years", "a year", "three months"))
    return Law(
        rate=_rates_by_age(values, year, level),
        spread=tuple(_spread(values, age) for age in range(101)),
        family=tuple((1 - experiences) * each / values["offending.family_gap"] for each in ace),
        experiences=tuple(tuple(exp(experiences * each * n / 4) for each in ace) for n in range(5)),
        recent=(1.0, *(each**own for each in history)),
        peers=tuple(values["offending.peer_ratio"] ** (ties * j / 3) for j in range(4)),
        ratio=_ratios(values, factors),
        causal=values["causal_share"],
        dependence=values["state_dependence_share"],
        most=values["offending.most_a_month"],
        mix=mix,
        upto={kind: (list(groups), list(accumulate(groups.values()))) for kind, groups in mix.items()},
        target={kind: each * a_month for kind, each in sums.items()},
        outsiders={group: count * a_month for group, count in outsiders.items()},
        co_offending={group: values[f"co_offending[{group}]"] for group in OFFENCES},
        co_offending_age=values["justice.co_offending_age"],
        co_offending_adult=values["justice.co_offending_adult"],
        severity=values["severity.spread"],
    )


def _at_home(both: Mapping[str, float], of_women: float) -> tuple[dict[str, float], dict[str, float]]:
    """What men do at home and what women do, from what both do: rape is men's alone, whose share is that of women among
    the victims."""
    rape = min(both["rape"] / of_women, 1.0)
    men = {group: share * (1 - rape) / (1 - both["rape"]) for group, share in both.items()} | {"rape": rape}
    women = {group: share / (1 - both["rape"]) for group, share in both.items()} | {"rape": 0.0}
    return men, women


def mix_of(person: Person, kind: str) -> str:
    """Which mix of groups a person's offences of a kind have."""
    return WOMEN_AT_HOME if kind == DOMESTIC and person.sex == FEMALE else kind


def _rates_by_age(
    values: Mapping[str, float], year: int, level: Mapping[str, float]
) -> tuple[tuple[tuple[ByKind, ...], ...], ...]:
    trend = calendar("csew_crime_index", year + 1) / calendar("csew_crime_index", BASE_YEAR)
    deprivation = [graded(values[f"offending.deprivation_ratio[{kind}]"]) for kind in KINDS]
    youngest = _spread(values, 0)
    held = [trend * exp((youngest**2 - _spread(values, age) ** 2) / 2) for age in range(101)]
    own = [[[level[k] * held[age] * _curve(values, k, sex, age) for k in KINDS] for age in range(101)] for sex in SEXES]
    return tuple(
        tuple(
            tuple(tuple(mine * g[q] for mine, g in zip(by_kind, deprivation, strict=True)) for q in range(5))
            for by_kind in by_age
        )
        for by_age in own
    )


def _spread(values: Mapping[str, float], age: int) -> float:
    """How widely people of an age differ: most desist, and a few do not."""
    first, last = values["offending.spread_age[from]"], values["offending.spread_age[to]"]
    return values["offending.spread"] * straight([(first, 1.0), (last, values["offending.spread_later"])], age)


def _curve(values: Mapping[str, float], kind: str, sex: str, age: int) -> float:
    """The rate at an age beside that of men at the peak."""
    if age < FIRST_AGE:
        return 0.0
    years = age - values[f"offending.peak_age[{kind}]"]
    if years < 0:
        men = exp(-((years / values[f"offending.rise[{kind}]"]) ** 2) / 2)
    else:
        floor = values[f"offending.floor[{kind}]"]
        men = floor + (1 - floor) * 0.5 ** (years / values[f"offending.half_life[{kind}]"])
    return max(men, LEAST_CURVE) * (values[f"offending.female_ratio[{kind}]"] if sex == "female" else 1.0)


def _ratios(values: Mapping[str, float], c: float) -> dict[str, ByKind]:
    """By factor: the row of factor and kind if there is one, else that of the factor, else 1; to the power c."""
    found = {}
    for factor in RISK_FACTORS:
        alike = values.get(f"offending.ratio[{factor}]", 1.0)
        ratio = tuple(values.get(f"offending.ratio[{factor}, {kind}]", alike) ** c for kind in KINDS)
        if any(each != 1 for each in ratio):
            found[factor] = ratio
    return found


def committed(inputs: ModelInputs, values: Mapping[str, float]) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """Offences a year in the real area, whatever the year: by residents by kind and group, by outsiders by group."""
    kind_of = {group: kind for kind, groups in GROUPS_OF_KIND.items() if kind != DOMESTIC for group in groups}
    residents: dict[str, dict[str, float]] = {kind: {} for kind in KINDS}
    outsiders: dict[str, float] = {}
    recording = justice.recording(values)
    for group, recorded in zip(OFFENCES, inputs.area.recorded.tolist(), strict=True):
        x, o = recording[group], values[f"non_resident_offender[{group}]"]
        b = values.get(f"offender_partner[{group}]", 0.0)
        at_home = b * (1 - o)  # share of all that is committed
        total = recorded / (x * (1 - at_home) + min(x * values["justice.domestic_record_ratio"], 1.0) * at_home)
        outsiders[group] = total * o
        residents[kind_of[group]][group] = total * (1 - o) * (1 - b)
        residents[DOMESTIC][group] = total * at_home
    return residents, outsiders


def anchor(model: PlainModel) -> None:
    """Set the levels so that the residents of the start commit what the base year's record says, and over their
    expected arrests the mean ratio that records give detection and the shares of children new to it and of people with
    something on record (5.4)."""
    year = financial_year(model.inputs.start)
    for _ in range(ANCHOR_TIMES):
        model.offending = law(model.inputs, model.values, year, model.level)
        expected = dict.fromkeys(KINDS, 0.0)
        for person in model.residents:
            for kind, hazard in rates(model, person).items():
                expected[kind] += hazard
        target = model.offending.target
        model.level = {
            kind: model.level[kind] * (target[kind] / expected[kind] if expected[kind] > 0 else 1.0) for kind in KINDS
        }
    model.offending = law(model.inputs, model.values, year, model.level)
    ratio, most = model.values["justice.known_ratio"], model.values["justice.known_most"]
    arrests = justice.arrests_an_offence(model.inputs, model.values, year, model.offending.mix)
    known = of_children = on_record = total = 0.0
    for person in model.residents:
        arrested = sum(hazard * arrests[mix_of(person, kind)] for kind, hazard in rates(model, person).items())
        total += arrested
        likelier = arrested * justice.known(person, ratio, most)
        known += likelier
        if person.convictions > 0:
            on_record += likelier
        if person.age(model.month) < 18 and person.convictions == 0:
            of_children += arrested
    model.known_mean, model.child_share, model.known_share = known / total, of_children / known, on_record / known


def recency(last_offence: int | None, month: int) -> int:
    """3 if the last offence is less than 3 months ago, 2 if less than 12, 1 if less than 24, else 0."""
    if last_offence is None:
        return 0
    return sum(month - last_offence < months for months in (3, 12, 24))


def rates(model: PlainModel, person: Person) -> dict[str, float]:
    """By kind, offences a month before programmes."""
    now = model.offending
    age, risks = person.age(model.month), person.risks
    if age < FIRST_AGE or not person.resident or "in_custody" in risks:
        return dict.fromkeys(KINDS, 0.0)
    alike = (
        exp(now.spread[age] * person.propensity)
        * now.recent[recency(person.last_offence, model.month)]
        * now.peers[min(person.peers, 3)]
    )
    family, aces = binned(person.family), now.experiences[person.experiences()]
    by_kind = zip(now.rate[person.sex][age][person.quintile], now.family, aces, strict=True)
    hazards = [alike * rate * exp(load * family) * ace for rate, load, ace in by_kind]
    for factor in sorted(risks):  # in an order, so that a seed gives one run
        if factor in now.ratio:
            hazards = [hazard * ratio for hazard, ratio in zip(hazards, now.ratio[factor], strict=True)]
    if person.is_spared:
        hazards = [hazard * stays for hazard, stays in zip(hazards, _stays(model, person), strict=True)]
    if "abusive_to_partner" not in risks:
        hazards[KINDS.index(DOMESTIC)] = 0.0
    total = sum(hazards)
    if total > now.most:
        hazards = [hazard * now.most / total for hazard in hazards]
    return dict(zip(KINDS, hazards, strict=True))


def _stays(model: PlainModel, person: Person) -> list[float]:
    """By kind, what goes with what a person was spared though that is gone (7.18)."""
    now, month = model.offending, model.month
    peers = min(person.peers, 3)
    more = now.peers[min(peers + person.spared_peers, 3)] / now.peers[peers]
    lived, all_lived = now.experiences[person.experiences()], now.experiences[person.experiences(and_spared=True)]
    fresh = now.recent[recency(person.last_offence, month)]
    own = now.recent[recency(person.last_offence_but_for_programmes(), month)] / fresh
    found = []
    for k in range(len(KINDS)):
        gone = more * all_lived[k] / lived[k]
        for factor in sorted(person.spared - person.risks):
            gone *= now.ratio[factor][k] if factor in now.ratio else 1.0
        found.append(gone ** (1 - now.causal) * own ** (1 - now.dependence))
    return found


def held(model: PlainModel, person: Person, kind: str, group: str) -> float:
    """The log ratio that programmes held have now on offences of the kind and group (7.13)."""
    if not person.slots:
        return 0.0
    return programmes.log_ratio(model, person, "at_home" if kind == DOMESTIC else "offending", group)


def expected(model: PlainModel, person: Person) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """What a resident's month is expected to bring (7.17): hazards by kind before programmes, and what programmes held
    change in them by group (below 0 where they prevent), first of offences not domestic, then of domestic ones."""
    hazards = rates(model, person)
    changes: tuple[dict[str, float], dict[str, float]] = {}, {}
    if person.slots:
        for kind, hazard in hazards.items():
            if hazard > 0:
                change = changes[kind == DOMESTIC]
                for group, chance in model.offending.mix[mix_of(person, kind)].items():
                    by = hazard * chance * (exp(held(model, person, kind, group)) - 1)
                    if by != 0:
                        change[group] = change.get(group, 0.0) + by
    return hazards, *changes


def live(model: PlainModel, person: Person) -> None:
    """The offences of one resident's month."""
    hazards, random = rates(model, person), model.random
    total = sum(hazards.values())
    if total <= 0:
        return
    times, tempted = 0, random.random() < min(1 - exp(-total), MOST_CHANCE)
    if tempted:
        for _ in range(poisson_given_some(random, total, MOST_OFFENCES)):
            kind = pick(random, list(hazards.items()))
            group = _group(model, mix_of(person, kind))
            change = held(model, person, kind, group)
            if change < 0 and random.random() >= exp(change):
                continue  # prevented: nothing else comes of it
            times += _commit(model, person, kind, group)
    if person.slots:
        for kind, group in _added(model, person, hazards):
            times += _commit(model, person, kind, group)
    if times > 0:
        _offended(model, person, times)
    elif tempted:
        last = person.last_offence_but_for_programmes()
        if last is None or model.month - last >= 12:
            person.marks.ties_to_tell = True
        person.spared_offence = model.month


def _group(model: PlainModel, mix: str) -> str:
    groups, upto = model.offending.upto[mix]
    return groups[min(bisect(upto, model.random.random() * upto[-1]), len(groups) - 1)]


def _added(model: PlainModel, person: Person, hazards: Mapping[str, float]) -> list[tuple[str, str]]:
    """Kind and group of the offences that programmes add (7.6 step 5)."""
    means = []
    for kind, hazard in hazards.items():
        if hazard > 0:
            for group, chance in model.offending.mix[mix_of(person, kind)].items():
                change = held(model, person, kind, group)
                if change > 0:
                    means.append(((kind, group), hazard * chance * (exp(change) - 1)))
    number = poisson(model.random, sum(mean for _, mean in means), MOST_OFFENCES)
    return [pick(model.random, means) for _ in range(number)]


def _commit(model: PlainModel, offender: Person, kind: str, group: str) -> int:
    """An offence that no programme held has prevented; the number of times that it happens, 0 to 2 (7.7)."""
    if kind == DOMESTIC:  # at home, and untouched by programmes of places
        district, neighbourhood, times, moved = offender.district, offender.neighbourhood, 1, False
    else:
        district = places.district_of(model, offender.district)
        neighbourhood, times, moved = places.falls(model, district, group)
    for _ in range(times):
        severity = _severity(model)
        offence = Offence(offender, kind, group, district, neighbourhood, severity, kind == DOMESTIC, moved)
        _happen(model, offence)
        justice.respond(model, offence)
        _join(model, offender, group)
    return times


def _severity(model: PlainModel) -> float:
    """Log-normal with mean 1."""
    spread = model.offending.severity
    return exp(spread * model.random.gauss(0.0, 1.0) - spread**2 / 2)


def _happen(model: PlainModel, offence: Offence) -> None:
    """Recorded or not, its victim, and its place in the record."""
    justice.record_it(model, offence)
    victims.suffer(model, offence)
    quintile = model.places.quintile[offence.neighbourhood]
    happening = Happening(
        "offence", offence.offender, offence.group, offence.district, quintile, domestic=offence.domestic,
        recorded=offence.recorded, moved=offence.moved, severity=offence.severity,
    )  # fmt: skip
    model.log(happening)


def _join(model: PlainModel, offender: Person, group: str) -> None:
    """Whether a tie joins in: counted for the offender alone, but an offence of the tie's own past from then on."""
    now, random = model.offending, model.random
    adult = offender.age(model.month) >= now.co_offending_age
    if random.random() >= now.co_offending[group] * (now.co_offending_adult if adult else 1.0):
        return
    tie = random.choice(offender.ties)
    if tie is None or not tie.resident or tie.age(model.month) < FIRST_AGE or "in_custody" in tie.risks:
        return
    tie.marks.joined = tie.marks.offended = True


def _offended(model: PlainModel, person: Person, times: int) -> None:
    """What an offender's month leaves (7.6 step 6)."""
    year = model.plan_month // 12
    first, person.counted_in = person.counted_in != year, year
    person.marks.offended = True
    if person.last_offence is None or model.month - person.last_offence >= 12:
        person.marks.ties_to_tell = True  # new to the ties' peers (7.4)
    person.offences += times
    person.last_offence = model.month
    model.log(Happening("offender", person, OFFENCES[0], person.district, person.quintile, times, first))


def outsiders_mean(model: PlainModel) -> list[dict[str, float]]:
    """By district and group, offences a month by people who live elsewhere, before programmes of places."""
    force, shares = model.offending.outsiders, model.places.outsiders
    return [
        {group: force[group] * shares[group][district] for group in OFFENCES}
        for district in range(len(model.inputs.area.districts))
    ]


def outsiders(model: PlainModel) -> None:
    """The month's offences by people who live elsewhere: recorded or not, with a victim, and no more."""
    for district, means in enumerate(outsiders_mean(model)):
        for group, mean in means.items():
            for _ in range(poisson(model.random, mean, MOST_OF_OUTSIDERS)):
                neighbourhood, times, moved = places.falls(model, district, group)
                for _ in range(times):
                    severity = _severity(model)
                    _happen(model, Offence(None, "", group, district, neighbourhood, severity, moved=moved))
