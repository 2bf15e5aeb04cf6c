"""Tasks carried out here, in this process, one after the other."""

from contextlib import closing

from experiments.runner.living import Hear, Lives, Shared, Task


def carry_out(shared: Shared, tasks: list[Task], hear: Hear) -> None:
    with closing(Lives(shared)) as lives:
        for task in tasks:
            lives.carry_out(task, hear)
