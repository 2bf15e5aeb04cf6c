"""A person, as the text describes one (model/ODD.md 2.1), with Mesa's Agent beneath.

The names are the text's. Months are counted from January 1900; None stands for never and for nobody. What the text
marks as engineering, or as a function of the rest of the row, is not kept: it is worked out when it is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import mesa

from experiments.reference.arithmetic import MOST_LASTING

if TYPE_CHECKING:
    from experiments.reference.world import PlainModel

UNBORN, RESIDENT, DEPARTED, DEAD = range(4)
N_TIES, N_SLOTS = 3, 4


@dataclass
class Slot:
    """A place on a programme: which by number, the month of starting, and how much of its effect acts (0 none)."""

    programme: int
    start: int
    delivery: float


@dataclass
class Marks:
    """What was decided for a person this month and becomes state at its end."""

    gain: set[str] = field(default_factory=set)  # factors that start
    lose: set[str] = field(default_factory=set)  # factors that end
    experiences: set[str] = field(default_factory=set)  # adverse experiences that begin
    spare: set[str] = field(default_factory=set)  # factors to be spared
    spare_aces: set[str] = field(default_factory=set)
    unspare: set[str] = field(default_factory=set)  # factors to be spared no more
    event: str = ""  # demographic event noted: death, birth, leaving, moving, separation or none
    offended: bool = False  # offended, or joined in, this month
    joined: bool = False  # joined in: `last_offence` becomes this month at its end
    carers_changed: bool = False  # what the person's children are exposed to is to be worked out anew
    ties_to_tell: bool = False  # the person's ties count their peers anew
    lost_ties_to: bool = False  # died or departed this month


class Person(mesa.Agent):  # type: ignore[misc]
    """A resident, or one who was: the dead and departed stay and are never used again."""

    model: PlainModel

    def __init__(self, model: PlainModel, birth: int, sex: int) -> None:
        super().__init__(model)
        self.key = 0  # of the shared start alone: which twelfth of a year a search of the population comes
        self.row = -1  # order of the text's "by row": set by who adds the person to the model
        self.status = RESIDENT
        self.birth = birth
        self.sex = sex  # 0 female, 1 male
        self.district = 0
        self.neighbourhood = 0
        self.quintile = 0  # 0 most deprived to 4, the neighbourhood's
        self.household = 0
        self.lasting: dict[str, float] = {}  # standard normals, fixed for life once asked for (4.9)
        self.carer1: Person | None = None
        self.carer2: Person | None = None
        self.partner: Person | None = None
        self.cared_for: list[Person] = []  # whose carer this person is, the last added first
        self.children = 0
        self.ties: list[Person | None] = [None] * N_TIES
        self.propensity = 0.0
        self.family = 0.0
        self.risks: set[str] = set()
        self.aces: dict[str, int] = {}  # adverse experiences lived with, each with the age in months at its start
        self.exposure: set[str] = set()
        self.last_offence: int | None = None
        self.last_victim: int | None = None
        self.last_harm: int | None = None
        self.peers = 0
        self.offences = 0
        self.counted_in: int | None = None  # plan year in which last counted as an offender
        self.victimisations = 0
        self.convictions = 0
        self.formal: dict[int, bool] = {}  # by month, whether what was dealt with out of court in it went on the record
        self.court: int | None = None
        self.court_offence = ""
        self.court_severity = 0.0
        self.court_committed: int | None = None
        self.custody_end: int | None = None
        self.order_end: int | None = None
        self.custody_months = 0
        self.cohort: int | None = None
        self.reoffended = False
        self.spared: set[str] = set()  # factors that would be on but for a programme
        self.spared_aces: set[str] = set()
        self.spared_exposure: set[str] = set()
        self.spared_peers = 0
        self.spared_offence: int | None = None
        self.spared_victim: int | None = None
        self.slots: list[Slot] = []
        self.placed = False
        self.marks = Marks()

    @property
    def lives_with(self) -> Person | None:
        """The carer with whom one under age lives: the first, or the second if the first is dead or not recorded."""
        return self.carer2 if self.carer1 is None or self.carer1.status == DEAD else self.carer1

    @property
    def resident(self) -> bool:
        return self.status == RESIDENT

    def lasting_difference(self, name: str) -> float:
        """A standard normal of this person's, the same all life, at most one in a thousand's."""
        if name not in self.lasting:
            self.lasting[name] = min(self.model.random.gauss(0.0, 1.0), MOST_LASTING)
        return self.lasting[name]

    def months_old(self, month: int) -> int:
        return month - self.birth

    def age(self, month: int) -> int:
        """Whole years, at most 100."""
        return min(max((month - self.birth) // 12, 0), 100)

    @property
    def is_spared(self) -> bool:
        """Whether a programme has kept anything away from this one or from those who matter to it (7.18)."""
        lives = self.spared or self.spared_aces or self.spared_exposure or self.spared_peers
        return bool(lives) or self.spared_offence is not None

    def experiences(self, and_spared: bool = False) -> int:
        """The number of adverse experiences: the first nine kinds, four standing for four or more."""
        names = self.aces.keys() | self.spared_aces if and_spared else self.aces.keys()
        return min(sum(1 for name in names if name != "neglect"), 4)

    def last_offence_but_for_programmes(self) -> int | None:
        """The later of the last offence and the last one prevented."""
        known = [month for month in (self.last_offence, self.spared_offence) if month is not None]
        return max(known, default=None)
