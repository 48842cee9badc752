"""Who is at work on something: runs that hold leases, and whether one that holds them is still there.

A lease that is not renewed ends by itself. On the same machine nobody has to wait for that: a process that is gone
holds nothing any more.
"""

import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

_at_work: set[str] = set()  # the runs of this process


@contextmanager
def run_at_work() -> Iterator[str]:
    """The name of a new run, for as long as the block runs: `machine/process/its start/random`."""
    started = int(psutil.Process().create_time())
    name = f"{socket.gethostname()}/{os.getpid()}/{started}/{uuid.uuid4().hex[:8]}"
    _at_work.add(name)
    try:
        yield name
    finally:
        _at_work.discard(name)


def is_gone(name: str) -> bool:
    """Whether the run is known to have ended; one on another machine never is, until its lease ends."""
    try:
        machine, process, started, _ = name.rsplit("/", 3)
    except ValueError:
        return False
    if machine != socket.gethostname():
        return False
    if int(process) == os.getpid():
        return name not in _at_work
    try:
        return int(psutil.Process(int(process)).create_time()) != int(started)
    except psutil.NoSuchProcess:
        return True
