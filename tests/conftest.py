"""One thread of linear algebra a test process: several processes of several threads each wait for one another."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read as NumPy is first imported, which is after this
