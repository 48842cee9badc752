"""The code location: loads in a fresh interpreter with nothing set, and holds what it should."""

import subprocess
import sys
from collections.abc import Callable

import dagster as dg
import pytest

from resume_assets.definitions import build_defs
from resume_assets.settings import PROJECT_ROOT, Settings

ASSETS = {
    "raw_resumes": "raw",
    "raw_postings": "raw",
    "prepared_resumes": "prepared",
    "prepared_postings": "prepared",
    "cleaned_resumes": "cleaned",
    "rejected_resumes": "cleaned",
    "cleaned_postings": "cleaned",
    "rejected_postings": "cleaned",
    "resume_job_pairs": "pairs",
    "generated_resumes": "daily",
    "daily_collection": "daily",
    "labelled_resumes": "daily",
    "training_examples": "learning",
    "fine_tuning_job": "learning",
    "fine_tuned_model": "learning",
    "model_evaluation": "learning",
    "champion_model": "learning",
    "judge_calibration": "judges",
    "daily_report": "reports",
}
TABLES = {name for name, group in ASSETS.items() if group in ("cleaned", "pairs")} | {
    "generated_resumes",
    "labelled_resumes",
}


@pytest.fixture
def definitions(project: Callable[..., Settings]) -> dg.Definitions:
    return build_defs(project())


def test_definitions_load_in_a_fresh_interpreter_with_an_empty_environment() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "from resume_assets.definitions import defs; defs().resolve_all_asset_keys()"],
        cwd=PROJECT_ROOT,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert loaded.returncode == 0, loaded.stderr
    assert "ERROR" not in loaded.stderr


def test_the_assets_are_these_and_in_these_groups(definitions: dg.Definitions) -> None:
    specs = {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}
    assert {name: spec.group_name for name, spec in specs.items()} == ASSETS


def test_every_asset_says_what_it_is(definitions: dg.Definitions) -> None:
    for spec in definitions.resolve_all_asset_specs():
        assert spec.description, spec.key
        assert spec.owners, spec.key
        assert spec.kinds, spec.key
        assert spec.code_version, spec.key


def test_every_table_shows_described_columns(definitions: dg.Definitions) -> None:
    for spec in definitions.resolve_all_asset_specs():
        if spec.key.to_user_string() in TABLES:
            schema = spec.metadata["dagster/column_schema"]
            assert isinstance(schema, dg.TableSchema), spec.key
            assert all(column.description for column in schema.columns), spec.key


def test_the_jobs_cover_the_graph(definitions: dg.Definitions) -> None:
    covered = {
        key.to_user_string()
        for job in ("ingest", "prepare_resumes", "prepare_postings", "generate_day", "learn_day", "report_day")
        for key in definitions.resolve_job_def(job).asset_layer.executable_asset_keys
    }
    assert covered == set(ASSETS)


def test_generation_waits_for_blocking_checks(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("ingest")
    graph = job.asset_layer.asset_graph
    blocking = {
        (key.asset_key.to_user_string(), key.name)
        for key in graph.asset_check_keys
        if graph.get_check_spec(key).blocking
    }
    assert {
        (name, "matches_schema") for name in ("cleaned_resumes", "cleaned_postings", "resume_job_pairs")
    } <= blocking
    assert ("cleaned_resumes", "every_row_accounted_for") in blocking


def test_no_secret_is_part_of_the_definitions(project: Callable[..., Settings]) -> None:
    definitions = build_defs(
        project(
            MONGO_URI="mongodb://u:hush@h/",
            OPENAI_API_KEY="hush",
            OPENAI_BASE_URL="http://127.0.0.1:9/v1",
            AWS_SECRET_ACCESS_KEY="hush",
        )
    )
    for name, resource in definitions.resources.items():
        assert "hush" not in repr(resource), name
