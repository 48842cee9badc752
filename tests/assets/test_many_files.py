"""Resumes and postings in many objects: each a partition, prepared alone, by whoever comes first, and joined."""

import csv
import gzip
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
import dagster as dg
import polars as pl
import pytest

from resources.object_store import FolderStore, ObjectStore
from resume_assets.definitions import build_defs, build_resources
from resume_assets.prepared import PreparedTables
from resume_assets.settings import PROJECT_ROOT, Settings
from schedules.jobs import all_jobs
from schedules.sensors import raw_objects_changed
from tailoring.cleaning import POSTING_COLUMNS, POSTING_REQUIRED, RESUME_COLUMNS, RESUME_REQUIRED
from tailoring.tables import read_table
from tests.assets.conftest import PAIRS, Pipeline, figures, why

RAW, PROCESSED = "many-raw", "many-raw-processed"
RESUMES, POSTINGS = "resumes/*.csv*", "postings/*.csv"
TABLES = ("cleaned_resumes", "rejected_resumes", "cleaned_job_postings", "rejected_job_postings", "resume_job_pairs")


def rows_of(name: str) -> list[list[str]]:
    """The header and the sound rows of a file of the sample data."""
    columns, required = {
        "resumes.csv": (RESUME_COLUMNS, RESUME_REQUIRED),
        "postings.csv": (POSTING_COLUMNS, POSTING_REQUIRED),
    }[name]
    frame = read_table(PROJECT_ROOT / "config/sample_data" / name, columns, required).frame.select(columns)
    return [list(columns), *([value or "" for value in row] for row in frame.iter_rows())]


def as_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def third(name: str, part: int) -> bytes:
    header, *rows = rows_of(name)
    return as_csv([header, *rows[part * len(rows) // 3 : (part + 1) * len(rows) // 3]])


@dataclass
class ManyFiles:
    """The sample data in three objects of each kind, and what can be done to them."""

    pipeline: Pipeline
    store: ObjectStore
    scratch: Path

    def put(self, key: str, content: bytes) -> None:
        self.scratch.write_bytes(content)
        self.store.upload(self.scratch, key)

    def prepare(self, kind: str, key: str) -> dg.ExecuteInProcessResult:
        return self.pipeline.run(f"prepare_{kind}", key)

    def ingest(self) -> dg.ExecuteInProcessResult:
        result = self.pipeline.ingest()
        assert result.success, why(result)
        assert all(check.passed for check in result.get_asset_check_evaluations())
        return result

    def partitions(self, kind: str) -> list[str]:
        return sorted(self.pipeline.instance.get_dynamic_partitions(f"{kind}_files"))

    def table(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.pipeline.data / f"processed/{name}.parquet")

    def digests(self) -> dict[str, str]:
        files = {name: self.pipeline.data / f"processed/{name}.csv" for name in TABLES}
        return {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()}

    def elsewhere(self) -> "ManyFiles":
        """The same stores and the same Dagster, from another machine: with a data folder of its own."""
        data = self.pipeline.settings.data.model_copy(update={"folder": Path("data-elsewhere")})
        settings = self.pipeline.settings.model_copy(update={"data": data})
        return replace(self, pipeline=replace(self.pipeline, settings=settings))

    def filled(self) -> "ManyFiles":
        for part, name in enumerate(("b", "a", "c")):
            self.put(f"resumes/{name}.csv", third("resumes.csv", part))
            self.put(f"postings/{name}.csv", third("postings.csv", part))
        return self


def patterns(config: dict[str, Any]) -> None:
    config["pairing"]["pairs_per_day"] = PAIRS
    config["data"] |= {"resumes_object": RESUMES, "postings_object": POSTINGS, "raw_folder": "raw"}


@pytest.fixture
def in_folder(pipeline: Pipeline, project: Callable[..., Settings], tmp_path: Path) -> ManyFiles:
    pipeline.settings = project(patterns)
    return ManyFiles(pipeline, FolderStore(pipeline.settings.root / "raw"), tmp_path / "scratch").filled()


@pytest.fixture
def in_s3(pipeline: Pipeline, project: Callable[..., Settings], tmp_path: Path, s3: str) -> ManyFiles:
    client = boto3.client(
        "s3", endpoint_url=s3, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
    for bucket in (RAW, PROCESSED):
        client.create_bucket(Bucket=bucket)
    pipeline.settings = project(
        patterns,
        S3_BUCKET=RAW,
        AWS_ENDPOINT_URL=s3,
        AWS_REGION="us-east-1",
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
    )
    store: ObjectStore = build_resources(pipeline.settings)["raw_objects"]
    return ManyFiles(pipeline, store, tmp_path / "scratch").filled()


@pytest.fixture(params=["folder", "s3"])
def many(request: pytest.FixtureRequest) -> ManyFiles:
    made: ManyFiles = request.getfixturevalue(f"in_{request.param}")
    return made


def test_one_run_does_everything_and_shows_each_object_as_a_partition(many: ManyFiles) -> None:
    result = many.ingest()
    keys = ["resumes/a.csv", "resumes/b.csv", "resumes/c.csv"]
    assert many.partitions("resume") == keys
    assert many.pipeline.instance.get_materialized_partitions(dg.AssetKey("prepared_resumes")) == set(keys)
    assert figures(result, "raw_resumes")["objects"] == 3
    assert figures(result, "cleaned_resumes")["objects_prepared"] == 3
    for table, rejected in (("cleaned_resumes", "rejected_resumes"), ("cleaned_job_postings", "rejected_job_postings")):
        kept, set_aside = many.table(table), many.table(rejected)
        files = pl.concat([each.select("source_file", "source_row") for each in (kept, set_aside)])
        assert len(files) == len(files.unique())
        assert files["source_file"].n_unique() == 3
        assert kept["source_file"].is_sorted()
    checked = {
        (check.partition, check.passed)
        for check in result.get_asset_check_evaluations()
        if check.asset_key == dg.AssetKey("prepared_resumes")
    }
    assert checked == {(key, True) for key in keys}


def test_what_a_run_for_an_object_has_prepared_is_only_joined(in_s3: ManyFiles) -> None:
    """Also on another machine, which has nothing but the stores."""
    in_s3.pipeline.instance.add_dynamic_partitions("resume_files", ["resumes/a.csv", "resumes/b.csv"])
    elsewhere = in_s3.elsewhere()
    for _ in range(2):
        result = elsewhere.prepare("resumes", "resumes/b.csv")
        assert result.success, why(result)
        (check,) = result.get_asset_check_evaluations()
        assert check.passed
        assert check.metadata["rows_in"].value == len(rows_of("resumes.csv")[1:]) // 3
    assert not figures(result, "prepared_resumes")["made_now"], "the second run found the table of the first"
    joined = in_s3.ingest()
    assert figures(joined, "cleaned_resumes")["objects_prepared"] == 2
    assert not (in_s3.pipeline.data / "input/resumes/b.csv").exists(), "nobody needed the object here"
    prepared_apart = in_s3.digests()
    assert elsewhere.ingest()
    assert elsewhere.digests() == prepared_apart


def test_the_first_file_in_order_of_name_keeps_what_two_have(in_folder: ManyFiles) -> None:
    header, first, *_ = rows_of("resumes.csv")
    again = first.copy()
    again[header.index("Text")] = first[header.index("Text")].replace(" ", "  ")
    in_folder.put("resumes/a0.csv", as_csv([header, again]))
    in_folder.ingest()
    (kept,) = in_folder.table("cleaned_resumes").filter(pl.col("source_file") == "resumes/a0.csv").to_dicts()
    copies = in_folder.table("rejected_resumes").filter(pl.col("detail") == "the same as row 1 of resumes/a0.csv")
    assert kept["source_row"] == 1
    assert set(copies["reason"]) == {"duplicate"}
    assert ("resumes/b.csv", 1) in copies.select("source_file", "source_row").rows()


def test_added_changed_and_removed_objects_give_what_a_run_from_nothing_gives(many: ManyFiles) -> None:
    many.ingest()
    header, *rows = rows_of("resumes.csv")
    many.put("resumes/d.csv.gz", gzip.compress(as_csv([header, *rows[:7], ["A new resume of a baker. " * 20]])))
    many.put("resumes/a.csv", as_csv([header, *rows[60:40:-1]]))
    many.store.remove("resumes/c.csv")
    result = many.ingest()
    assert [figures(result, "raw_resumes")[name] for name in ("objects", "new", "gone")] == [3, 2, 1]
    assert figures(result, "cleaned_resumes")["objects_prepared"] == 2
    assert figures(result, "cleaned_postings")["objects_prepared"] == 0
    assert many.partitions("resume") == ["resumes/a.csv", "resumes/b.csv", "resumes/d.csv.gz"]
    left = [path for path in many.pipeline.data.rglob("*") if path.is_file() and "resumes/c.csv" in str(path)]
    assert not left, "what is gone from the store is gone from here"
    incremental = many.digests()
    from_nothing = many.elsewhere()
    if isinstance(many.store, FolderStore):  # without S3, another data folder knows nothing
        assert figures(from_nothing.ingest(), "cleaned_resumes")["objects_prepared"] == 3
    else:
        assert figures(from_nothing.ingest(), "cleaned_resumes")["objects_prepared"] == 0
    assert from_nothing.digests() == incremental


def test_the_order_of_the_listing_decides_nothing(in_folder: ManyFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    in_folder.ingest()
    before = in_folder.digests()
    matching = FolderStore.matching
    monkeypatch.setattr(FolderStore, "matching", lambda self, at: dict(reversed(matching(self, at).items())))
    elsewhere = in_folder.elsewhere()
    elsewhere.ingest()
    assert elsewhere.digests() == before


def test_the_same_rows_in_one_object_give_the_same_tables(in_folder: ManyFiles) -> None:
    in_folder.ingest()
    tables = ("cleaned_resumes", "cleaned_job_postings")
    apart = {name: in_folder.table(name).drop("source_file", "source_row") for name in tables}
    for kind in ("resumes", "postings"):
        files = [in_folder.store.address(f"{kind}/{name}.csv") for name in "abc"]
        parts = [list(csv.reader(io.StringIO(Path(file).read_bytes().decode(), newline=""))) for file in files]
        in_folder.put(f"{kind}/a.csv", as_csv([parts[0][0], *(row for part in parts for row in part[1:])]))
        for name in "bc":
            in_folder.store.remove(f"{kind}/{name}.csv")
    in_folder.ingest()
    for name in tables:
        assert in_folder.table(name).drop("source_file", "source_row").equals(apart[name])


def test_a_damaged_row_is_told_with_its_file(in_folder: ManyFiles) -> None:
    in_folder.put("resumes/bad.csv", b"Text\n" + b'"Broken "resume"" of somebody\n' + b"Sound " * 50 + b"\n")
    in_folder.ingest()
    rejects = in_folder.table("rejected_resumes").filter(pl.col("source_file") == "resumes/bad.csv")
    assert rejects.select("source_row", "reason").rows() == [(1, "text_after_quote")]


def test_damaged_files_among_good_ones_are_all_told_and_the_good_ones_are_kept(in_folder: ManyFiles) -> None:
    in_folder.put("resumes/e.csv.gz", gzip.compress(third("resumes.csv", 0))[:-100])
    in_folder.put("resumes/f.csv", b"Words\nnothing\n")
    result = in_folder.pipeline.ingest()
    assert not result.success
    assert "resumes/e.csv.gz: e.csv.gz is damaged or cut as a gzip archive" in why(result)
    assert "resumes/f.csv: f.csv has no column 'Text'" in why(result)
    assert not (in_folder.pipeline.data / "processed/cleaned_resumes.csv").exists()
    for name in ("e.csv.gz", "f.csv"):
        in_folder.store.remove(f"resumes/{name}")
    mended = in_folder.ingest()
    assert figures(mended, "cleaned_resumes")["objects_prepared"] == 0
    assert len(in_folder.pipeline.instance.get_materialized_partitions(dg.AssetKey("prepared_resumes"))) == 3


def test_a_pattern_that_matches_nothing_is_told(many: ManyFiles) -> None:
    result = many.pipeline.with_settings(data={"resumes_object": "2026/*.csv"}).ingest()
    assert not result.success
    assert f"No object matches {many.store.address('2026/*.csv')}" in why(result)


def test_an_object_that_changes_while_it_is_read_is_not_taken_for_what_it_was(
    in_folder: ManyFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    download = FolderStore.download

    def changing(self: FolderStore, key: str, target: Path) -> None:
        download(self, key, target)
        if key == "resumes/a.csv":
            (self.folder / key).write_bytes(third("resumes.csv", 2))

    monkeypatch.setattr(FolderStore, "download", changing)
    result = in_folder.pipeline.ingest()
    assert not result.success
    assert "resumes/a.csv changed while it was read" in why(result)


def test_other_rules_prepare_anew_and_keep_no_older_table(in_folder: ManyFiles) -> None:
    in_folder.ingest()
    folder = in_folder.pipeline.data / "processed/prepared/resumes/a.csv"
    before = set(folder.iterdir())
    changed = replace(in_folder, pipeline=in_folder.pipeline.with_settings(data={"min_resume_chars": 400}))
    assert figures(changed.ingest(), "cleaned_resumes")["objects_prepared"] == 3
    assert len(before) == len(set(folder.iterdir())) == 2
    assert not before & set(folder.iterdir())


def test_a_key_that_points_out_of_the_folder_stays_inside(tmp_path: Path) -> None:
    tables = PreparedTables(tmp_path / "data", None)
    for key in ("../../x.csv", "/x.csv", "a/../../../x.csv"):
        assert tables._folder(key).resolve().is_relative_to(tmp_path / "data/processed/prepared")


# The sensor


@dataclass
class Watch:
    """The sensor as the daemon evaluates it; the runs that it asks for are done at once."""

    many: ManyFiles
    cursor: str | None = None

    def tick(self) -> list[tuple[str | None, str | None]]:
        everything = build_resources(self.many.pipeline.settings)
        resources = {name: everything[name] for name in ("settings", "raw_objects")}
        definitions = build_defs(self.many.pipeline.settings, self.many.pipeline.resources)
        sensor = raw_objects_changed(all_jobs())
        instance = self.many.pipeline.instance
        with dg.SensorEvaluationContext(  # as the daemon makes it: `build_sensor_context` resolves no dynamic partition
            instance_ref=instance.get_ref() if instance.is_persistent else None,
            instance=instance,
            cursor=self.cursor,
            repository_def=definitions.get_repository_def(),
            resources=resources,
        ) as context:
            told = sensor.evaluate_tick(context)
        self.cursor = told.cursor or self.cursor
        for request in told.dynamic_partitions_requests or []:
            instance.add_dynamic_partitions(request.partitions_def_name, list(request.partition_keys))
        return [(request.job_name, request.partition_key) for request in told.run_requests or []]


def test_few_new_changed_or_removed_objects_get_one_run(many: ManyFiles) -> None:
    watch = Watch(many)
    assert watch.tick() == [("ingest", None)]
    assert many.partitions("resume") == ["resumes/a.csv", "resumes/b.csv", "resumes/c.csv"]
    assert watch.tick() == []
    many.put("resumes/a.csv", third("resumes.csv", 2))
    assert watch.tick() == [("ingest", None)]
    many.store.remove("postings/a.csv")
    assert watch.tick() == [("ingest", None)]
    many.put("postings/a.csv", third("postings.csv", 1))
    assert watch.tick() == [("ingest", None)]
    assert watch.tick() == []


def test_many_new_objects_get_a_run_each_and_are_joined_when_those_have_ended(
    in_folder: ManyFiles, tmp_path: Path
) -> None:
    (tmp_path / "dagster").mkdir()  # requests are not resolved with the partitions of an ephemeral instance
    instance = dg.DagsterInstance.local_temp(str(tmp_path / "dagster"))
    few = replace(in_folder.pipeline.with_settings(data={"objects_in_one_run": 4}), instance=instance)
    watch = Watch(replace(in_folder, pipeline=few))
    asked = watch.tick()
    assert sorted(asked) == sorted(
        (f"prepare_{kind}", f"{kind}/{name}.csv") for kind in ("resumes", "postings") for name in "abc"
    )
    in_folder.put("resumes/d.csv", third("resumes.csv", 2))
    assert watch.tick() == [("prepare_resumes", "resumes/d.csv")], "the others have their runs"
    job = build_defs(few.settings, few.resources).resolve_job_def("prepare_resumes")
    waiting = few.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    assert watch.tick() == []
    few.instance.report_run_canceled(waiting)
    assert watch.tick() == [("ingest", None)]
    assert watch.tick() == []


def test_the_sensor_waits_while_there_is_nothing(many: ManyFiles) -> None:
    for name in "abc":
        many.store.remove(f"resumes/{name}.csv")
    assert Watch(many).tick() == []
