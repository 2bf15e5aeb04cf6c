"""An outcome as bytes and back: a line that names the arrays, then the arrays, compressed. No pickle.

The same outcome gives the same bytes. A journal may come from elsewhere, so nothing in it is ever executed.
"""

import json
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.record import Outcome, Record

LEVEL = 1  # of zlib: more costs time and saves little
RECORD = "record."


def to_bytes(outcome: Outcome) -> bytes:
    """The outcome's arrays, little-endian, in the order of their names."""
    arrays = {RECORD + name: array for name, array in outcome.record._asdict().items()}
    arrays |= {name: array for name, array in outcome._asdict().items() if name != "record"}
    told, parts = {}, []
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
        told[name] = [array.dtype.str, list(array.shape)]
        parts.append(array.tobytes())
    head = json.dumps(told, separators=(",", ":")).encode()
    return zlib.compress(b"%d\n" % len(head) + head + b"".join(parts), LEVEL)


def from_bytes(kept: bytes) -> Outcome:
    """The outcome that `to_bytes` made the bytes of. Raises ValueError where they are none, or have been damaged."""
    try:
        whole = zlib.decompress(kept)
        start = whole.index(b"\n") + 1
        end = start + int(whole[: start - 1])
        arrays: dict[str, NDArray[Any]] = {}
        for name, (kind, shape) in json.loads(whole[start:end]).items():
            size = int(np.prod(shape, dtype=np.int64))
            array = np.frombuffer(whole, np.dtype(kind), size, end).reshape(shape)
            arrays[name] = array.astype(array.dtype.newbyteorder("="))  # a copy that may be written to
            end += array.nbytes
        record = Record(**{name: arrays.pop(RECORD + name) for name in Record._fields})
        return Outcome(record, **arrays)
    except (zlib.error, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"what is kept of an outcome cannot be read: {error}") from error
