"""Rules without compiling, for a debugger and for coverage: `jit.py` hands them here where NUMBA_DISABLE_JIT is set.

Compiled code has numbers of 64 bits unless it is told otherwise, and the mathematics library of the system; Python
lets a number take the type of what it meets, and NumPy has a library of its own. Both are set right here, so that a
rule means the same either way, to the bit.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from functools import lru_cache, wraps
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])


def as_python(function: F) -> F:
    """A rule that runs as Python, line by line as it is written, with the numbers that compiled code would have."""
    path = function.__code__.co_filename
    written = copy.deepcopy(_functions(path)[function.__name__])
    # A decorator that does nothing stands for `rule`: the function begins in the line in which it did.
    written.decorator_list = [ast.copy_location(ast.Name("as_it_is_", ast.Load()), written.decorator_list[0])]
    numbers = _Numbers(function)
    numbers.bound["as_it_is_"] = _as_it_is
    numbers.visit(written)
    text = f"def bind({', '.join(numbers.bound)}): return {function.__name__}"
    (bind,) = ast.parse(text).body
    assert isinstance(bind, ast.FunctionDef)
    for node in ast.walk(bind):
        ast.copy_location(node, written)
    bind.body.insert(0, written)
    there: dict[str, Any] = {}
    exec(compile(ast.Module([bind], []), path, "exec"), function.__globals__, there)
    return there["bind"](**numbers.bound)  # type: ignore[no-any-return]


def as_python_loop(function: F) -> F:
    """A loop that runs as Python, and takes what Python hands over as compiled code would."""
    inner = as_python(function)

    @wraps(function)
    def run(*arguments: Any) -> Any:
        with np.errstate(all="ignore"):  # compiled code says nothing when a number wraps around
            return inner(*map(_handed_over, arguments))

    return run  # type: ignore[return-value]


def _handed_over(value: Any) -> Any:
    """An argument as a rule sees it: tables of rows whose fields are attributes, numbers of 64 bits."""
    if isinstance(value, np.ndarray):
        return _Rows(value) if value.dtype.names else value
    if isinstance(value, tuple):
        return type(value)(*map(_handed_over, value))
    return _number(value, value)


class _Rows:
    """A structured array: rows by number, and in them fields by name."""

    def __init__(self, rows: NDArray[np.void]) -> None:
        self.size, self.shape = rows.size, rows.shape
        self._fields = {name: np.asarray(rows[name]) for name in rows.dtype.names or ()}

    def __getitem__(self, i: int) -> "_Row":
        return _Row((self._fields, i))


class _Row(tuple[dict[str, NDArray[Any]], int]):
    """One row of a structured array: the columns and its number."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        return self[0][name][self[1]]

    def __setattr__(self, name: str, value: Any) -> None:
        self[0][name][self[1]] = value


def _number(value: Any, other: Any = None) -> Any:
    """A number of Python's as NumPy's of 64 bits; `other` if it is none."""
    if type(value) is int:
        return np.int64(value) if value < 1 << 63 else np.uint64(value)
    return np.float64(value) if type(value) is float else other


@lru_cache
def _functions(path: str) -> dict[str, ast.FunctionDef]:
    """The functions of a file, as syntax."""
    written = ast.parse(Path(path).read_text(encoding="utf-8"), path)
    return {node.name: node for node in written.body if isinstance(node, ast.FunctionDef)}


class _Numbers(ast.NodeTransformer):
    """Puts a name for every number that a function writes out or reads from a module, and for what works otherwise
    in compiled code; `bound` has what the names stand for."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.own, self.there = set(function.__code__.co_varnames), function.__globals__
        self.bound: dict[str, Any] = {}

    def _bind(self, node: ast.expr, value: Any) -> ast.expr:
        if value is None:
            return node
        name = f"value_{len(self.bound)}_"
        self.bound[name] = value
        return ast.copy_location(ast.Name(name, ast.Load()), node)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return self._bind(node, _number(node.value))

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.own:
            return node
        return self._bind(node, _BUILTINS.get(node.id) or _number(self.there.get(node.id)))

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id not in self.own:
            module = self.there.get(node.value.id)
            if module is np and node.attr in _MATHEMATICS:
                return self._bind(node, _MATHEMATICS[node.attr])
            if isinstance(module, ModuleType) and (number := _number(getattr(module, node.attr, None))) is not None:
                return self._bind(node, number)
        return self.generic_visit(node)


@lru_cache
def _common(kinds: tuple[type, ...]) -> Any:
    return np.result_type(*kinds).type


def _least(*values: Any) -> Any:
    return _common(tuple(map(type, values)))(min(values))


def _most(*values: Any) -> Any:
    return _common(tuple(map(type, values)))(max(values))


def _as_it_is(function: F) -> F:
    return function


def _range(*bounds: int) -> Iterator[np.int64]:
    return map(np.int64, range(*bounds))


def _by_the_system(name: str) -> Any:
    """A function of NumPy's as compiled code works it out: the one thing that is compiled even here."""
    here: dict[str, Any] = {"np": np}
    exec(f"def {name}(x): return np.{name}(x)", here)
    return numba.vectorize(["float32(float32)", "float64(float64)"])(here[name])


_BUILTINS: dict[str, Any] = {"min": _least, "max": _most, "range": _range}
_MATHEMATICS = {name: _by_the_system(name) for name in ("exp", "expm1", "log")} if numba.config.DISABLE_JIT else {}  # type: ignore[attr-defined]
