"""A fit is stale when the model's code changes, and not when what is said of it does."""

import pytest

from scenarios.areas.posterior import code_hash, code_of

SOURCE = '''"""What it is."""

import math  # for the root

HASH = "#1"


def root(x):
    """Of x."""
    # it is not negative
    return math.sqrt(x)
'''
CODE = 'import math\nHASH = "#1"\ndef root(x):\n    return math.sqrt(x)'


def test_words_about_code_are_no_code() -> None:
    assert code_of(SOURCE) == CODE
    assert code_of(SOURCE.replace("Of x.", "Of x,\n\n    which is not negative.\n    ")) == CODE
    assert code_of(SOURCE.replace("# it is not negative\n    ", "")) == CODE


@pytest.mark.parametrize(("old", "new"), [("sqrt", "exp"), ('"#1"', '"#2"'), ("x):", "y):")])
def test_any_change_of_code_counts(old: str, new: str) -> None:
    assert code_of(SOURCE.replace(old, new)) != CODE


def test_a_fit_is_of_all_sources_by_name_and_whatever_their_line_endings(tmp_path) -> None:
    told = []
    for at, (name, ends) in enumerate((("a.py", "\n"), ("a.py", "\r\n"), ("b.py", "\n"))):
        folder = tmp_path / str(at)
        folder.mkdir()
        (folder / name).write_bytes(SOURCE.replace("\n", ends).encode())
        told.append(code_hash(folder))
    assert told[0] == told[1] != told[2]
