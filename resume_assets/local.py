"""This machine as the pipeline's home: the Dagster instance, the embedded services, and the UI."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import dagster as dg
import psutil

from resources.embedded import (
    LOOPBACK,
    Service,
    documents_service,
    end_with_parent,
    is_running,
    label_service,
    model_service,
    require_free_port,
    running,
)
from resume_assets.settings import CONFIG_VARIABLE, PROJECT_ROOT, Settings
from schedules.calendar import STOPPED, UNDER_WAY

UI_STOP_SECONDS = 30
CODE_LOCATION = "dagster/code_location"  # the tag of runs that Dagster's own processes execute


def embedded_services(settings: Settings) -> list[Service]:
    """The services that this machine has to run itself, because no address of another is set."""
    folder = settings.data_folder / "services"
    services = []
    if settings.embeds_documents:
        services.append(documents_service(folder, settings.services.documents_port))
    if settings.embeds_model:
        services.append(model_service(folder, settings.services.model_port))
    return services


def states(settings: Settings) -> dict[str, str]:
    """Where each outside system is, and whether an embedded one runs; for people."""
    embedded = {
        service.name: f"embedded, port {service.port}, {'running' if is_running(service) else 'stopped'}"
        for service in embedded_services(settings)
    }
    bucket = settings.environment.S3_BUCKET
    return {
        "documents": embedded.get("documents", f"MongoDB, database {settings.environment.MONGO_DB_NAME}"),
        "model": embedded.get("model", f"{settings.generation.model} at {settings.openai_base_url or 'OpenAI'}"),
        "raw objects": f"s3://{bucket}" if bucket else f"folder {settings.data.raw_folder}",
    }


def prepared_home(settings: Settings) -> str:
    """DAGSTER_HOME with the project's dagster.yaml in it."""
    home = settings.dagster_home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    own = settings.root / "dagster.yaml"
    shutil.copyfile(own if own.is_file() else PROJECT_ROOT / "dagster.yaml", home / "dagster.yaml")
    return str(home)


@contextmanager
def instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The Dagster instance of this project, which the UI shows too."""
    with dg.DagsterInstance.from_config(prepared_home(settings)) as opened:
        yield opened


def serve_ui(settings: Settings) -> int:
    """Run the embedded services, the label page, Dagster's UI and daemons until Ctrl-C; returns the UI's exit status.

    Raises:
        ServiceError: a port is taken, or a service does not start.
    """
    require_free_port(settings.services.ui_port, "services.ui_port")
    environment = os.environ | {
        "DAGSTER_HOME": prepared_home(settings),
        CONFIG_VARIABLE: str(settings.config_file),
        "PYTHONWARNINGS": "ignore:Function `dev_command` is superseded",  # its successor `dg dev` wants another layout
    }
    command = [
        *(sys.executable, "-m", "dagster", "dev"),
        *("--workspace", str(PROJECT_ROOT / "workspace.yaml")),
        *("--host", LOOPBACK, "--port", str(settings.services.ui_port)),
    ]
    labels = label_service(settings.data_folder / "services", settings.services.label_port, settings.config_file)
    with running([*embedded_services(settings), labels]):
        # Dagster's processes get a session of their own, so that we stop them before the services that they use.
        ui = subprocess.Popen(
            command,
            cwd=settings.dagster_home,
            env=environment,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
        try:
            return ui.wait()
        except KeyboardInterrupt:
            return 0
        finally:
            _stop(ui, settings)


def _stop(ui: subprocess.Popen[bytes], settings: Settings) -> None:
    """End Dagster's processes and the runs that they are at; the sensors ask for those again when it is back."""
    processes = []
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(ui.pid)
        processes = [root, *root.children(recursive=True)]
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, alive = psutil.wait_procs(processes, UI_STOP_SECONDS)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    ui.wait()
    with instance(settings) as home:
        for run in home.get_runs(dg.RunsFilter(statuses=list(UNDER_WAY))):
            if CODE_LOCATION in run.tags:  # one of another command, such as a night, goes on
                home.add_run_tags(run.run_id, {STOPPED: "true"})
                home.report_run_canceled(run, message="It was stopped with the services on this machine.")


def stop_on_signals() -> None:
    """Let SIGTERM end a command as Ctrl-C does, with all that it started; also where a shell had SIGINT ignored."""

    def interrupt(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, interrupt)
