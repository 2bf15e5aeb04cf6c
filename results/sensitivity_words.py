"""The paragraph of a sensitivity study of one policy and one outcome: which numbers decide the answer."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from results.compare import NOT_DISTINGUISHABLE, figure, is_distinguishable, rounding_unit
from results.labels import capital, quoted, spoken
from results.outcomes import even_words, less

SEEN = 0.005  # of the widest bar, or of the variance: less is not shown
MAIN = 0.8  # of the sum of squared swings: the inputs that make so much of it are those that decide

LEFT_OUT = "Numbers that alter the lives lived before the start were left out: how much they decide is not known here."


def unit_of(ds: xr.Dataset) -> str:
    return str(ds.unit.item())


def measure_words(ds: xr.Dataset) -> str:
    """What was measured, of whom."""
    name, comparator = quoted(str(ds.policy.values)), quoted(ds.attrs["comparator"])
    below = less(str(ds.outcome.values))
    return f"{ds.outcome_title.item()} by {name} against {comparator}, {unit_of(ds)} (below zero: {below})"


def place(ds: xr.Dataset) -> str:
    return f"{ds.attrs['area']}, {ds.attrs['years']} years"


def axis_words(ds: xr.Dataset) -> str:
    unit = unit_of(ds)
    return f"{unit[0].upper()}{unit[1:]}; below zero {less(str(ds.outcome.values))}"


def whose_words(ds: xr.Dataset) -> str:
    """Of whom and what a paragraph is."""
    against = quoted(ds.attrs["comparator"])
    return f"{capital(spoken(str(ds.policy.values)))} against {against}, {ds.outcome_title.item().lower()}"


def is_refused(ds: xr.Dataset) -> bool:
    """Whether an emulator explains too little to tell anything."""
    return "refused" in ds and bool(ds.refused.item())


def input_word(ds: xr.Dataset, number: int = 2) -> str:
    """What the inputs are called: uncertain numbers, or inputs where levers are among them."""
    word = "input" if (ds.kind.values == "lever").any() else "uncertain number"
    return word if number == 1 else f"{word}s"


def reach_of(ds: xr.Dataset) -> NDArray[np.float64]:
    """(input,) how far apart the answers are at the middle and both ends of each input; NaN where one failed."""
    middle = np.full((ds.sizes["input"], 1), float(ds.middle))
    return np.asarray(np.ptp(np.hstack([ds.answer.transpose("input", "end").values, middle]), axis=1))


def answer(ds: xr.Dataset) -> str:
    """The paragraph. Inputs are in order, the widest first."""
    told = {"tornado": tornado_answer, "morris": morris_answer, "sobol": sobol_answer}[ds.attrs["method"]](ds)
    left_out = LEFT_OUT if ds.attrs.get("past_left_out") else ""
    return " ".join(part for part in (told, chance_of_all(ds), left_out) if part)


def chance_of_all(ds: xr.Dataset) -> str:
    """By how much chance may put any of the answers off, where that is known."""
    chance, middle = float(ds.get("chance", np.nan)), float(ds.get("middle", np.nan))
    if not chance > 0.0:  # not known, or nothing differs
        return ""
    unit = rounding_unit(chance, 0.0, chance)
    size = figure(chance, unit)
    told = f"Chance alone may put any of these answers off by about {size} {unit_of(ds)}"
    if not is_distinguishable(middle, chance):
        told += f", and the answer itself ({figure(middle, unit)}) is {NOT_DISTINGUISHABLE}"
    return f"{told}; what differs by less may be chance. More people (--scale) or seeds (--replicates) make it less."


def chance_words(ds: xr.Dataset) -> str:
    seeds = int(ds.attrs["seeds"])
    if seeds == 1 and float(ds.get("chance", np.nan)) > 0.0:
        return "All were lived with the same luck, once."
    if seeds == 1:
        return "All were lived with the same luck, once: how far chance moves an end is not known."
    return f"All were lived with the same luck, {seeds} times over: the errors in the table are of that."


def tornado_answer(ds: xr.Dataset) -> str:
    middle = float(ds.middle)
    able = ds.isel(input=np.isfinite(ds.answer.values).all(axis=1))
    reach = reach_of(able)
    unit = rounding_unit(middle, 0.0, float(reach.max(initial=0.0)))
    unmoved = int((reach == 0.0).sum())
    below = less(str(ds.outcome.values))
    short = input_word(ds, 1).removeprefix("uncertain ")
    as_it_is = " and each lever as the policy has it" if short == "input" else ""
    parts = [
        f"With every uncertain number in the middle of its range{as_it_is}, {spoken(str(ds.policy.values))} comes to "
        f"{figure(middle, unit)} {unit_of(ds)} ({ds.outcome_title.item().lower()} against "
        f"{quoted(ds.attrs['comparator'])}; below zero: {below})."
    ]
    if reach.any():
        shares = np.cumsum(reach**2) / (reach**2).sum()
        number = int(np.searchsorted(shares, MAIN)) + 1
        named = [
            f"{label} (from {figure(float(low), unit)} to {figure(float(high), unit)})"
            for label, (low, high) in zip(able.label.values[:number], able.answer.values[:number], strict=True)
        ]
        many = f"These {number} {short}s decide" if number > 1 else f"One {short} decides"
        parts.append(f"{many} most of it ({shares[number - 1]:.0%} of the squared swings): {'; '.join(named[:6])}"
                     f"{'; and so on' if number > 6 else ''}.")  # fmt: skip
    turns = [str(label) for label, ends in zip(able.label.values, able.answer.values, strict=True)
             if (np.sign(ends) * np.sign(middle) < 0).any()]  # fmt: skip
    if middle and able.sizes["input"]:
        side = even_words(str(ds.outcome.values))
        parts.append(
            f"Moved alone, {'; '.join(turns[:6])} could turn the answer to the other side of {side}."
            if turns else f"No single {short}, moved alone through its range, turns the answer past {side}."
        )  # fmt: skip
    moved = able.sizes["input"]
    parts.append(f"{capital(short)}s moved, one at a time: {moved}; {unmoved} of them change nothing here.")
    if lost := ds.sizes["input"] - able.sizes["input"]:
        parts.append(f"{lost} could not be told, as their runs failed.")
    parts.append(chance_words(ds))
    return " ".join(parts)


def morris_answer(ds: xr.Dataset) -> str:
    unit = rounding_unit(float(ds.mu_star.max()), 0.0, 0.0)
    told = list(zip(ds.label.values, ds.mu_star.values, ds.mu_star_error.values, ds.sigma.values, strict=True))
    first = [
        f"{label} ({figure(float(mu), unit)}, give or take {figure(float(error), unit)})"
        for label, mu, error, _ in told[:5] if mu > 0
    ]  # fmt: skip
    together = [str(label) for label, mu, _, sigma in told[:10] if sigma > mu > 0]
    nothing = int((ds.mu_star.values == 0.0).sum())
    settled = ds.mu_star_by_trajectories.values
    apart = ""
    if len(settled) > 1:
        same = len({*np.argsort(-settled[-1])[:5].tolist()} & {*np.argsort(-settled[-2])[:5].tolist()})
        apart = f" Of the first five, {same} were there with {int(ds.trajectories[-2])} trajectories already."
    lost = int(ds.attrs["trajectories_left_out"])
    move = f"Of {ds.sizes['input']} inputs these move the answer most, by {unit_of(ds)} for a move across their range: "
    return (
        f"{whose_words(ds)}. "
        + (f"{move}{'; '.join(first)}. " if first else f"None of {ds.sizes['input']} inputs moves the answer. ")
        + (f"Acting with others, or not in a straight line: {'; '.join(together)}. " if together else "")
        + f"{nothing} change nothing here.{apart}"
        + (f" {lost} trajectories were left out, as a run of theirs failed." if lost else "")
    )


def sobol_answer(ds: xr.Dataset) -> str:
    if is_refused(ds):
        return f"{whose_words(ds)}: no shares are told, as {ds.refused.item()}."
    unit = rounding_unit(float(ds.middle), 0.0, float(ds.deviation))
    names = ("first", "total", "total_low", "total_high")
    told = [one for one in zip(ds.label.values, *(ds[name].values for name in names), strict=True) if one[2] > SEEN]
    first = [f"{label} ({total:.0%}, from {low:.0%} to {high:.0%})" for label, _, total, low, high in told[:5]]
    alone = float(np.clip(ds["first"].values, 0.0, None).sum())
    unsettled = [str(label) for label, _, total, low, high in told[:5] if high - low > max(total, 0.0)]
    if float(ds.deviation) == 0.0:
        number = ds.sizes["input"]
        return f"{whose_words(ds)}: none of {number} inputs changes the answer, {figure(float(ds.middle), unit)}."
    return (
        f"{whose_words(ds)}: over all that is believed of {ds.sizes['input']} inputs the "
        f"answer is {figure(float(ds.middle), unit)} {unit_of(ds)} on average, with a standard deviation of "
        f"{figure(float(ds.deviation), unit)}. Of its variance these make most, interactions included: "
        f"{'; '.join(first)}. By themselves, without interactions, all make about {min(alone, 1.0):.0%} of it."
        + (f" Not settled at this many points: {'; '.join(unsettled)}." if unsettled else "")
        + f" {explained_words(ds)}"
    )


def explained_words(ds: xr.Dataset) -> str:
    """What the shares were found from, and how well."""
    if "explained" not in ds:
        lost = int(ds.attrs["bases_left_out"])
        left = f" {lost} base points were left out, as a run of theirs failed." if lost else ""
        return f"From {int(ds.bases[-1]):,} base points; intervals (95%) are by resampling them.{left}"
    lost = int(ds.attrs["points_left_out"])
    return (
        f"From an emulator (a Gaussian process fitted to {int(ds.attrs['points']) - lost:,} points), not from runs "
        f"alone: it explains {float(ds.foretold):.0%} of the variance of runs that it was not told of, and "
        f"{float(ds.coverage):.0%} of runs lie within the 95% intervals that all others say; "
        f"{float(ds.noise):.0%} of the variance is rough, "
        "which no function of the inputs explains. Intervals (95%) hold the emulator's own doubt."
        + (f" {lost} points were left out, as a run of theirs failed." if lost else "")
    )
