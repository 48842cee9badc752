"""The night as one command, as a scheduler without Dagster's daemon runs it."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from resume_assets.settings import Settings
from tests.conftest import free_port


@pytest.fixture
def small(project: Callable[..., Settings]) -> Settings:
    def few(config: dict[str, Any]) -> None:
        config["pairing"]["pairs_per_day"] = 8
        for service in ("documents_port", "model_port", "ui_port", "label_port"):
            config["services"][service] = free_port()

    return project(few)


def night(settings: Settings, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "resume_assets", "night", "--config", str(settings.config_file), *options],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_night_on_a_fresh_machine_ends_with_the_new_days_collection_and_tells_the_team(small: Settings) -> None:
    ran = night(small, "--day", "2026-07-23")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "generate_day 2026-07-24" in ran.stdout
    assert "Trains nothing: too few labels." in ran.stdout
    assert "without gating" not in ran.stderr
    assert (small.data_folder / "output/reports/2026-07-23.html").is_file()
    outbox = (small.data_folder / "outbox/alerts.jsonl").read_text()
    assert "raw" in outbox.lower()
    again = night(small, "--day", "2026-07-23")
    assert again.returncode == 0
    assert (small.data_folder / "outbox/alerts.jsonl").read_text() == outbox  # nothing is told twice


def test_night_whose_raw_data_is_missing_says_so_and_does_not_exit_0(small: Settings) -> None:
    (small.root / small.data.raw_folder / small.data.resumes_object).unlink()
    ran = night(small, "--day", "2026-07-23")
    assert ran.returncode == 1
    assert "There is no" in ran.stdout
    assert "Failed: ingest" in ran.stderr
