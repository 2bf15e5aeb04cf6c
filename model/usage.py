"""Which rows of evidence the model uses, and in which file: found by reading, never by a mark that could go stale."""

from collections.abc import Mapping

import numpy as np

from model.actors.system_programmes import UNCHANGED, qualities
from model.census import census_people
from model.evidence import Evidence, draw_values
from model.inputs import AreaTables, ModelInputs, Programme
from model.law import BASE_YEAR, Reading, laws
from model.law.form import LAW
from model.law.offending import committed_by_residents
from model.past import Past
from model.people import empty
from model.places import places_of
from model.record import new_record
from model.rules.demand import demand_of, hours_of, public_of
from model.world import PreventionModel

TINY = 0.001


def where_used(
    area: AreaTables, evidence: Evidence, programmes: tuple[Programme, ...] = ()
) -> Mapping[str, tuple[str, ...]]:
    """By the name of each row that a run of the area with these programmes reads: the files that read it."""
    reading = Reading(draw_values(evidence, 0, None, 1))
    read_for_past(area, reading)
    record = new_record(12, len(area.districts), len(programmes))
    hours_of(record, demand_of(record, area, reading), reading)
    public_of(record, reading, TINY)
    read_programmes(area, evidence, programmes, reading)
    return {name: tuple(sorted(files)) for name, files in reading.read_in.items()}


def rows_used(area: AreaTables, evidence: Evidence, programmes: tuple[Programme, ...] = ()) -> frozenset[str]:
    """Names of the rows that a run of the area with these programmes reads."""
    return frozenset(where_used(area, evidence, programmes))


def past_rows(area: AreaTables, evidence: Evidence) -> frozenset[str]:
    """Names of the rows that the lives lived before the start read: with the same values of these, the same past."""
    reading = Reading(draw_values(evidence, 0, None, 1))
    read_for_past(area, reading)
    return frozenset(reading.read)


def read_for_past(area: AreaTables, reading: Reading) -> None:
    """Read all that a past is made from: its laws, its places and its people."""
    laws(area, reading, 0, BASE_YEAR)
    places_of(area, reading, TINY)
    census_people(area, reading, 0, TINY, 0.0)
    committed_by_residents(area.recorded, reading)


def read_programmes(
    area: AreaTables, evidence: Evidence, programmes: tuple[Programme, ...], reading: Reading
) -> None:
    """Have a model of nobody read all that its programmes, and a commissioner who reviews them, go by."""
    money = np.ones((len(programmes), 1))
    inputs = ModelInputs(area, evidence, programmes, money, 0, 1, TINY, review="by_measured_result")
    nobody = Past(empty(1), 0, 0, np.zeros(1, dtype=LAW), empty(0), np.zeros(0, dtype=np.int64))
    model = PreventionModel(inputs, reading, 0, nobody, keep_past=False)
    for place in model.at_work.places:
        place.draw_map(0, UNCHANGED, 0)
    for one in model.at_work.system:
        one.months_on, one.level = one.lag + 1, 1.0
        for kind in ("recording", "confidence", "volunteering"):
            list(one.log_ratios(kind))
    qualities(model.at_work.system, programmes, model.at_work.overlap_share)
    model.commissioner.measured(0, np.full(len(programmes), 100.0), np.ones(len(programmes)), 0)
    for number in range(len(programmes)):
        model.commissioner.share_moved(number, 0)
    model.close()
