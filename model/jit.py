"""The one place that knows Numba.

Rules are small plain functions about one person; `rule` compiles them into the loops that call
them, and `loop` marks the functions that Python calls, whose machine code is kept on disk.

Numba does not notice that a function called from another file has changed. So the cache folder is named by a
hash of all of model/'s sources and of the tools that compile, and within it machine code is found by what it was
made from: the code of a loop and of its rules as loaded, and the constants frozen into them. An edited rule
can never meet old machine code. Reference counting is off (`_nrt=False`, a private flag, up to 25 times faster
with tuples of arrays), so rules may not allocate: scratch is passed in.

With NUMBA_DISABLE_JIT=1 nothing is compiled: rules run as Python, several hundred times slower, where a debugger
and coverage see them, and come to the same results to the bit. With NUMBA_BOUNDSCHECK=1 an index that lies
outside its array is an IndexError instead of whatever lies in memory there.
"""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, TypeVar

import llvmlite
import numba
import numpy as np
import platformdirs
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.caching import FunctionCache
from numba.extending import intrinsic

from model.as_python import as_python, as_python_loop

MODEL = Path(__file__).parent
PLAIN = bool(numba.config.DISABLE_JIT)  # type: ignore[attr-defined]
F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS: dict[str, Any] = {"_nrt": False, "error_model": "numpy", "boundscheck": False}
_LOOPS: list[Any] = []
# What else of Numba's settings shapes machine code; the processor is in the keys that Numba itself makes.
_SETTINGS = ("BOUNDSCHECK", "OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "DEBUGINFO_DEFAULT", "USING_SVML")


def source_hash(folder: Path = MODEL) -> str:
    """A short hash of every Python source below `folder`, line endings normalised."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def tools_hash() -> str:
    """A short hash of what compiles: versions and settings. (Python's and Numba's versions are also written out.)"""
    settings = [(name, str(getattr(numba.config, name, None))) for name in _SETTINGS]
    versions = (sys.implementation.cache_tag, numba.__version__, llvmlite.__version__, np.__version__)
    return hashlib.sha256(repr((versions, settings, sorted(_OPTIONS.items()))).encode()).hexdigest()[:8]


def cache_folder() -> Path:
    """Where compiled rules are kept: UPSTREAM_CACHE, or the user's cache folder.

    Raises OSError with the reason when it cannot be written.
    """
    root = Path(os.environ.get("UPSTREAM_CACHE") or platformdirs.user_cache_dir("upstream", appauthor=False))
    versions = f"py{sys.version_info.major}{sys.version_info.minor}-numba{numba.__version__}"
    folder = root / f"{source_hash()}-{versions}-{tools_hash()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".write-{os.getpid()}"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise OSError(
            f"cannot keep compiled rules in {folder}: {error.strerror or error}; "
            "set UPSTREAM_CACHE to a folder that can be written"
        ) from error
    return folder


if not PLAIN:
    numba.config.CACHE_DIR = str(cache_folder())  # type: ignore[attr-defined]


def made_of(function: Callable[..., Any]) -> str:
    """A hash of what a loop's machine code is made from: its code, that of the rules it calls, and their constants.

    Of what Python has loaded and not of files: a file may have changed since, and Python itself takes old bytecode
    for new when a file was changed without its size and the second of its time.
    """
    digest = hashlib.sha256()
    met, left = {function}, [function]
    while left:
        one = left.pop()
        for part in _parts(one.__code__):
            digest.update(part.encode() + b"\n")
        for value in _read_by(one):
            value = getattr(value, "py_func", value)
            if isinstance(value, np.ndarray):
                digest.update(f"{value.dtype} {value.shape}".encode() + value.tobytes())
            elif isinstance(value, int | float | str | tuple | np.generic):
                digest.update(f"{type(value).__name__} {value!r}\n".encode())
            elif hasattr(value, "__code__") and value not in met:
                met.add(value)
                left.append(value)
    return digest.hexdigest()


def _parts(code: CodeType) -> Iterator[str]:
    """What a function's code says, but for where in the file it stands."""
    yield f"{code.co_name} {code.co_varnames} {code.co_names} {code.co_code.hex()}"
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _parts(constant)
        else:
            yield repr(sorted(map(repr, constant)) if isinstance(constant, frozenset) else constant)


def _read_by(function: Callable[..., Any]) -> Iterator[Any]:
    """The values of all global names that a function reads, and of names that it reads in modules."""
    names, there = function.__code__.co_names, function.__globals__
    for name in names:
        value = there.get(name)
        if isinstance(value, ModuleType):
            yield from (getattr(value, inner) for inner in names if hasattr(value, inner))
        else:
            yield value


class _Kept(FunctionCache):  # type: ignore[misc]
    """Machine code on disk, found by what it was made from, beside what Numba itself finds it by."""

    def _index_key(self, sig: Any, codegen: Any) -> tuple[Any, ...]:
        return (*super()._index_key(sig, codegen), made_of(self._py_func))


def rule(function: F) -> F:
    """A rule about one person, compiled into whichever loop calls it."""
    if PLAIN:
        return as_python(function)
    compiled: Any = numba.njit(**_OPTIONS)(function)
    template, plain = compiled.get_call_template, numba.types.unliteral

    def for_any_number(args: Any, kws: Any) -> Any:
        """Numba would compile a rule anew for each constant it is called with."""
        return template(tuple(map(plain, args)), {name: plain(kind) for name, kind in kws.items()})

    compiled.get_call_template = for_any_number
    return compiled  # type: ignore[no-any-return]


def loop(function: F) -> F:
    """A loop that Python calls; its machine code is cached on disk."""
    if PLAIN:
        return as_python_loop(function)
    compiled = numba.njit(cache=True, **_OPTIONS)(function)
    compiled._cache = _Kept(function)
    if function.__module__.startswith("model."):  # a measurement elsewhere may have loops of its own
        _LOOPS.append(compiled)
    return compiled  # type: ignore[no-any-return]


LINE = 64  # bytes that a processor fetches at once
AHEAD = 6  # rows between the one that is seen to and the one that memory is asked for


def prefetch(rows: Any, i: Any) -> None:
    """Begin to fetch row `i` of a structured array into the cache, and do not wait for it.

    Waiting for memory is most of what a month would cost: rows to which something happens lie far
    apart. It changes no result. (LLVM's `llvm.prefetch`, read, all levels of the cache.)
    """


def _prefetch(typing: Any, rows: Any, i: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        row = context.cast(builder, arguments[1], signature.args[1], types.intp)
        size = context.get_abi_sizeof(context.get_data_type(signature.args[0].dtype))
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        fetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        start = builder.gep(
            builder.bitcast(array.data, byte), [builder.mul(row, ir.Constant(row.type, size))]
        )
        for line in range(0, size, LINE):
            address = builder.gep(start, [ir.Constant(row.type, line)])
            builder.call(fetch, [address, *(ir.Constant(number, value) for value in (0, 3, 1))])
        return context.get_dummy_value()

    return types.none(rows, i), generate


if not PLAIN:
    prefetch = intrinsic(_prefetch)  # type: ignore[assignment]
