"""Asks a copy of the model what a few rules say: copied beside it, where `model` is the copy.

Written into the copy as well is PROBE, a loop that calls rules of several files and is quick to compile. An answer
says too whether the machine code came from the disk, and of what it was made.
"""

PROBE = '''
import numpy as np
from model.draws import nth_uniform
from model.jit import loop
from model.rules.offending import COUNTED, age_in_years, count_bits, lowest_bit, monthly_hazard, trait_bin


@loop
def probe(people, out):
    out[0] = age_in_years(0, people, 1500)
    out[1] = nth_uniform(np.uint64(1), 0)
    out[2] = trait_bin(0.3)
    out[3] = count_bits(np.int64(1023) & COUNTED)
    out[4] = lowest_bit(np.int64(8))
    out[5] = monthly_hazard(0, people)
'''


def answers() -> dict[str, object]:
    import numpy as np
    from model.probe import probe

    import model
    from model import jit
    from model.people import empty

    out = np.zeros(6)
    probe(empty(2)[:1], out)  # a row that is ours lies behind the end
    return {
        "answers": out.tolist(), "from_disk": len(probe.stats.cache_hits),
        "made_of": jit.made_of(probe.py_func), "folder": jit.numba.config.CACHE_DIR, "model": model.__file__,
    }  # fmt: skip


if __name__ == "__main__":
    import json

    print(json.dumps(answers()))
