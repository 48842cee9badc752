"""Asking a slow, unreliable provider for a day of resumes: four clients against the same server.

    .venv/bin/python -m benchmarks.generation [--documents 500] [--concurrency 64] [--curator PYTHON]

The server (`latency_server`) takes a second on average, log-normal with a tail to three, answers 2% with 429 and a
`Retry-After`, and 1% with 500. Ideal is documents x one second / concurrency; nobody reaches it, since the slowest of
the last requests are waited for alone: `possible` is a client that loses no time at all, reckoned for the same draw of
latencies and failures, which each of the others meets. Each is a process of its own, whose start is not counted:

- sequential: one request after the other, as the original did; its first 20, times the rest; a failure is a lost row
- semaphore: AsyncOpenAI behind a semaphore with the SDK's own retries; answers stay in memory
- ours: `answer_all` with the ledger on the embedded database, each answer on disk, grounded, rendered and judged
- curator: bespokelabs-curator, where PYTHON is an interpreter that has it
"""

import argparse
import asyncio
import gzip
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.latency_server import MEAN, MODEL, least_seconds

SEQUENTIAL_SAMPLE = 20
DAY = "2026-07-23"
RESUME = """Jane Doe {number}
jane.doe{number}@example.com

Summary
Python developer with six years in reporting and data pipelines.

Skills
Python, SQL, Linux, Docker, PostgreSQL, Airflow

Experience
Senior Developer, Acme Corporation, Springfield, 2019 - 2024
- Built 14 reports in Python and SQL that the sales team reads every morning.
- Moved the nightly load from cron to Airflow and cut its time from 90 to 25 minutes.
- Reviewed the code of four colleagues and wrote the team's style guide.
- Kept the PostgreSQL database of 300 GB backed up and restored it twice in drills.
Developer, Initech, Shelbyville, 2016 - 2019
- Wrote a Django service that 40 branches use to order material.
- Packaged it with Docker and deployed it on Linux servers.

Education
BSc Computer Science, State University, 2016
"""
POSTING = "We need a developer for Python, SQL and Airflow on Linux. You build reports and data pipelines. " * 12


def pairs(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        resume_id, posting_id = f"{number:016x}", f"{number:016x}"
        yield {
            "pair_id": f"{resume_id}-{posting_id}",
            "resume_text": RESUME.format(number=number),
            "title": "Python Developer",
            "company_name": "Globex",
            "job_description": POSTING,
        }


def messages(pair: dict[str, Any]) -> list[dict[str, str]]:
    from tailoring.prompts import parse_prompt, render_messages

    prompt = parse_prompt("tailor", (Path(__file__).parents[1] / "config/prompts/tailor.md").read_text())
    return render_messages(prompt, pair["resume_text"], pair["title"], pair["company_name"], pair["job_description"])


def canned_answer() -> str:
    from tailoring.extractive import tailor
    from tailoring.parsing import source_lines

    (pair,) = pairs(1)
    return tailor(source_lines(pair["resume_text"]), pair["job_description"]).model_dump_json()


# --- the clients: each returns how many answers it has ---------------------------------------------------------------


def sequential(url: str, count: int, _concurrency: int) -> int:
    from openai import OpenAI, OpenAIError

    client = OpenAI(base_url=url, api_key="none", max_retries=0)
    got = 0
    for pair in pairs(min(count, SEQUENTIAL_SAMPLE)):
        try:
            client.chat.completions.create(model=MODEL, messages=messages(pair))  # type: ignore[arg-type]
            got += 1
        except OpenAIError as error:
            print(error, file=sys.stderr)
    return got


def semaphore(url: str, count: int, concurrency: int) -> int:
    from openai import AsyncOpenAI

    async def ask_all() -> int:
        places = asyncio.Semaphore(concurrency)
        async with AsyncOpenAI(base_url=url, api_key="none", max_retries=4) as client:

            async def ask(pair: dict[str, Any]) -> str:
                async with places:
                    answer = await client.chat.completions.create(model=MODEL, messages=messages(pair))  # type: ignore[arg-type]
                    return answer.choices[0].message.content or ""

            answers = await asyncio.gather(*(ask(pair) for pair in pairs(count)), return_exceptions=True)
        return sum(isinstance(answer, str) for answer in answers)

    return asyncio.run(ask_all())


def ours(url: str, count: int, concurrency: int) -> int:
    import polars as pl

    from resources.document_store import DocumentStore
    from resources.embedded import documents_service, running
    from resources.language_model import LanguageModel
    from resources.ledger import COLLECTION, Ledger
    from resume_assets import day
    from resume_assets.arms import Arm
    from resume_assets.generation import answer_all
    from resume_assets.io import PART, StoredTable
    from resume_assets.settings import load_settings
    from resume_assets.writers import writers
    from tailoring.prompts import parse_prompt

    settings = load_settings(environ={}).generation.model_copy(update={"concurrency": concurrency})
    prompt = parse_prompt("tailor", (Path(__file__).parents[1] / "config/prompts/tailor.md").read_text())
    with tempfile.TemporaryDirectory() as folder:
        table = StoredTable(Path(folder, "pairs.csv"), Path(folder, "pairs.parquet"))
        pl.DataFrame(pairs(count)).write_parquet(table.parquet, row_group_size=PART)
        plan = day.Plan(table, DAY, [Arm("base", MODEL, prompt, 1.0)], settings)
        service = documents_service(Path(folder, "documents"), free_port())
        store = DocumentStore(f"mongodb://127.0.0.1:{service.port}/?directConnection=true", "benchmark")
        with running([service]), Path(folder, "documents.jsonl").open("w") as kept, writers(count) as write:
            started = time.monotonic()
            outcome = answer_all(
                plan,
                partition_date=DAY,
                settings=settings,
                model=LanguageModel(url, max_retries=4),
                ledger=Ledger(store.database[COLLECTION]),
                finish=lambda request, answered: day.draft(request, answered, partition_date=DAY, write=write),
                unsupported=lambda drafted: drafted.unsupported,
                keep=lambda _, drafted: print(drafted.document.model_dump_json(), file=kept),
            )
            note("seconds", time.monotonic() - started)
    note("retried", outcome.retried)
    return outcome.done


CURATOR = """
import json, os, sys, time
os.environ.setdefault("TELEMETRY_ENABLED", "false")
from bespokelabs import curator
url, prompts, concurrency = sys.argv[1], json.load(open(sys.argv[2])), int(sys.argv[3])

class Ask(curator.LLM):
    def prompt(self, row): return row["messages"]
    def parse(self, row, response): return {"answer": response}

llm = Ask(model_name="canned", backend="openai", backend_params={"base_url": url, "api_key": "none",
    "max_concurrent_requests": concurrency, "max_requests_per_minute": 100000, "max_tokens_per_minute": 10**9})
started = time.monotonic()
got = len(llm([{"messages": each} for each in prompts]).dataset)
print(json.dumps({"got": got, "seconds": time.monotonic() - started}))
"""

CLIENTS = {"sequential": sequential, "semaphore": semaphore, "ours": ours}

# --- measuring -------------------------------------------------------------------------------------------------------

_notes: dict[str, float] = {}


def note(name: str, value: float) -> None:
    _notes[name] = value


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_client(name: str, url: str, count: int, concurrency: int) -> None:
    """In a process of its own: print what it got, how long it took, and what it used."""
    import openai  # noqa: F401  half a second that nobody's time counts

    started = time.monotonic()
    got = CLIENTS[name](url, count, concurrency)
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        json.dumps(
            {
                "got": got,
                "seconds": _notes.get("seconds", time.monotonic() - started),
                "cpu": own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime,
                "mib": own.ru_maxrss / 1024,
            }
        )
    )


@contextmanager
def latency_server(mean: float = MEAN) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder, "answer.json")
        answer.write_text(canned_answer())
        command = [sys.executable, "-m", "benchmarks.latency_server", str(answer), str(mean)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            host, port = json.loads(process.stdout.readline())  # type: ignore[union-attr]
            try:
                yield f"http://{host}:{port}"
            finally:
                process.terminate()


def counts(address: str) -> dict[str, int]:
    with urllib.request.urlopen(f"{address}/counts") as response:  # noqa: S310  loopback
        told: dict[str, int] = json.load(response)
    return told


def measured(name: str, address: str, count: int, concurrency: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.generation", "--client", name, address + "/v1"]
    command += ["--documents", str(count), "--concurrency", str(concurrency)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures | counts(address)


def measured_curator(python: str, address: str, count: int, concurrency: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        prompts = Path(folder, "prompts.json")
        prompts.write_text(json.dumps([messages(pair) for pair in pairs(count)]))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [python, "-c", CURATOR, address + "/v1", str(prompts), str(concurrency)],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            env={
                "HOME": folder,
                "PATH": "/usr/bin:/bin",
                "CURATOR_CACHE_DIR": folder,
                "OPENAI_API_KEY": "none",
                "TIKTOKEN_CACHE_DIR": tokens_for_tiktoken(folder),
            },
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return figures | {"cpu": cpu, "mib": after.ru_maxrss / 1024} | counts(address)


def tokens_for_tiktoken(folder: str) -> str:
    """A cache from which tiktoken reads the tables that it would download; its files are named by their address."""
    from importlib.resources import files

    for name in ("cl100k_base", "o200k_base"):
        address = f"https://openaipublic.blob.core.windows.net/encodings/{name}.tiktoken"
        packed = files("bpe_openai.data").joinpath(f"{name}.tiktoken.gz").read_bytes()
        Path(folder, hashlib.sha1(address.encode(), usedforsecurity=False).hexdigest()).write_bytes(
            gzip.decompress(packed)
        )
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--curator", metavar="PYTHON", help="an interpreter that has bespokelabs-curator")
    parser.add_argument("--only", choices=CLIENTS, action="append", help="leave the other clients out")
    parser.add_argument("--client", nargs=2, metavar=("NAME", "URL"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    count, concurrency = options.documents, options.concurrency
    if options.client:
        run_client(*options.client, count, concurrency)
        return
    ideal = count * MEAN / concurrency
    print(f"{count} documents, {concurrency} at once: ideal {ideal:.1f} s\n")
    print(f"{'client':<12}{'wall s':>9}{'x ideal':>9}{'lost':>7}{'twice':>7}{'asked':>8}{'CPU s':>8}{'peak MiB':>10}")
    print(f"{'possible':<12}{least_seconds(count, concurrency):>9.1f}{least_seconds(count, concurrency) / ideal:>9.2f}")
    with latency_server() as address:
        for name in options.only or CLIENTS:
            figures = measured(name, address, count, concurrency)
            part = min(count, SEQUENTIAL_SAMPLE) / count if name == "sequential" else 1.0
            tell(name, figures, count, ideal, part)
        if options.curator:
            tell("curator", measured_curator(options.curator, address, count, concurrency), count, ideal, 1.0)
    print("\nsequential: its first 20 documents, times the rest.")
    print("Memory: the client's own process. CPU: with its helpers, ours with the database and the judges.")


def tell(name: str, figures: dict[str, float], count: int, ideal: float, part: float) -> None:
    """One row; `part` is the share of the documents that the client was given."""
    wall = figures["seconds"] / part
    lost = (count * part - figures["got"]) / part
    print(
        f"{name:<12}{wall:>9.1f}{wall / ideal:>9.2f}{lost:>7.0f}{figures['twice']:>7.0f}"
        f"{figures['asked'] / part:>8.0f}{figures['cpu'] / part:>8.1f}{figures['mib']:>10.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
