"""The one place that knows Numba.

Rules are small plain functions about one person; `rule` compiles them into the loops that call
them, and `loop` marks the functions that Python calls, whose machine code is kept on disk.

Numba does not notice that a function called from another file has changed, so the cache folder is
named by a hash of all of model/'s sources: an edited rule can never meet old machine code. Reference
counting is off (`_nrt=False`, a private flag, up to 25 times faster with tuples of arrays), so
rules may not allocate: scratch is passed in.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
import platformdirs
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

MODEL = Path(__file__).parent
F = TypeVar("F", bound=Callable[..., Any])


def source_hash(folder: Path = MODEL) -> str:
    """A short hash of every Python source below `folder`, line endings normalised."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Where compiled rules are kept: UPSTREAM_CACHE, or the user's cache folder.

    Raises OSError with the reason when it cannot be written.
    """
    root = Path(os.environ.get("UPSTREAM_CACHE") or platformdirs.user_cache_dir("upstream", appauthor=False))
    tag = f"{source_hash()}-py{sys.version_info.major}{sys.version_info.minor}-numba{numba.__version__}"
    folder = root / tag
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


numba.config.CACHE_DIR = str(cache_folder())  # type: ignore[attr-defined]

_OPTIONS: dict[str, Any] = {"_nrt": False, "error_model": "numpy", "boundscheck": False}
_LOOPS: list[Any] = []


def rule(function: F) -> F:
    """A rule about one person, compiled into whichever loop calls it."""
    compiled: Any = numba.njit(**_OPTIONS)(function)
    template, plain = compiled.get_call_template, numba.types.unliteral

    def for_any_number(args: Any, kws: Any) -> Any:
        """Numba would compile a rule anew for each constant it is called with."""
        return template(tuple(map(plain, args)), {name: plain(kind) for name, kind in kws.items()})

    compiled.get_call_template = for_any_number
    return compiled  # type: ignore[no-any-return]


def loop(function: F) -> F:
    """A loop that Python calls; its machine code is cached on disk."""
    compiled = numba.njit(cache=True, **_OPTIONS)(function)
    _LOOPS.append(compiled)
    return compiled  # type: ignore[no-any-return]


LINE = 64  # bytes that a processor fetches at once
AHEAD = 6  # rows between the one that is seen to and the one that memory is asked for


@intrinsic  # type: ignore[misc]
def prefetch(typing: Any, rows: Any, i: Any) -> Any:
    """Begin to fetch row `i` of a structured array into the cache, and do not wait for it.

    Waiting for memory is most of what a month would cost: rows to which something happens lie far
    apart. It changes no result. (LLVM's `llvm.prefetch`, read, all levels of the cache.)
    """

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
