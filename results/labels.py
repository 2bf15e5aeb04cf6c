"""The vocabulary's keys in words. A key without an entry reads as itself, underscores as spaces."""

import xarray as xr

WORDS = {
    "stalking_harassment": "stalking and harassment",
    "other_sexual": "other sexual offences",
    "drugs": "drug offences",
    "weapons": "possession of weapons",
    "fraud_computer_misuse": "fraud and computer misuse",
    "other": "other crime",
    "antisocial_behaviour": "antisocial behaviour",
    "nhs": "NHS",
    "physical_emotional_harm": "physical and emotional harm",
    "property_stolen_damaged": "property stolen or damaged",
    "calls_999": "999 calls",
    "calls_101": "101 calls",
    "prison_months": "months in prison",
    "probation_months": "months on probation",
    "emergency_department": "emergency department visits",
    "hospital_nights": "nights in hospital",
    "mental_health_months": "months of mental health care",
    "mental_health_incidents": "police mental health incidents",
    "looked_after_months": "months of children in care",
    "benefit_months": "months on benefits",
    "victim_support": "victim support contacts",
    "harm_eased": "harm eased for victims",
    "cjs_other": "justice apart from police",
}

UNSTUDIED = " (no outcome study)"


def words(key: str) -> str:
    """'theft_from_vehicle' -> 'theft from vehicle'."""
    return WORDS.get(key, key.replace("_", " "))


def heading(key: str) -> str:
    """`words` with a capital, to open a line."""
    return capital(words(key))


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def spoken(alternative: str) -> str:
    """An alternative's name in words. It is the user's own: one named 'drugs' is no group of offences."""
    return alternative.replace("_", " ")


def quoted(alternative: str) -> str:
    """An alternative's name inside a sentence, where its words could be read as part of it."""
    return f"'{spoken(alternative)}'"


def year_name(year: int) -> str:
    """2022 -> '2022/23'."""
    return f"{year}/{(year + 1) % 100:02d}"


def horizon(ds: xr.Dataset) -> str:
    """'10 financial years, April 2022 to March 2032'."""
    first, last = int(ds.year[0]), int(ds.year[-1])
    count = ds.sizes["year"]
    return f"{count} financial year{'s' if count > 1 else ''}, April {first} to March {last + 1}"


def programme_names(ds: xr.Dataset) -> dict[str, str]:
    """Programme id -> its name, as the catalogue writes it; a scheme that no study measured is marked so."""
    named = zip(ds.programme.values, ds.programme_name.values, ds.outcome_study.values, strict=True)
    return {str(key): f"{name}{'' if studied else UNSTUDIED}" for key, name, studied in named}
