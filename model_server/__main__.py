"""The command line: `python -m model_server`."""

import inspect
import ipaddress
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from model_server import fault_plan
from model_server.app import create_app
from model_server.extractive import extractive_1
from model_server.fault_injector import FaultInjector
from model_server.fault_plan import FaultPlan
from model_server.registry import Registry
from model_server.server import listen, serve
from model_server.state import State
from model_server.store import StateError

HELP = """Serve models on this machine behind OpenAI's API.

Point any OpenAI client at it:

    python -m model_server --port 8010

    client = OpenAI(base_url="http://127.0.0.1:8010/v1", api_key="any")

    client.chat.completions.create(model="extractive-1", messages=[...])

The model extractive-1 writes a tailored resume as JSON. It wants the resume and the job posting in <resume> and
<job_posting> tags, as the prompts of this project write them, and says so where they are missing.

It can be fine-tuned (client.files, client.fine_tuning.jobs; methods supervised and dpo), and asked in batches
(client.batches). Files, jobs, tuned models and batches are kept in --state-dir, and survive a restart:

    python -m model_server --state-dir ~/models

Answers: POST /v1/chat/completions; /v1/models; /v1/files; /v1/fine_tuning/jobs; /v1/batches; GET /healthz.
Ctrl-C or SIGTERM stops it.
"""

# How faults are written, unwrapped (which is what \b says), from where it is documented.
FAULTS_HELP = "\n\n".join(f"\b\n{part}" for part in inspect.cleandoc(fault_plan.__doc__ or "").split("\n\n"))

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command(help=HELP, epilog=FAULTS_HELP)
def main(
    host: Annotated[
        str, typer.Option(help="Address to listen on; beyond loopback only with an API key.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes any free one.")] = 8010,
    api_key: Annotated[
        str | None,
        typer.Option(envvar="MODEL_SERVER_API_KEY", help="Key that clients must send. Better set by the environment."),
    ] = None,
    api_key_file: Annotated[
        Path | None, typer.Option(help="File that holds the key.", exists=True, dir_okay=False)
    ] = None,
    state_dir: Annotated[
        Path | None,
        typer.Option(
            help="Folder that keeps files, jobs, tuned models and batches; without it they go when the server ends.",
            file_okay=False,
        ),
    ] = None,
    access_log: Annotated[bool, typer.Option("--access-log", help="Print a line for each request.")] = False,
    faults: Annotated[
        Path | None,
        typer.Option(
            envvar="MODEL_SERVER_FAULTS",
            help="For tests only: a JSON file with the faults to inject (how it is written: see below); also counts "
            "requests at GET /admin/requests.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
) -> None:
    key = _key(api_key, api_key_file)
    if key is None and not _is_loopback(host):
        raise typer.BadParameter(
            f"{host} can be reached from other machines, which needs an API key: set MODEL_SERVER_API_KEY or "
            "--api-key-file, or listen on 127.0.0.1.",
            param_hint="--host",
        )
    plan = _plan(faults) if faults else None
    try:
        listener = listen(host, port)
    except OSError as error:
        raise _refused(error) from error
    with ExitStack() as stack:
        try:
            state = State(state_dir or _passing_folder(stack))
        except StateError as error:
            raise _refused(error) from error
        injector = FaultInjector(plan, state.request_counts) if plan else None
        registry = Registry([extractive_1()])
        application = create_app(registry, key, injector, state)
        address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}/v1"
        notes = [", ".join(model.id for model in registry.all())]
        notes += ["API key required"] if key else []
        notes += ["faults on"] if injector else []
        serve(application, listener, f"model_server: {address} ({'; '.join(notes)})", injector, access_log)


def _passing_folder(stack: ExitStack) -> Path:
    """A folder that goes with the server. Work in the background may still be writing there, which is no error."""
    folder = tempfile.TemporaryDirectory(prefix="model-server-", ignore_cleanup_errors=True)
    return Path(stack.enter_context(folder))


def _refused(error: Exception) -> typer.Exit:
    typer.echo(f"model_server: {error}", err=True)
    return typer.Exit(1)


def _key(given: str | None, file: Path | None) -> str | None:
    if file is None:
        return given
    if given is not None:
        raise typer.BadParameter("an API key is set otherwise too; give one of the two.", param_hint="--api-key-file")
    key = file.read_text().strip()
    if not key:
        raise typer.BadParameter(f"{file} is empty.", param_hint="--api-key-file")
    return key


def _plan(file: Path) -> FaultPlan:
    try:
        return FaultPlan.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise typer.BadParameter(f"{file}: {error}", param_hint="--faults") from error


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


if __name__ == "__main__":
    app(prog_name="python -m model_server")
