"""Rules asked of people made by hand: what a lived slice hardly ever brings about.

Each answer is known: `ANSWERS` holds them, `test_rules_as_python.py` holds them against what comes out.
"""

import numpy as np

from model.happenings import TOUCHED
from model.jit import loop
from model.people import DEPARTED, NEVER, NOBODY, RESIDENT, RISK
from model.rules.adversity import FIRST_ACE, FIRST_EXPOSURE
from model.rules.justice import enter_custody
from model.rules.life import ABUSED, ABUSIVE_BIT, change_risk, spare
from model.rules.victims import find_victim
from model.vocabulary import CHILD, OFFENCES

ABUSIVE = np.uint32(1 << ABUSIVE_BIT)
FACTOR, THEFT = RISK["alcohol_misuse"], OFFENCES.index("other_theft")
ANSWERS = {
    "an exposure is not spared": 0,
    "an experience is": 1,
    "a factor starts": 1,
    "and is decided on once a month": 1,
    "a child at home is found": 1,
    "a child who has left is not found at home": 1,
    "nor a grown one": 1,
    "nobody is found where nobody is listed": 1,
    "in custody the clock of a spared offence stands still": 1,
    "and of none stays so": 1,
    "spared abuse that ends leaves both no longer spared": 1,
    "and changes nothing else": 1,
}


@loop
def ask(people, month, laws, year, places, nowhere, effects, counts, told):
    law = laws[year]
    carer, child = 0, 1
    told[0] = spare(carer, FIRST_EXPOSURE, people, counts) * 0 + people[carer].spare
    spare(carer, FIRST_ACE, people, counts)
    told[1] = people[carer].spare != 0
    change_risk(carer, FACTOR, people, counts)
    told[2] = people[carer].gain == 1 << FACTOR
    change_risk(carer, FACTOR, people, counts)
    told[3] = people[carer].gain == 1 << FACTOR and people[carer].lose == 0
    people[carer].first_child = child
    people[child].birth = month - 120
    people[child].status = RESIDENT
    found = find_victim(carer, THEFT, CHILD, 0, np.uint64(7), people, month, law, places, effects, counts)
    told[4] = found == child
    people[child].status = DEPARTED
    found = find_victim(carer, THEFT, CHILD, 0, np.uint64(7), people, month, law, places, effects, counts)
    told[5] = found != child
    people[child].status = RESIDENT
    people[child].birth = month - 400
    found = find_victim(carer, THEFT, CHILD, 0, np.uint64(7), people, month, law, nowhere, effects, counts)
    told[6] = found != child
    told[7] = found == NOBODY
    people[carer].spared_offence = month - 3
    people[carer].last_offence = NEVER
    enter_custody(carer, 5, people, month)
    told[8] = people[carer].spared_offence == month + 2
    told[9] = people[carer].last_offence == NEVER
    people[carer].partner = child
    people[carer].spared, people[carer].gain, people[carer].lose = ABUSIVE, 0, 0
    change_risk(carer, ABUSIVE_BIT, people, counts)
    told[10] = people[carer].unspare == ABUSIVE and people[child].unspare == ABUSED
    told[11] = people[carer].gain == 0 and people[carer].lose == 0


def answers(model) -> dict[str, np.ndarray]:
    """What the rules say of the first two people of a model, who are changed as is needed."""
    people, now = model.people[:2].copy(), model.now
    people["spare"], people["gain"], people["lose"], people["risks"] = 0, 0, 0, 0
    people["spared"], people["unspare"], people["partner"] = 0, 0, NOBODY
    places = model.places
    nowhere = places._replace(victim_start=np.zeros_like(places.victim_start))
    alone = places._replace(victim_rows=np.zeros_like(places.victim_rows))  # whoever is proposed is the offender
    told = np.zeros(len(ANSWERS), np.int64)
    counts = now.counts.copy()
    counts[TOUCHED] = 0
    ask(people, model.month, model.laws, model.law_now, alone, nowhere, model.effects, counts, told)
    columns = {f"asked.{name}": people[name] for name in people.dtype.names}
    return dict(zip(ANSWERS, told.reshape(-1, 1), strict=True)) | columns
