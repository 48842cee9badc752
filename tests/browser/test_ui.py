"""`make up` as an operator meets it: the UI shows the graph and its tables, and Ctrl-C leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from resume_assets.settings import CONFIG_VARIABLE, Settings
from tests.conftest import free_port

DAY = "2026-07-23"
SECONDS = 1000
COMMAND = (sys.executable, "-m", "resume_assets")


def environment(settings: Settings) -> dict[str, str]:
    return os.environ | {CONFIG_VARIABLE: str(settings.config_file)}


@pytest.fixture
def shown(project: Callable[..., Settings]) -> Settings:
    """A project of its own, with a small day in it."""

    def change(config: dict[str, Any]) -> None:
        config["pairing"]["pairs_per_day"] = 60  # enough to learn from
        config["services"] = {name: free_port() for name in config["services"]}

    settings = project(change)
    subprocess.run([*COMMAND, "demo", "--day", DAY], env=environment(settings), check=True, stdout=subprocess.DEVNULL)
    return settings


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def up(shown: Settings) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*COMMAND, "up"],
        env=environment(shown),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    for line in process.stdout:
        if "Serving dagster-webserver on" in line:
            break
    else:
        pytest.fail("the UI ended before it served anything")
    while process.poll() is None and not answers(shown.services.ui_port):  # it says so a moment before it does
        pass
    yield process
    if process.poll() is None:
        process.terminate()
        process.wait()
    process.stdout.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page(viewport={"width": 1400, "height": 900})
    opened.set_default_timeout(60 * SECONDS)
    yield opened
    opened.close()


def test_the_operator_sees_the_graph_and_an_asset_and_stops_it_all(
    up: subprocess.Popen[str], shown: Settings, page: Page, artifacts: Path
) -> None:
    home = f"http://127.0.0.1:{shown.services.ui_port}"
    page.goto(f"{home}/assets/daily_collection?view=lineage&lineageScope=upstream&lineageDepth=5")
    for asset in ("raw_resumes", "cleaned_postings", "resume_job_pairs", "generated_resumes"):
        expect(page.get_by_text(asset).first).to_be_visible(timeout=60 * SECONDS)
    page.screenshot(path=artifacts / "lineage.png")

    page.goto(f"{home}/assets/cleaned_resumes?view=overview")
    expect(page.get_by_text("Hash of the normalised text").first).to_be_visible(timeout=60 * SECONDS)
    page.screenshot(path=artifacts / "cleaned_resumes.png")

    page.goto(f"{home}/assets/cleaned_resumes?view=checks")
    for check in ("matches_schema", "every_row_accounted_for"):
        expect(page.get_by_text(check).first).to_be_visible(timeout=60 * SECONDS)

    page.goto(f"{home}/assets/generated_resumes?view=partitions")
    expect(page.get_by_text(DAY).first).to_be_visible(timeout=60 * SECONDS)
    page.screenshot(path=artifacts / "generated_resumes.png")

    page.goto(f"{home}/assets/model_evaluation?view=partitions&partition={DAY}")
    expect(page.get_by_text("better_than_champion").first).to_be_visible(timeout=60 * SECONDS)
    page.screenshot(path=artifacts / "model_evaluation.png")

    page.goto(f"{home}/assets/model_evaluation?view=checks")
    expect(page.get_by_text("fit_to_reign").first).to_be_visible(timeout=60 * SECONDS)

    page.goto(f"{home}/assets/daily_report?view=overview")
    expect(page.get_by_text("mean_score").first).to_be_visible(timeout=60 * SECONDS)
    page.get_by_text("Plots").first.click()
    page.screenshot(path=artifacts / "daily_report.png")

    page.goto(f"{home}/automation")
    for automation in ("learn_at_midnight", "days_due", "label_progress", "tell_of_runs"):
        expect(page.get_by_text(automation).first).to_be_visible(timeout=60 * SECONDS)

    page.goto(f"http://127.0.0.1:{shown.services.label_port}/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=60 * SECONDS)

    everything = psutil.Process(up.pid).children(recursive=True)
    up.send_signal(signal.SIGINT)
    assert up.wait(60) == 0
    _, alive = psutil.wait_procs(everything, timeout=20)
    assert not alive, [each.cmdline() for each in alive]
    assert not list((shown.data_folder / "services").glob("*.json"))
