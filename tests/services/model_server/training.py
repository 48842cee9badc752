"""Fine-tuning jobs for the tests: examples to learn from, their upload, and what becomes of a job."""

import json
import time
from collections.abc import Sequence
from typing import Any

import openai
from openai.types.fine_tuning import FineTuningJob

from tailoring.extractive import tailor
from tailoring.prompts import render_messages
from tailoring.relevance import Weights
from tests.services.model_server.calls import PROMPT

WAIT_SECONDS = 30.0
ENDED = ("succeeded", "failed", "cancelled")
RESUME = """\
Mara Lindqvist
mara.lindqvist@example.org | Portland, OR
PROFESSIONAL EXPERIENCE
Data Engineer, Harbour Analytics, Portland, OR
March 2020 - Present
• Built 12 nightly Python pipelines that load 40 million rows into Snowflake
• Organised the yearly office party with the team from the harbour
• Cut the cost of the warehouse by 30% by partitioning its largest tables
• Helped colleagues with questions about the tools of the company
• Trained 8 analysts in SQL and the basics of modelling
• Attended the meetings of the department and wrote their minutes
Junior Developer, Fjord Software, Seattle, WA
June 2017 - February 2020
• Wrote 25 REST services in Java and tested them with JUnit
• Talked to customers about their wishes for the next release
• Raised the coverage of the tests from 40% to 85%
• Kept the wiki of the group in good order
EDUCATION
Bachelor of Science in Computer Science, Oregon State University, 2017
SKILLS
Python, SQL, Java, Snowflake, Airflow
"""
POSTINGS = [f"Data engineer for team {number}: Python, SQL, Snowflake pipelines." for number in range(12)]


def tailoring_messages(posting: str = POSTINGS[0]) -> list[Any]:
    return render_messages(PROMPT, RESUME, "Data Engineer", "Acme", posting)


def answer(posting: str, weights: Weights) -> str:
    """What a model of these weights writes for the test's resume."""
    return tailor(RESUME.splitlines(), posting, weights).model_dump_json()


def told(content: str) -> dict[str, str]:
    return {"role": "assistant", "content": content}


BASE = "extractive-1"
PLENTY, COUNTED = Weights(bias=4.0), Weights(bias=-14.0, number=20.0)  # keeps everything; only what counts something


def supervised(postings: Sequence[str] = POSTINGS) -> list[dict[str, Any]]:
    """Examples that keep only what counts something."""
    return [{"messages": [*tailoring_messages(posting=one), told(answer(one, COUNTED))]} for one in postings]


def preferences(postings: Sequence[str] = POSTINGS) -> list[dict[str, Any]]:
    """Pairs in which that is preferred to keeping everything."""
    return [
        {
            "input": {"messages": tailoring_messages(posting=one)},
            "preferred_output": [told(answer(one, COUNTED))],
            "non_preferred_output": [told(answer(one, PLENTY))],
        }
        for one in postings
    ]


def upload(client: openai.OpenAI, examples: Sequence[Any]) -> str:
    content = "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in examples)
    return client.files.create(file=("training.jsonl", content.encode()), purpose="fine-tune").id


def submit(client: openai.OpenAI, examples: Sequence[Any] | None = None, **options: Any) -> FineTuningJob:
    training_file = options.pop("training_file", None) or upload(client, supervised() if examples is None else examples)
    created: FineTuningJob = client.fine_tuning.jobs.create(
        **({"model": BASE, "training_file": training_file} | options)
    )
    return created


def until(client: openai.OpenAI, job_id: str, *statuses: str) -> FineTuningJob:
    """The job once it has one of these statuses."""
    deadline = time.monotonic() + WAIT_SECONDS
    while (job := client.fine_tuning.jobs.retrieve(job_id)).status not in statuses:
        assert time.monotonic() < deadline, f"the job is {job.status}: {job.error}"
        assert job.status not in ENDED, f"the job is {job.status}: {job.error}"
        time.sleep(0.02)
    return job


def tuned_name(job: FineTuningJob) -> str:
    assert job.fine_tuned_model is not None
    return job.fine_tuned_model


def dpo(**hyperparameters: Any) -> dict[str, Any]:
    return {"type": "dpo", "dpo": {"hyperparameters": hyperparameters}}
