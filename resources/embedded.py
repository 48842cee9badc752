"""The embedded services: a document database and a model server as child processes on loopback.

Started and stopped together. They are ours only while we run them: production uses an address instead.
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from resources.errors import ServiceError

LOOPBACK = "127.0.0.1"
START_SECONDS = 60.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.05
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Service:
    """A program that serves one loopback port; `port_setting` is where a person changes the port."""

    name: str
    port: int
    port_setting: str
    command: Sequence[str]
    folder: Path
    ready: Callable[[int], bool]

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def note(self) -> Path:
        """Where a running service writes its process id, so that a second command can use it too."""
        return self.folder / f"{self.name}.json"


def documents_service(folder: Path, port: int) -> Service:
    """SecantusDB: WiredTiger behind the MongoDB wire protocol, with a data folder of its own.

    Without `--sync-on-commit` a killed server lost up to 30 acknowledged writes (measured, 0.7.0b3); with it none,
    at 1.0 ms a write instead of 0.6. Labels and paid answers are worth that.
    """
    command = [
        str(Path(sys.executable).parent / "secantusd-py"),
        *("--host", LOOPBACK, "--port", str(port)),
        *("--storage-path", str(folder / "documents")),
        *("--cache-size", "128M", "--log-level", "WARNING", "--sync-on-commit"),
    ]
    return Service("documents", port, "services.documents_port", command, folder, _accepts)


def model_service(folder: Path, port: int) -> Service:
    """Our OpenAI-compatible server, with the model `extractive-1` and those fine-tuned from it."""
    command = [
        *(sys.executable, "-m", "model_server", "--host", LOOPBACK, "--port", str(port)),
        *("--state-dir", str(folder / "model")),
    ]
    return Service("model", port, "services.model_port", command, folder, _healthy)


def label_service(folder: Path, port: int, config: Path) -> Service:
    """The volunteers' page, by the settings of this file."""
    command = [sys.executable, "-m", "labelling", "--config", str(config)]
    return Service("labels", port, "services.label_port", command, folder, _healthy)


@contextmanager
def running(services: Sequence[Service]) -> Iterator[None]:
    """The services, started in order and stopped in reverse; one that runs for this folder already is left alone.

    Raises:
        ServiceError: a port is taken by something else, or a service ends before it is ready.
    """
    wanted = [service for service in services if not is_running(service)]
    for service in wanted:
        require_free_port(service.port, service.port_setting)
    with ExitStack() as stack:
        for service in wanted:
            stack.enter_context(_started(service))
        yield


def is_running(service: Service) -> bool:
    """Whether this very service, started for this folder, answers now."""
    try:
        note = json.loads(service.note.read_text())
        process = psutil.Process(note["pid"])
        same = process.create_time() == note["created"] and note["port"] == service.port
    except (OSError, ValueError, KeyError, psutil.NoSuchProcess):
        return False
    return same and service.ready(service.port)


@contextmanager
def _started(service: Service) -> Iterator[None]:
    service.folder.mkdir(parents=True, exist_ok=True)
    with service.log.open("ab") as log:
        process = subprocess.Popen(
            service.command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is ours to handle: whoever uses a service stops before it does
            preexec_fn=end_with_parent,
        )
    try:
        _wait_until_ready(service, process)
        note = {"pid": process.pid, "created": psutil.Process(process.pid).create_time(), "port": service.port}
        service.note.write_text(json.dumps(note))
        yield
    finally:
        service.note.unlink(missing_ok=True)
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def require_free_port(port: int, setting: str) -> None:
    """Raises ServiceError when something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            raise ServiceError(
                f"Port {port} is in use by another program.",
                f"Stop that program, or change {setting} in config/pipeline.yaml.",
            ) from None


def _wait_until_ready(service: Service, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not service.ready(service.port):
        if process.poll() is not None:
            last = service.log.read_text(errors="replace").strip().splitlines()[-1:] or ["no output"]
            raise ServiceError(f"The {service.name} service ended at its start: {last[0]}", f"See {service.log}.")
        if time.monotonic() > deadline:
            raise ServiceError(
                f"The {service.name} service was not ready after {START_SECONDS:.0f} s.", f"See {service.log}."
            )
        time.sleep(POLL_SECONDS)


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def end_with_parent() -> None:
    """Ask Linux to end this child when its parent dies, so that a killed run leaves no process behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() == 1:  # the parent died before we asked
            os._exit(1)
