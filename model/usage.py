"""Which rows of evidence the model uses: found by reading, never by a mark that could go stale."""

from model.actors.programmes import cases_kept
from model.census import census_people
from model.effects import effect_tables
from model.evidence import Evidence, draw_values
from model.inputs import AreaTables, Programme
from model.law import BASE_YEAR, Reading, laws
from model.places import places_of
from model.record import new_record
from model.rules.demand import demand_of, hours_of

OF_DELIVERY = ("unit_cost", "uptake", "completion", "stay_months")
TINY = 0.001


def rows_used(area: AreaTables, evidence: Evidence, programmes: tuple[Programme, ...] = ()) -> frozenset[str]:
    """Names of the rows that a run of the area with these programmes reads."""
    reading = Reading(draw_values(evidence, 0, None, 1))
    laws(area, reading, 0, BASE_YEAR)
    places_of(area, reading, TINY)
    census_people(area, reading, 0, TINY, 0.0)
    record = new_record(12, len(area.districts), len(programmes))
    hours_of(record, demand_of(record, area, reading), reading)
    effect_tables(programmes, reading)
    for programme in programmes:
        cases_kept(programme, reading)
    delivery = {f"{programme.id}.{what}" for programme in programmes for what in OF_DELIVERY}
    return frozenset(reading.read | (delivery & set(evidence)))
