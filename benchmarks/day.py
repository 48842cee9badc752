"""One day of the pipeline, step by step: seconds of each step and around them, and memory of all processes.

    .venv/bin/python -m benchmarks.day [--pairs 219] [--data FOLDER]

Runs `ingest` and `generate_day` twice in a folder of its own, on the embedded services: the first time everything is
new, the second time nothing is. FOLDER holds a resumes.csv and a postings.csv; by default the sample data.
"""

import argparse
import shutil
import tempfile
import threading
import time
from pathlib import Path

import psutil
import yaml
from rich.console import Console
from rich.table import Table

from resources.embedded import running
from resume_assets.definitions import build_defs
from resume_assets.headless import JobRun, run_job
from resume_assets.local import embedded_services, instance
from resume_assets.settings import PROJECT_ROOT, Settings, load_settings
from schedules.jobs import GENERATE_DAY, INGEST

DAY = "2026-07-23"
MIB = 1024 * 1024


class PeakMemory(threading.Thread):
    """Samples the unshared memory of this process and all below it; `peak` is in MiB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self.done = threading.Event()

    def run(self) -> None:
        me = psutil.Process()
        while not self.done.wait(0.1):
            total = 0
            for process in [me, *me.children(recursive=True)]:
                try:
                    total += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.peak = max(self.peak, total / MIB)


def project(folder: Path, pairs: int, data: Path | None) -> Settings:
    """Settings for a project of its own in `folder`."""
    shutil.copytree(PROJECT_ROOT / "config", folder / "config")
    file = folder / "config/pipeline.yaml"
    config = yaml.safe_load(file.read_text())
    config["pairing"]["pairs_per_day"] = pairs
    config["services"] = {"ui_port": 33000, "documents_port": 33001, "model_port": 33002, "label_port": 33003}
    if data:
        config["data"]["raw_folder"] = str(data.resolve())
    file.write_text(yaml.safe_dump(config))
    return load_settings(file)


def day(settings: Settings, console: Console) -> tuple[dict[str, float], float, dict[str, JobRun]]:
    """Seconds of each step, of the whole, and both runs."""
    started = time.monotonic()
    with instance(settings) as home:
        definitions = build_defs(settings)
        runs = {
            INGEST: run_job(definitions, home, INGEST, console),
            GENERATE_DAY: run_job(definitions, home, GENERATE_DAY, console, partition=DAY),
        }
        whole = time.monotonic() - started
        steps = {
            stats.step_key: (stats.end_time or 0) - (stats.start_time or 0)
            for run in runs.values()
            for stats in home.get_run_step_stats(run.run_id)
        }
    for run in runs.values():
        if not run.success:
            raise SystemExit("\n".join(run.failures))
    return steps, whole, runs


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pairs", type=int, default=219)
    arguments.add_argument("--data", type=Path)
    given = arguments.parse_args()
    console = Console()
    memory = PeakMemory()
    memory.start()
    with tempfile.TemporaryDirectory() as folder:
        settings = project(Path(folder) / "project", given.pairs, given.data)
        started = time.monotonic()
        with running(embedded_services(settings)):
            services = time.monotonic() - started
            first, first_whole, runs = day(settings, Console(quiet=True))
            again, again_whole, _ = day(settings, Console(quiet=True))
    memory.done.set()
    table = Table("step", "first, s", "again, s", "again / first", title=f"{given.pairs} pairs")
    for step, seconds in first.items():
        table.add_row(step, f"{seconds:.2f}", f"{again[step]:.2f}", f"{again[step] / seconds:.2f}" if seconds else "-")
    outside, outside_again = first_whole - sum(first.values()), again_whole - sum(again.values())
    table.add_row("Dagster around the steps", f"{outside:.2f}", f"{outside_again:.2f}", "-")
    table.add_row("all", f"{first_whole:.2f}", f"{again_whole:.2f}", f"{again_whole / first_whole:.2f}")
    console.print(table)
    generated = runs[GENERATE_DAY].materialized["generated_resumes"]
    console.print(
        f"{generated['documents']} documents; services ready in {services:.1f} s; peak memory {memory.peak:.0f} MiB"
    )


if __name__ == "__main__":
    main()
