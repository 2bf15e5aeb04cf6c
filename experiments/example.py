"""A script of one's own starts like this: load a scenario, run it, look at the Dataset."""

import sys

from experiments import run
from results.compare import averted, estimates, of_crime, range_words
from scenarios import load


def main(replicates: int = 4, scale: float | None = None, years: int | None = None) -> None:
    """Offences that each alternative averts over the plan, against the comparator."""
    scenario = load("west_mercia_2022")
    ds = run(scenario, replicates=replicates, scale=scale, years=years)
    runs = of_crime(averted(ds, "expected_offences", scenario.comparator)).sum(("area", "offence", "year"))
    told = estimates(runs)
    print(f"Offences averted against {scenario.comparator}, {range_words(replicates)}")
    for name in told.alternative.values:
        one = told.sel(alternative=name)
        print(f"{name:16} {float(one.estimate):10,.1f} ({float(one.lower):,.1f} to {float(one.upper):,.1f})")


if __name__ == "__main__":  # needed once a script asks for more than one process with jobs=
    main(*(kind(told) for kind, told in zip((int, float, int), sys.argv[1:], strict=False)))
