"""Memory of a large day: the process that runs `generate_day` over synthetic pairs, on the embedded database.

    .venv/bin/python -m benchmarks.day_memory [--pairs 2000] [--again] [--priced]

A source resume has 6 kB and a posting 2.5 kB, so that a stored document has about 25 kB. The model is the server of
`benchmarks.generation` without its latency. The job is a process of its own, and its peak is what the system says of it
(`VmHWM`, so Linux only; `ru_maxrss` would count the process that started it, too). The processes that compute for it
are counted apart: all of them together, when that is most.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from benchmarks.generation import MODEL, free_port, latency_server, pairs

DAY = "2026-07-23"
PRICE = "{input: 0.4, cached_input: 0.1, output: 1.6, source: local}"
JOBS = "- Kept the accounts of branch {} in Excel and told its manager each week what was left to collect.\n"
POSTING = "You talk to our customers, write down what they need and agree with them on what is built first. " * 14


def write_pairs(data: Path, count: int) -> None:
    """The pairs' table, as `ingest` writes it."""
    import polars as pl

    from resources.object_store import FolderStore
    from resume_assets.io import Tables
    from resume_assets.schemas import ResumeJobPairs

    frame = pl.DataFrame(
        {
            **pair,
            "resume_id": pair["pair_id"][:16],
            "posting_id": pair["pair_id"][17:],
            "job_id": None,
            "score": 0.5,
            "rank": 1,
            "reasons": "",
            "resume_text": pair["resume_text"] + "".join(JOBS.format(number * 50 + i) for i in range(50)),
            "job_description": pair["job_description"] + POSTING,
        }
        for number, pair in enumerate(pairs(count))
    )
    columns = list(ResumeJobPairs.to_schema().columns)
    tables = Tables(data, FolderStore(data / "buckets/processed"))
    tables.write("processed/resume_job_pairs", frame.with_columns(pl.col("job_id").cast(pl.String)).select(columns))


def configured(folder: Path, *, priced: bool) -> Path:
    """A project of its own that asks the server for everything; `priced` says that its answers cost money."""
    from resume_assets.settings import PROJECT_ROOT

    shutil.copytree(PROJECT_ROOT / "config", folder / "config")
    file = folder / "config/pipeline.yaml"
    config = yaml.safe_load(file.read_text())
    config["generation"] |= {"model": MODEL, "concurrency": 64, "max_failed_share": 0.05}
    config["spending"] |= {"allow_unknown_prices": True, "max_usd_per_run": 1000, "max_usd_per_day": 1000}
    file.write_text(yaml.safe_dump(config))
    if priced:
        prices = folder / config["spending"]["prices"]
        prices.write_text(prices.read_text().replace("models:\n", f"models:\n  {MODEL}: {PRICE}\n"))
    return file


def resident(process: int | str = "self", peak: bool = False) -> float:
    """MiB in memory of a process now, or at its peak; 0 when it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    found = re.search(rf"{'VmHWM' if peak else 'VmRSS'}:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


@contextmanager
def watched_helpers(every: float = 0.5) -> Iterator[list[float]]:
    """MiB of all processes that this one has started, each time that they are looked at."""
    import psutil

    done, seen, own = threading.Event(), [0.0], psutil.Process()

    def watch() -> None:
        while not done.wait(every):
            seen.append(sum(resident(child.pid) for child in own.children(recursive=True)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


def generate(config: Path) -> None:
    """In a process of its own: run the job and print what it took."""
    from rich.console import Console

    from resume_assets.definitions import build_defs
    from resume_assets.headless import run_job
    from resume_assets.local import instance
    from resume_assets.settings import load_settings
    from schedules.jobs import GENERATE_DAY

    settings = load_settings(config)
    start = resident()
    with instance(settings) as home, watched_helpers() as helpers:
        run = run_job(build_defs(settings), home, GENERATE_DAY, Console(quiet=True), partition=DAY)
        steps = {
            stats.step_key: (stats.end_time or 0) - (stats.start_time or 0)
            for stats in home.get_run_step_stats(run.run_id)
        }
    if not run.success:
        raise SystemExit("\n".join(run.failures))
    told = {
        "documents": run.materialized["daily_collection"]["documents"],
        "usd": run.materialized["generated_resumes"]["cost_usd"],
        "steps": steps,
        "start_mib": start,
        "mib": resident(peak=True),
        "helpers_mib": max(helpers),
    }
    print(json.dumps(told))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--again", action="store_true", help="run the same day a second time")
    parser.add_argument("--priced", action="store_true", help="let answers cost money, so that tokens are counted")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        generate(options.child)
        return
    from resources.embedded import documents_service, running
    from resume_assets.settings import load_settings

    with tempfile.TemporaryDirectory() as folder, latency_server(mean=0.0) as address:
        config = configured(Path(folder, "project"), priced=options.priced)
        data = load_settings(config, environ={}).data_folder
        write_pairs(data, options.pairs)
        service = documents_service(Path(folder, "documents"), free_port())
        environment = os.environ | {
            "MONGO_URI": f"mongodb://127.0.0.1:{service.port}/?directConnection=true",
            "MONGO_DB_NAME": "benchmark",
            "OPENAI_BASE_URL": f"{address}/v1",
            "OPENAI_API_KEY": "none",
        }
        command = [sys.executable, "-m", "benchmarks.day_memory", "--child", str(config)]
        with running([service]):
            for run in ("first", "again") if options.again else ("first",):
                done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
                tell(run, json.loads(done.stdout.splitlines()[-1]))
        size = (data / f"output/generated_resumes/{DAY}.csv").stat().st_size
        print(f"the day's CSV: {size / 2**20:.0f} MiB")


def tell(run: str, told: dict[str, Any], longest: int = 8) -> None:
    """What one run took; `steps` are seconds."""
    print(
        f"{run}: {told['documents']} documents, peak {told['mib']:.0f} MiB ({told['start_mib']:.0f} before the run), "
        f"its helpers {told['helpers_mib']:.0f} MiB, ${told['usd']:.2f}"
    )
    for step, seconds in sorted(told["steps"].items(), key=lambda each: -each[1])[:longest]:
        print(f"  {step:<44}{seconds:>8.1f} s", flush=True)


if __name__ == "__main__":
    main()
