"""How far a day is, is told: its figures when it is over, labelling that is late while it goes on."""

import datetime as dt
import json
from dataclasses import replace

import dagster as dg
import pytest

from resources.document_store import DocumentStore
from resources.notifier import QUIET
from resume_assets.definitions import build_defs
from resume_assets.partitions import collection_name
from schedules.alerts import tell_of_late_labels
from tests.assets.alerts.watching import Watch, telling
from tests.assets.conftest import DAY, Pipeline
from tests.assets.test_labelled import document
from tests.conftest import free_port


def with_documents(watch: Watch, day: str, total: int, labelled: int) -> None:
    now = dt.datetime.now(dt.UTC)
    watch.notifier.documents.database[collection_name(day)].insert_many(
        {"_id": f"{day}/{n}", "id": str(n), "partition_date": day, "labelled_at": now if n < labelled else None}
        for n in range(total)
    )


def test_day_in_figures_is_told_once_when_its_report_is_made(watch: Watch) -> None:
    job = telling(
        "daily_report", documents=219, labelled=193, mean_score=81.25, truthful_share=0.951, volunteers=6, page="x.html"
    )
    watch.run(job)
    (text,) = watch.tick()
    assert text.startswith(f"The day in figures: {DAY}")
    for figure in ("Labelled: 193 of 219 (88%)", "Mean score: 81.2", "Truthful: 95%", "Volunteers: 6"):
        assert figure in text
    watch.run(job)
    watch.clock.ahead = QUIET
    assert watch.tick() == []


def test_the_real_report_has_the_figures_that_are_told(beside: Watch, pipeline: Pipeline) -> None:
    unlabelled = dict.fromkeys(("score", "truthfulness", "didBy", "labelled_at"))
    labels = [{"score": 80, "truthfulness": False}, {"score": 81}, unlabelled, unlabelled]
    pipeline.documents.database[collection_name(DAY)].insert_many(
        document(number, **fields) for number, fields in enumerate(labels)
    )
    report_day = build_defs(pipeline.settings, pipeline.resources).resolve_job_def("report_day")
    assert report_day.execute_in_process(
        instance=pipeline.instance, partition_key=DAY, asset_selection=[dg.AssetKey("daily_report")]
    ).success
    (text,) = beside.tick()
    for figure in ("Labelled: 2 of 4 (50%)", "Mean score: 80.5", "Truthful: 50%", "Volunteers: 1", "Report: "):
        assert figure in text


EVENING = dt.datetime(2026, 7, 24, 3, 5, tzinfo=dt.UTC)  # 20:05 of the 23rd in US/Pacific


def test_labelling_behind_schedule_is_told_once_in_the_evening(watch: Watch) -> None:
    with_documents(watch, DAY, total=10, labelled=4)
    watch.clock.at = EVENING - dt.timedelta(minutes=10)
    assert watch.tick(tell_of_late_labels) == []
    watch.clock.at = EVENING
    (text,) = watch.tick(tell_of_late_labels)
    assert "Labelling is behind schedule" in text
    assert "4 of 10 documents are labelled" in text
    assert f":{watch.settings.services.label_port}|Open the label page>" in json.dumps(watch.webhook.posts)
    watch.clock.at = EVENING + 2 * QUIET
    assert watch.tick(tell_of_late_labels) == []
    assert replace(watch, cursors={}).tick(tell_of_late_labels) == []


@pytest.mark.parametrize(("total", "labelled"), [(10, 9), (10, 10), (0, 0)])
def test_labelling_on_schedule_is_silent(watch: Watch, total: int, labelled: int) -> None:
    if total:
        with_documents(watch, DAY, total, labelled)
    watch.clock.at = EVENING
    assert watch.tick(tell_of_late_labels) == []


def test_evening_without_a_database_is_looked_at_again(watch: Watch) -> None:
    with_documents(watch, DAY, total=10, labelled=4)
    watch.clock.at = EVENING
    alive = watch.notifier
    gone = DocumentStore(f"mongodb://127.0.0.1:{free_port()}/?directConnection=true", "test", timeout_seconds=0.1)
    watch.notifier = replace(alive, documents=gone)
    assert watch.tick(tell_of_late_labels) == []
    watch.notifier = alive
    assert len(watch.tick(tell_of_late_labels)) == 1
