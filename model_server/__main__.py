"""The command line: `python -m model_server`."""

import ipaddress
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from model_server.app import create_app
from model_server.extractive import extractive_1
from model_server.fault_injector import FaultInjector, FaultPlan
from model_server.registry import Registry
from model_server.server import listen, serve

HELP = """Serve models on this machine behind OpenAI's API.

Point any OpenAI client at it:

    python -m model_server --port 8010

    client = OpenAI(base_url="http://127.0.0.1:8010/v1", api_key="any")

    client.chat.completions.create(model="extractive-1", messages=[...])

The model extractive-1 writes a tailored resume as JSON. It wants the resume and the job posting in <resume> and
<job_posting> tags, as the prompts of this project write them, and says so where they are missing.

Answers: POST /v1/chat/completions, GET /v1/models, GET /v1/models/ID, GET /healthz. Ctrl-C or SIGTERM stops it.
"""

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command(help=HELP)
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
    access_log: Annotated[bool, typer.Option("--access-log", help="Print a line for each request.")] = False,
    faults: Annotated[
        Path | None,
        typer.Option(
            envvar="MODEL_SERVER_FAULTS",
            help="For tests only: a JSON file with the faults to inject (see model_server/fault_injector.py); "
            "also counts requests at GET /admin/requests.",
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
    injector = FaultInjector(_plan(faults)) if faults else None
    try:
        listener = listen(host, port)
    except OSError as error:
        typer.echo(f"model_server: {error}", err=True)
        raise typer.Exit(1) from error
    registry = Registry([extractive_1()])
    address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}/v1"
    notes = [", ".join(model.id for model in registry.all())]
    notes += ["API key required"] if key else []
    notes += ["faults on"] if injector else []
    serve(
        create_app(registry, key, injector),
        listener,
        f"model_server: {address} ({'; '.join(notes)})",
        injector,
        access_log,
    )


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
