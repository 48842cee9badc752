"""The model server as a real process on a free loopback port, for any test that needs one."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_REPOSITORY = Path(__file__).parents[1]
_STOP_SECONDS = 10


@dataclass(frozen=True)
class RequestCounts:
    """Chat requests that came: in all, by pair key (a hash of the messages), and those that met a fault, by kind.

    `submits` are the files, fine-tuning jobs and batches asked for, `created` those made, `batch_rows` the rows of
    batches that were answered, by pair key. In a `state_dir` that is kept, counting goes on with the next server.
    """

    total: int
    pairs: dict[str, int]
    faults: dict[str, int]
    submits: dict[str, int]
    created: dict[str, int]
    batch_rows: dict[str, int]


@dataclass(frozen=True)
class RunningModelServer:
    """A server that answers; `base_url` is what an OpenAI client takes."""

    base_url: str
    api_key: str | None
    process: subprocess.Popen[str]

    def requests(self) -> RequestCounts:
        """What the server has counted so far."""
        address = urlsplit(self.base_url)
        connection = http.client.HTTPConnection(address.netloc, timeout=10)
        headers = {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}
        connection.request("GET", "/admin/requests", headers=headers)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        if response.status != 200:
            raise RuntimeError(f"GET /admin/requests answered {response.status}: {body!r}")
        return RequestCounts(**json.loads(body))

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.process.kill()
        self.process.wait()


@contextmanager
def running_model_server(
    faults: Mapping[str, Any] | None = None, api_key: str | None = None, state_dir: Path | None = None
) -> Iterator[RunningModelServer]:
    """Start `python -m model_server` with a fault plan (none: it behaves, and counts), stop it on leaving.

    `state_dir` keeps its files, jobs, models and batches for a server after it.

    Raises RuntimeError with the server's own words when it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="model-server-") as folder:
        plan, errors = Path(folder, "faults.json"), Path(folder, "stderr")
        plan.write_text(json.dumps(faults or {}))
        with errors.open("w") as stderr:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "model_server", "--port", "0", "--faults", str(plan)),
                    *("--state-dir", str(state_dir or Path(folder, "state"))),
                ],
                cwd=_REPOSITORY,
                env=_environment(api_key),
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        try:
            yield RunningModelServer(_base_url(process, errors), api_key, process)
        finally:
            _stop(process)
            sys.stderr.write(errors.read_text())  # shown with a failing test


def _environment(api_key: str | None) -> dict[str, str]:
    """Ours, less what would configure a server by accident."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MODEL_SERVER_")}
    return inherited | ({"MODEL_SERVER_API_KEY": api_key} if api_key else {})


def _base_url(process: subprocess.Popen[str], errors: Path) -> str:
    """From the start line, which the server prints once it answers: `model_server: URL (...)`."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"the model server did not start: {errors.read_text()}")
    return line.split()[1]


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
