"""Tasks carried out by the workers of a Dask cluster, which may be on other machines.

A worker needs the same version of Upstream and no files: what the runs have in common is sent to each worker once,
also to one that comes later, and outcomes come back the same way. Dask tries a task again whose worker has gone, and
gives it up after four workers; a task of several runs is then taken apart, so that one run harms no neighbour.
"""

import pickle
import queue
import threading
import time
import uuid
from collections import deque
from collections.abc import Sequence
from typing import Any, cast

from distributed import Client, KilledWorker, Worker, WorkerPlugin, get_worker

from experiments.runner.living import Event, Failed, Hear, Kept, Lives, Shared, Task, made_on
from experiments.runner.processes import RunFailed
from model.jit import source_hash

PATIENCE = 30  # seconds for a scheduler to answer and a worker to be there


class Ready(WorkerPlugin):
    """What a worker holds for the length of an experiment."""

    lives: Lives
    one_at_a_time: threading.Lock

    def __init__(self, shared: Shared) -> None:
        self.name = f"upstream-{uuid.uuid4().hex}"  # of this experiment: others may be at work on the same cluster
        self.kept = pickle.dumps(shared)  # as Dask would, but once for all workers
        self.source = source_hash()

    def setup(self, worker: Worker) -> None:
        if self.source != source_hash():
            raise RuntimeError("another version of Upstream is installed here")
        self.lives = Lives(pickle.loads(self.kept))
        self.one_at_a_time = threading.Lock()  # a worker may have several threads, and the engine uses one

    def teardown(self, worker: Worker) -> None:
        self.lives.close()


def compiled() -> str:
    """On a worker: have the rules compiled; gives the hash of the sources there."""
    from model.compile import compile_all

    compile_all()
    return source_hash()


def carried_out(task: Task, name: str) -> list[Event]:
    """On a worker: what came of a task's runs, with what the plugin of that name holds."""
    ready = cast(Ready, get_worker().plugins[name])
    told: list[Event] = []
    with ready.one_at_a_time:
        ready.lives.carry_out(task, lambda event: told.append(event) if isinstance(event, Kept | Failed) else None)
    return told


def carry_out(shared: Shared, tasks: list[Task], hear: Hear, address: str) -> None:
    """The tasks, carried out by the cluster whose scheduler is at `address`, such as tcp://host:8786.

    Raises RunFailed when it does not answer, has no worker or loses its scheduler, or when a worker has another
    version. What has come back by then has been heard.
    """
    if not tasks:
        return
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise RunFailed(f"no Dask scheduler answers at {address}: {' '.join(str(error).split())}") from error
    with client:
        name = prepare(client, shared, address)
        try:
            share_out(client, name, deque(tasks), hear)
        except (OSError, RuntimeError) as error:
            raise RunFailed(f"the cluster at {address} was lost: {error}; what came back is kept") from error
        finally:
            if client.status == "running":
                client.unregister_worker_plugin(name)


def prepare(client: Client, shared: Shared, address: str) -> str:
    """Have every worker ready: the same version, compiled, and with what the runs have in common under the name that
    is given back."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise RunFailed(f"the scheduler at {address} has no worker; start one with: dask worker {address}") from error
    there = workers(client)
    try:
        found = client.gather([client.submit(compiled, workers=[worker], pure=False) for worker in there])
    except ImportError as error:
        raise RunFailed(f"a worker of {address} has no Upstream, or an older one: {error}") from error
    if others := [worker for worker, source in zip(there, found, strict=True) if source != source_hash()]:
        raise RunFailed(f"another version of Upstream is installed at {', '.join(others)}")
    ready = Ready(shared)
    client.register_plugin(ready, name=ready.name)
    return ready.name


def workers(client: Client) -> Sequence[str]:
    """Addresses of all workers."""
    return sorted(client.nthreads())


def share_out(client: Client, name: str, waiting: deque[Task], hear: Hear) -> None:
    """One task a worker at a time: then it is plain whose run ended a worker."""
    going: dict[Any, Task] = {}
    ended: queue.Queue[Any] = queue.Queue()
    seen = time.monotonic()
    while waiting or going:
        there = len(workers(client))
        if there:
            seen = time.monotonic()
        elif time.monotonic() - seen > PATIENCE:
            raise RuntimeError("no worker is left")
        while waiting and len(going) < there:
            task = waiting.popleft()
            future = client.submit(carried_out, task, name, pure=False)
            going[future.key] = task
            future.add_done_callback(ended.put)
        try:
            future = ended.get(timeout=1.0)
        except queue.Empty:
            if client.status != "running":
                raise RuntimeError("the scheduler is gone") from None
            continue
        waiting.extend(heard(future, going.pop(future.key), hear))


def heard(future: Any, task: Task, hear: Hear) -> list[Task]:
    """What came of a task: its events are told; given are the tasks to do again."""
    if future.cancelled():
        return [task]
    error = future.exception()
    if error is None:
        for event in future.result():
            hear(event)
    elif not isinstance(error, KilledWorker):
        raise error
    elif len(task.runs) > 1:
        return [task._replace(runs=(run,)) for run in task.runs]
    else:
        hear(Failed(task.runs[0], "each worker that took it has ended, perhaps for lack of memory", made_on()))
    return []
