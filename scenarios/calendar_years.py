"""Financial years as people write them: 2022/23 is April 2022 to March 2023."""

import re

FINANCIAL_YEAR = re.compile(r"(\d{4})/(\d{2})")


def first_year(name: str) -> int:
    """First calendar year of a financial year written as 2022/23. Raises ValueError when it is none."""
    found = FINANCIAL_YEAR.fullmatch(name)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        raise ValueError(name)
    return int(found[1])


def is_financial_year(name: str) -> bool:
    try:
        return bool(first_year(name))
    except ValueError:
        return False


def financial_year_name(year: int) -> str:
    """2022 as 2022/23."""
    return f"{year}/{(year + 1) % 100:02d}"
