"""Measures reading, filtering, normalising and the whole `ingest` at full size, against the ways that people use first.

    python -m benchmarks.ingest [--share 1.0] [--objects 1] [--runs 3] [--only read|normalise|ingest]

Each measurement has a process of its own, so that its memory is its own; ways take turns, and the median counts. The
files come from `full_size`. `read` compares the same work: which postings have a keyword in their title, each once.
pandas is what the system that ours replaces does; pyarrow only parses three columns, which is the least there is.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.full_size import POSTINGS, RESUMES, full_size_file

_KEYS = ["title", "company_name", "description"]


def peak_memory() -> float:
    """The most memory that this process has held, in MB (Linux)."""
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1e3


def keyword_list() -> list[str]:
    from resume_assets.settings import load_settings

    return load_settings(environ={}).keywords.words


def by_pandas(file: Path) -> set[int]:
    import re

    import pandas as pd

    words = "|".join(r"[\s-]+".join(map(re.escape, word.split())) for word in keyword_list())
    frame = pd.read_csv(file)
    named = frame[frame["title"].str.contains(rf"(?i)(?<!\w)(?:{words})(?![\w+#])", na=False)]
    return set(named.drop_duplicates(subset=_KEYS).index + 1)


def by_pyarrow(file: Path) -> int:
    import pyarrow as pa
    import pyarrow.csv as pc

    convert = pc.ConvertOptions(include_columns=_KEYS, column_types=dict.fromkeys(_KEYS, pa.string()))
    parse = pc.ParseOptions(newlines_in_values=True)
    with pc.open_csv(file, parse_options=parse, convert_options=convert) as reader:
        return sum(len(batch) for batch in reader)


def by_ours(file: Path) -> tuple[set[int], set[int]]:
    """Rows kept, and rows dropped as copies or for want of text. Nothing is normalised here, as in the other ways."""
    from tailoring.cleaning import POSTING_COLUMNS, POSTING_REQUIRED, clean_postings
    from tailoring.tables import read_batches

    def untouched(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
        return texts, pl.zeros(len(texts), pl.UInt32, eager=True)

    tables = read_batches(file, POSTING_COLUMNS, POSTING_REQUIRED)
    cleaned = clean_postings(tables, keywords=keyword_list(), normalise=untouched)
    dropped = cleaned.rejects.filter(pl.col("reason").is_in(["duplicate", "empty", "too_short"]))
    return set(cleaned.frame["source_row"]), set(dropped["source_row"])


def measured(work: Callable[[Path], Any], file: Path, small: Path) -> tuple[Any, float, float, float]:
    """What `work` gives, its seconds, those of all processors, and the most memory. Imports do not count."""
    work(small)
    start, busy = time.perf_counter(), time.process_time()
    result = work(file)
    return result, time.perf_counter() - start, time.process_time() - busy, peak_memory()


def alone(work: Callable[..., Any], *arguments: Any) -> Any:
    """The result of a call in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *arguments).result()


def measure_read(share: float, runs: int) -> None:
    file = full_size_file("postings.csv", int(POSTINGS * share), sound=True)
    small = full_size_file("postings.csv", 500, sound=True)
    ways: dict[str, Callable[[Path], Any]] = {"pandas": by_pandas, "pyarrow, parse only": by_pyarrow, "ours": by_ours}
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    busy: dict[str, list[float]] = {way: [] for way in ways}
    memory: dict[str, float] = {}
    results: dict[str, Any] = {}
    for _ in range(runs):
        for way, work in ways.items():
            results[way], spent, worked, memory[way] = alone(measured, work, file, small)
            seconds[way].append(spent)
            busy[way].append(worked)
    kept, dropped = results["ours"]
    if not kept <= results["pandas"] <= kept | dropped:
        raise SystemExit("The two ways keep different postings.")
    median = {way: statistics.median(times) for way, times in seconds.items()}
    print(f"\nRead, filter, deduplicate {int(POSTINGS * share):,} postings, {file.stat().st_size / 1e6:.0f} MB")
    for way in ways:
        ratio = f"{median['pandas'] / median[way]:5.2f} x pandas"
        cost = f"{statistics.median(busy[way]):.2f} s of processors"
        print(f"  {way:22}{median[way]:7.2f} s {ratio:>18}{cost:>24}{memory[way]:9.0f} MB at most")
    print(f"  ours takes {median['ours'] / median['pyarrow, parse only']:.2f} times as long as parsing alone")
    print(f"  {len(kept):,} kept by both; {len(results['pandas'] - kept):,} more by pandas: copies, or without a text")


def measure_normalise(share: float, runs: int) -> None:
    file = full_size_file("postings.csv", int(POSTINGS * share), sound=True)
    ratios = [alone(normalise_ratio, file) for _ in range(runs)]
    print(f"\nNormalise {ratios[0][0]:,} descriptions of postings, the same bytes both ways")
    print(f"  per row with re {statistics.median(each[1] for each in ratios):.2f} s", end=", ")
    print(f"per column {statistics.median(each[2] for each in ratios):.2f} s", end=", ")
    print(f"ratio {statistics.median(each[1] / each[2] for each in ratios):.1f}")


def normalise_ratio(file: Path, rows: int = 8192) -> tuple[int, float, float]:
    from tailoring.tables import read_batches
    from tailoring.text import normalise, normalise_column

    texts = pl.Series([], dtype=pl.String)
    for table in read_batches(file, ["description"], ["description"]):
        texts.append(table.frame["description"].drop_nulls())
        if len(texts) >= rows:
            break
    texts = texts.head(rows).rechunk()
    normalise_column(texts.head(10))
    rowwise = texts.to_list()
    start = time.perf_counter()
    expected = [normalise(text) for text in rowwise]
    middle = time.perf_counter()
    done, _ = normalise_column(texts)
    end = time.perf_counter()
    if done.to_list() != expected:
        raise SystemExit("The two ways of normalising differ.")
    return len(texts), middle - start, end - middle


def measure_ingest(share: float, objects: int) -> None:
    rows = {"postings": int(POSTINGS * share), "resumes": int(RESUMES * share)}
    with tempfile.TemporaryDirectory() as name:
        raw = Path(name, "raw")
        for kind in rows:
            (raw / kind).mkdir(parents=True)
            for number in range(objects):
                file = full_size_file(f"{kind}.csv", rows[kind] // objects, seed=number)
                (raw / kind / f"{number:04}.csv").symlink_to(file)
        print(
            f"\nThe job `ingest`: {rows['postings']:,} postings, {rows['resumes']:,} resumes, {objects} files of each"
        )
        for when in ("everything new", "again, nothing new"):
            seconds, steps, memory = alone(run_ingest, Path(name), raw)
            told = ", ".join(f"{step} {spent:.1f}" for step, spent in steps.items() if spent > 0.2)
            print(f"  {when:20}{seconds:6.1f} s, {memory:5.0f} MB at most   ({told})")


def run_ingest(folder: Path, raw: Path) -> tuple[float, dict[str, float], float]:
    """Seconds of the job, seconds of each step, and the most memory."""
    import dagster as dg
    import yaml

    from resume_assets.definitions import build_defs
    from resume_assets.headless import QUIET
    from resume_assets.settings import PROJECT_ROOT, load_settings
    from schedules.jobs import INGEST

    shutil.copytree(PROJECT_ROOT / "config", folder / "config", dirs_exist_ok=True)
    file = folder / "config/pipeline.yaml"
    config = yaml.safe_load(file.read_text())
    config["data"] |= {"raw_folder": str(raw), "resumes_object": "resumes/*.csv", "postings_object": "postings/*.csv"}
    file.write_text(yaml.safe_dump(config))
    job = build_defs(load_settings(file, {})).resolve_job_def(INGEST)
    with dg.DagsterInstance.ephemeral() as instance:
        start = time.perf_counter()
        result = job.execute_in_process(instance=instance, run_config=QUIET)
        seconds = time.perf_counter() - start
        steps = {
            stats.step_key: (stats.end_time or 0) - (stats.start_time or 0)
            for stats in instance.get_run_step_stats(result.run_id)
        }
    return seconds, steps, peak_memory()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=1.0, help="of the full size")
    parser.add_argument("--objects", type=int, default=1, help="that the rows of each kind are in")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", choices=("read", "normalise", "ingest"))
    given = parser.parse_args()
    if given.only in (None, "read"):
        measure_read(given.share, given.runs)
    if given.only in (None, "normalise"):
        measure_normalise(given.share, given.runs)
    if given.only in (None, "ingest"):
        measure_ingest(given.share, given.objects)


if __name__ == "__main__":
    main()
