"""Incremental runs: only what is new is worked on, and what comes out is what a run from nothing would give."""

import csv
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from resume_assets import known_texts as known_texts_module
from resume_assets.assets import prepared as prepared_module
from resume_assets.known_texts import known_texts
from tailoring.text import normalise_rows
from tests.assets.conftest import Pipeline, figures, why

TABLES = ("cleaned_resumes", "rejected_resumes", "cleaned_job_postings", "rejected_job_postings", "resume_job_pairs")


def digests(pipeline: Pipeline) -> dict[str, str]:
    folder = pipeline.data / "processed"
    return {name: hashlib.sha256((folder / f"{name}.csv").read_bytes()).hexdigest() for name in TABLES}


def forget(pipeline: Pipeline) -> None:
    """As if there had been no run before."""
    shutil.rmtree(pipeline.data / "processed")
    shutil.rmtree(pipeline.data / "input")


def ingest(pipeline: Pipeline) -> tuple[int, int]:
    """How many resume texts the run normalised, and how many it knew."""
    result = pipeline.ingest()
    assert result.success, why(result)
    told = figures(result, "cleaned_resumes")
    return told["texts_normalised"], told["texts_known_from_before"]


def change_resumes(pipeline: Pipeline, change: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> None:
    """Rewrites the raw resumes: the rows that can be read at all, changed."""
    file = pipeline.settings.root / pipeline.settings.data.raw_folder / "resumes.csv"
    clean = pl.read_parquet(pipeline.data / "processed/cleaned_resumes.parquet")
    rows = [{"Text": f" {text} ", "Labels": roles} for text, roles in clean.select("resume_text", "roles").iter_rows()]
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, ["Text", "Labels"])
        writer.writeheader()
        writer.writerows(change(rows))


def test_nothing_is_cleaned_again_when_nothing_has_changed(pipeline: Pipeline) -> None:
    normalised, known = ingest(pipeline)
    assert (normalised > 50, known) == (True, 0)
    before = digests(pipeline)
    assert ingest(pipeline) == (0, 0)
    assert digests(pipeline) == before


@pytest.mark.parametrize(
    ("change", "new"),
    [
        (lambda rows: [*rows, {"Text": "A new resume of somebody who bakes bread. " * 9, "Labels": ""}], 1),
        (lambda rows: [rows[0] | {"Text": rows[0]["Text"] + "Speaks Basque."}, *rows[1:]], 1),
        (lambda rows: rows[:5] + rows[9:], 0),
        (lambda rows: rows[::-1], 0),
        (lambda rows: [row | {"Labels": "Baker"} for row in rows], 0),
    ],
    ids=["a row more", "a row changed", "rows gone", "another order", "other labels"],
)
def test_a_run_after_a_change_gives_what_a_run_from_nothing_gives(
    pipeline: Pipeline, change: Callable[[list[dict[str, str]]], list[dict[str, str]]], new: int
) -> None:
    ingest(pipeline)
    change_resumes(pipeline, lambda rows: rows)
    ingest(pipeline)
    change_resumes(pipeline, change)
    assert ingest(pipeline)[0] == new
    incremental = digests(pipeline)
    forget(pipeline)
    assert ingest(pipeline)[1] == 0
    assert digests(pipeline) == incremental


def test_pairs_are_matched_again_only_when_something_decides_otherwise(pipeline: Pipeline) -> None:
    def matched_before(pipeline: Pipeline) -> bool:
        told: bool = figures(pipeline.ingest(), "resume_job_pairs")["matched_before"]
        return told

    assert not matched_before(pipeline)
    before = digests(pipeline)
    assert matched_before(pipeline)
    assert digests(pipeline) == before
    assert not matched_before(pipeline.with_settings(sampling={"seed": 7}))
    change_resumes(pipeline, lambda rows: rows[:-1])
    assert not matched_before(pipeline)
    assert matched_before(pipeline)
    (pipeline.data / "processed/resume_job_pairs.parquet").unlink()
    assert not matched_before(pipeline)


def test_new_rules_clean_everything_again(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    normalised, _ = ingest(pipeline)
    for module in (known_texts_module, prepared_module):
        monkeypatch.setattr(module, "rules_version", lambda: "other rules")
    assert ingest(pipeline) == (normalised, 0)
    assert ingest(pipeline) == (0, 0)


def test_a_setting_that_normalises_nothing_reads_again_and_knows_the_texts(pipeline: Pipeline) -> None:
    normalised, _ = ingest(pipeline)
    assert ingest(pipeline.with_settings(data={"min_resume_chars": 300})) == (0, normalised)


def test_a_run_that_fails_leaves_what_was_known(pipeline: Pipeline) -> None:
    normalised, _ = ingest(pipeline)
    file = pipeline.settings.root / pipeline.settings.data.raw_folder / "resumes.csv"
    good = file.read_bytes()
    file.write_bytes(b"")
    assert not pipeline.ingest().success
    file.write_bytes(good + b"\n")
    assert ingest(pipeline) == (0, normalised)


TEXTS = pl.Series("t", ["one.Two three", None, "  a  b ", "", "one.Two three", "plain"])


def test_known_texts_normalise_as_the_rules_do(tmp_path: Path) -> None:
    done, repairs = normalise_rows(TEXTS)
    for _ in range(2):
        with known_texts(tmp_path / "known.parquet") as texts:
            for part in (TEXTS, TEXTS.reverse().head(2), TEXTS.clear()):
                again, bits = texts(part)
                assert again.name == "t"
                expected = normalise_rows(part)
                assert again.to_list() == expected[0].to_list()
                assert bits.to_list() == expected[1].to_list()
    assert (texts.normalised, texts.reused) == (0, 6)
    assert done.to_list()[:3] == ["one. Two three", None, "a b"]
    assert repairs.to_list()[1] == 0


def test_texts_that_are_gone_are_forgotten(tmp_path: Path) -> None:
    counts: list[Any] = []
    for column in (TEXTS, TEXTS.head(1), TEXTS):
        with known_texts(tmp_path / "known.parquet") as texts:
            texts(column)
        counts.append((texts.normalised, texts.reused))
    assert counts == [(4, 0), (0, 1), (3, 1)]


def test_a_damaged_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "known.parquet").write_bytes(b"PAR1 no more")
    with known_texts(tmp_path / "known.parquet") as texts:
        texts(TEXTS)
    assert (texts.normalised, texts.reused) == (4, 0)
