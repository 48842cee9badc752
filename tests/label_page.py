"""Documents and volunteers for tests of the label page, and the page as a running server."""

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from labelling.app import create_app, utc_now
from resources.document_store import DocumentStore
from resume_assets.partitions import collection_name
from resume_assets.schemas import DAY_VALIDATOR
from resume_assets.settings import Settings
from tailoring.extractive import tailor
from tailoring.lines import source_lines
from tailoring.parsing import parse_resume
from tailoring.rendering import to_text
from tailoring.resume import Statement, TailoredResume
from tailoring.truthfulness import check
from tests.conftest import free_port

DAY = "2026-07-23"
NOON = dt.datetime(2026, 7, 23, 19, tzinfo=dt.UTC)  # in Los Angeles

RESUME = """Marta Oliveira
Lisbon, Portugal | marta.oliveira@example.org | +351 910 000 000

SUMMARY
Data engineer who builds pipelines that people can trust. Seven years in logistics and energy.

SKILLS
Python, SQL, Airflow, dbt, PostgreSQL, Kafka, Docker, Terraform, Grafana

EXPERIENCE
Senior Data Engineer, Atlantic Freight, Lisbon, January 2021 - Present
- Built 14 Airflow pipelines that load shipment events into PostgreSQL every five minutes.
- Cut the nightly batch from 6 hours to 50 minutes by partitioning the event tables.
- Wrote data tests in dbt for 120 models; they stop a bad load before a report shows it.
- Trained four analysts to write their own models.
- Organised the office's running group.
Data Engineer, Energia Viva, Porto, March 2018 - December 2020
- Moved meter readings of 80,000 households from CSV files to Kafka topics.
- Kept Grafana dashboards for the operations team.
- Answered the second-level support phone one week in four.

EDUCATION
BSc Computer Science, University of Porto, 2017

CERTIFICATIONS
AWS Certified Data Engineer, 2023
"""

POSTING = """We look for a data engineer who owns our event platform.

You will
- design and run Airflow and dbt pipelines on PostgreSQL,
- bring events from Kafka to analysts within minutes,
- set up data tests and dashboards.

You bring five years with Python and SQL, and a habit of measuring before changing.
"""

SURNAMES = ("Oliveira", "Almeida", "Barbosa", "Cardoso", "Duarte", "Esteves", "Figueira", "Gouveia")
INVENTED = "Led a team of 40 engineers at Google and doubled revenue."


def document(
    number: int, day: str = DAY, resume: str = RESUME, posting: str = POSTING, lie: bool = False
) -> dict[str, Any]:
    """A day's document as the pipeline stores it; with `lie`, its first job claims what the source does not say."""
    source = resume.replace("Oliveira", SURNAMES[number % len(SURNAMES)], 1)
    tailored = tailor(source_lines(source), posting)
    if lie:
        tailored = _with_lie(tailored)
    text = to_text(tailored, parse_resume(source).contact.contact)
    truth = check(source, text, posting)
    pair = f"{number:016x}-{number:016x}"
    return {
        "_id": f"{day}/{pair}",
        "id": pair,
        "partition_date": day,
        "generation_id": f"generation-{number}",
        "resume_text": source,
        "job_title": "Data Engineer, Event Platform",
        "company_name": "Northwind Parcels",
        "job_descriptions": posting,
        "generated_resume": text,
        "tailored": tailored.model_dump_json(),
        "prompt": "prompt",
        "prompt_version": "v1",
        "model": "extractive-1",
        "arm": "base",
        "unsupported_claims": [
            {
                "text": claim.text,
                "kind": claim.kind.value,
                "why": claim.why,
                "start": claim.start,
                "end": claim.end,
                "nearest_source_line": claim.nearest,
            }
            for claim in truth.unsupported
        ],
        "truthful": truth.truthful,
        "ats_prescore": 81.5,
        "job_fit": 66.0,
        "claiming": False,
        "claimed_until": None,
        "didBy": None,
        "labelled_at": None,
    }


def _with_lie(resume: TailoredResume) -> TailoredResume:
    first, *others = resume.experience
    bullets = [first.bullets[0], Statement(text=INVENTED, source_lines=[1]), *first.bullets[1:]]
    return resume.model_copy(update={"experience": [first.model_copy(update={"bullets": bullets}), *others]})


def publish(store: DocumentStore, documents: list[dict[str, Any]], day: str = DAY) -> None:
    """The documents as a day's collection, and in `Resumes`."""
    store.publish_day(collection_name(day), day, documents, validator=DAY_VALIDATOR, now=NOON)
    store.update_latest(documents)


@contextmanager
def serving(settings: Settings, now: Callable[[], dt.datetime] = utc_now) -> Iterator[str]:
    """The page as a server on a free port; yields its address."""
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings, now), host="127.0.0.1", port=port, log_level="warning", access_log=False)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the label page ended at its start")
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
