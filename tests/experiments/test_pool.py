"""Each process of a pool has one thread for linear algebra, and whoever asks for one keeps its own setting."""

import os

from experiments.runner.pool import THREADS, pool_of


def test_processes_have_one_thread_each_and_the_caller_keeps_its_own(monkeypatch):
    monkeypatch.setenv(THREADS[0], "7")
    monkeypatch.delenv(THREADS[1], raising=False)
    with pool_of(1) as pool:
        assert [pool.apply(os.getenv, (name,)) for name in THREADS] == ["1"] * len(THREADS)
        assert os.environ[THREADS[0]] == "7"
        assert THREADS[1] not in os.environ
