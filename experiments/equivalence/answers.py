"""What the rules of both models do when they are given the same draws: what follows an offence, answer by answer.

`chances.py` compares numbers; this asks the rules that use them. Each question puts one person of the engine, and the
same one of the plain model, in one state, hands both the same uniform numbers and holds what comes of it against each
other: what is told, the record, the case, the sentence, who joins in. Nobody is changed by being asked.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.equivalence.hazards import take_people
from experiments.reference import justice, offending, victims
from experiments.reference.offence import Offence
from experiments.reference.person import Person
from experiments.reference.world import PlainModel
from model.decide import D_ADMITTED, D_CO, D_CO_WHO, D_INJURY, answer_for, co_offend, hear, suffer
from model.draws import STREAMS, nth_uniform, offence_bits, uniform
from model.happenings import DOMESTIC_MARK, FIRST_TOUCHED, HAPPENED, KINDS, RECORDED_MARK, TOUCHED
from model.people import NEVER, RESIDENT
from model.rules.justice import ARRESTED, CHARGED, D_LAG, D_OUTCOME, D_RECORD, OUT_OF_COURT, RECORDED
from model.rules.life import CO_OFFENDED
from model.rules.offending import YOUNGEST
from model.vocabulary import ANTISOCIAL, OFFENCES
from model.world import PreventionModel

Answer = tuple[Any, ...]


class Draws:
    """Stands for the plain model's generator: gives the numbers that the engine drew, in the order asked."""

    def __init__(self, numbers: Sequence[float]) -> None:
        self.left = list(numbers)

    def random(self) -> float:
        return self.left.pop(0)

    def choice(self, of: Sequence[Any]) -> Any:
        return of[int(self.random() * len(of))]


class Both(NamedTuple):
    """Both models in the same month, with the same people."""

    engine: PreventionModel
    plain: PlainModel


class Question(NamedTuple):
    """One person, and what is asked of them."""

    row: int
    group: int
    domestic: bool
    number: int  # of the offence in its month, which makes its draws its own


def answers(engine: PreventionModel, plain: PlainModel, asked: int, only: str = "", seed: int = 1) -> dict[str, int]:
    """How many of so many answers of each kind, or of one `only`, differ; the plain model is put where the engine
    stands."""
    both = Both(engine, plain)
    here_now: Any = plain
    take_people(plain, engine)
    own = here_now.random, here_now.log
    people = engine.columns[: engine.rows]
    here = (people["status"] == RESIDENT) & (engine.month - people["birth"].astype(int) >= 12 * YOUNGEST)
    on_record = people["convictions"] > 0
    known, others = np.flatnonzero(here & on_record), np.flatnonzero(here & ~on_record)
    rng = np.random.default_rng(seed)
    kinds: dict[str, Callable[[Both, Question], tuple[Answer, Answer]]] = {
        "what the police do": _police, "what a court does": _court, "who joins in": _joining, "emergency care": _care,
    }  # fmt: skip
    differ = dict.fromkeys([only] if only else kinds, 0)
    for n in range(asked):
        row = int(rng.choice(known if known.size and rng.random() < 0.5 else others))
        one = Question(row, int(rng.integers(ANTISOCIAL)), bool(rng.random() < 0.2), n % 200)
        for name in differ:
            ours, theirs = kinds[name](both, one)
            differ[name] += ours != theirs
    here_now.random, here_now.log = own
    return differ


def _luck(both: Both, one: Question) -> Any:
    key = both.engine.people[one.row].key
    return np.uint64(offence_bits(both.engine.law["seed"], key, both.engine.month, one.number))


def _draw(both: Both, one: Question, stream: str, n: int = 0) -> float:
    """A draw of that person's month."""
    key = both.engine.people[one.row].key
    return float(uniform(both.engine.law["seed"], key, both.engine.month, STREAMS[stream], n))


def _lived(both: Both, one: Question, rule: Callable[[Any, Any, Any], Any]) -> tuple[Any, list[str], list[int], Any]:
    """What a rule gives and tells in the engine, the rows it touches, and the person after it; all as before."""
    engine = both.engine
    people, log, counts = engine.people.copy(), np.zeros_like(engine.now.log[:64]), np.zeros(80, np.int64)
    given = rule(people, log, counts)
    told = [KINDS[kind] for kind in log["kind"][: counts[HAPPENED]]]
    touched = [int(row) for row in counts[FIRST_TOUCHED : FIRST_TOUCHED + counts[TOUCHED]]]
    return given, told, [row for row in touched if people[row].touched & CO_OFFENDED], people[one.row]


def _asked(both: Both, one: Question, draws: Sequence[float]) -> tuple[Person, list[Any]]:
    """The person in the plain model, apart from all others, and the list that takes what is told."""
    plain: Any = both.plain
    told: list[Any] = []
    plain.random, plain.log = Draws(draws), told.append
    person = copy.copy(plain.people[one.row])
    person.risks, person.formal, person.marks = set(person.risks), {}, copy.deepcopy(person.marks)
    return person, told


def _offence(both: Both, one: Question, offender: Person) -> Offence:
    return Offence(offender, "", OFFENCES[one.group], offender.district, offender.neighbourhood, 1.0, one.domestic)


def _police(both: Both, one: Question) -> tuple[Answer, Answer]:
    """Recorded, arrested, charged or dealt with out of court; the case and the record after it. As no programme makes
    the police record more or less: the plain model's programmes have not lived."""
    engine, luck = both.engine, _luck(both, one)
    done, told, _, after = _lived(both, one, lambda people, log, counts: answer_for(
        one.row, one.group, one.domestic, 1.0, luck, 1.0, people, engine.month, engine.law, 0, log,
        counts))  # fmt: skip
    last = nth_uniform(luck, D_LAG) if done & CHARGED else _draw(both, one, "formal")
    person, heard = _asked(both, one, [nth_uniform(luck, D_RECORD), nth_uniform(luck, D_OUTCOME), last])
    offence = _offence(both, one, person)
    justice.record_it(both.plain, offence)
    justice.respond(both.plain, offence)
    theirs = {each.kind for each in heard}
    ours = (bool(done & RECORDED), bool(done & ARRESTED), bool(done & CHARGED), bool(done & OUT_OF_COURT), set(told))
    return (
        (*ours, _month(after.court), int(after.convictions)),
        (offence.recorded, "arrest" in theirs, "charge" in theirs, "out_of_court" in theirs, theirs, person.court,
         person.convictions),
    )  # fmt: skip


def _court(both: Both, one: Question) -> tuple[Answer, Answer]:
    """Convicted or not, in custody and how long, or on probation, of a case of that group."""
    engine, month = both.engine, both.engine.month

    def heard(people: Any, log: Any, counts: Any) -> None:
        people[one.row].court, people[one.row].court_offence = month, one.group
        people[one.row].court_severity, people[one.row].court_committed = 256 + one.number, month - 3
        hear(one.row, people, month, engine.law, 0, log, counts)

    _, told, _, after = _lived(both, one, heard)
    length = "custody_sentence" in told
    last = _draw(both, one, "sentence", 1) if length else _draw(both, one, "order")
    person, said = _asked(both, one, [_draw(both, one, "sentence"), _draw(both, one, "court"), last])
    person.court, person.court_offence = month, OFFENCES[one.group]
    person.court_severity, person.court_committed = (256 + one.number) / 256, month - 3
    justice._hear(both.plain, person)
    return (
        (sorted(told), _month(after.custody_end), _month(after.order_end), int(after.convictions)),
        (sorted(each.kind for each in said), person.custody_end, person.order_end, person.convictions),
    )


def _joining(both: Both, one: Question) -> tuple[Answer, Answer]:
    """Which tie joins in, if any."""
    engine, luck = both.engine, _luck(both, one)
    _, _, touched, _ = _lived(both, one, lambda people, log, counts: co_offend(
        one.row, one.group, luck, people, engine.month, engine.law, counts))  # fmt: skip
    person, _ = _asked(both, one, [nth_uniform(luck, D_CO), nth_uniform(luck, D_CO_WHO)])
    ties = {id(each): each for each in person.ties if each is not None}
    before = {at: copy.deepcopy(each.marks) for at, each in ties.items()}
    offending._join(both.plain, person, OFFENCES[one.group])
    joined = [each for each in ties.values() if each.marks.joined]
    for at, each in ties.items():
        each.marks = before[at]
    return (touched,), ([both.plain.people.index(each) for each in joined],)


def _care(both: Both, one: Question) -> tuple[Answer, Answer]:
    """Whether whoever is harmed goes to an emergency department, and is admitted."""
    engine, luck = both.engine, _luck(both, one)
    marks = RECORDED_MARK | (DOMESTIC_MARK if one.domestic else 0)
    _, told, _, after = _lived(both, one, lambda people, log, counts: suffer(
        one.row, one.group, marks, luck, people, engine.month, engine.law, 0, log, counts))  # fmt: skip
    person, said = _asked(both, one, [nth_uniform(luck, D_INJURY), nth_uniform(luck, D_ADMITTED)])
    offence = _offence(both, one, person)
    offence.recorded = True
    victims._harm(both.plain, offence, person)
    return (
        (told, _month(after.last_victim), int(after.victimisations)),
        ([each.kind for each in said], person.last_victim, person.victimisations),
    )


def _month(number: Any) -> int | None:
    return None if int(number) == NEVER else int(number)
