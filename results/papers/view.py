"""What of a run is put before a panel: the alternatives that were asked about, by the names their author gave them."""

import xarray as xr

from results.attribution import asked_about, for_panel
from results.compare import comparator_of, others
from results.labels import capital, spoken
from results.measures import extra_spend_runs
from results.papers.run import Run

MOST_ALTERNATIVES = 12  # beside the comparator: nobody reads a paper on more


def titles(ds: xr.Dataset) -> dict[str, str]:
    """The titles that the scenario's author gave the alternatives, by name; those alone that have one."""
    return {str(one["name"]): str(one["title"]) for one in asked_about(ds) if one.get("name") and one.get("title")}


def title_of(ds: xr.Dataset) -> str:
    return str(ds.attrs.get("title") or "What the prevention money buys")


def described(ds: xr.Dataset, name: str) -> str:
    """An alternative's title; its name in words where it has none."""
    return titles(ds).get(name) or capital(spoken(name))


def compared(ds: xr.Dataset) -> list[str]:
    """The alternatives that are held against the comparator."""
    return others(for_panel(ds), comparator_of(ds))


def why_no_paper(ds: xr.Dataset) -> tuple[str, str] | None:
    """What is amiss and how to mend it, where a panel could make nothing of a paper on this run."""
    count = len(compared(ds))
    alone = "the tables alone: --only workbook"
    if count == 0:
        return "has one alternative, so that nothing is compared", f"add an alternative to the scenario; {alone}"
    if count > MOST_ALTERNATIVES:
        what = f"has {count} alternatives beside the comparator, and a paper can set out {MOST_ALTERNATIVES}"
        return what, f"run those that are to be decided on; {alone}"
    return None


def named(name: str) -> str:
    return capital(spoken(name))


def spending_less(run: Run, names: list[str]) -> list[str]:
    """Those of the alternatives under which the commissioner spends less in every run."""
    extra = extra_spend_runs(run.shown, run.comparator)
    return [name for name in names if float(extra.sel(alternative=name).max()) < 0.0]
