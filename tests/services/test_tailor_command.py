"""`resume-assets tailor` as a job seeker meets it: any format in and out, clear errors, and no lie unseen."""

import datetime as dt
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from resources.champions import Champions, Reign
from resources.document_store import DocumentStore
from resume_assets.settings import CONFIG_VARIABLE, Settings
from tailoring.documents import read_document
from tailoring.rendering import FORMATS
from tailoring.resume import Role, Statement, TailoredResume
from tests.conftest import free_port
from tests.model_server_fixture import running_model_server

RESUME = """Jane Doe
Data Analyst
jane@example.com | +1 555 010 0199 | Austin, TX
SUMMARY
Data analyst with six years in public transport, at home in timetables and ticket sales.
SKILLS
Python, SQL, Excel, Power BI, welding
EXPERIENCE
Data Analyst | Lone Star Transit | Austin, TX | January 2019 - Present
- Built 12 Power BI reports on delays that 40 planners read each day
- Cut the time to refresh the reports from 5 hours to 20 minutes with Python and SQL
- Organised the summer party
EDUCATION
BSc Statistics | University of Texas | 2014 - 2018
LANGUAGES
English (native), Spanish (basic)
"""
POSTING = """Senior Data Analyst
We run the buses of a city and look for an analyst who knows why they are late.
Requirements: SQL, Python and Terraform, 3+ years of experience, a bachelor's degree in statistics.
Nice to have: Kubernetes.
"""


def run(
    *arguments: str | Path, settings: Settings, stdin: str = "", **environ: str
) -> subprocess.CompletedProcess[str]:
    config = {CONFIG_VARIABLE: str(settings.config_file), "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-m", "resume_assets", "tailor", *map(str, arguments)],
        env=os.environ | config | environ,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def seeker(project: Callable[..., Settings]) -> Settings:
    """A fresh machine: nothing runs, no documents, no key."""

    def change(config: dict[str, Any]) -> None:
        config["services"] = {name: free_port() for name in config["services"]}

    return project(change)


@pytest.fixture
def resume(tmp_path: Path) -> Path:
    file = tmp_path / "resume.txt"
    file.write_text(RESUME)
    return file


@pytest.fixture
def posting(tmp_path: Path) -> Path:
    file = tmp_path / "posting.txt"
    file.write_text(POSTING)
    return file


def test_a_newcomer_gets_every_format_and_a_report(
    seeker: Settings, resume: Path, posting: Path, tmp_path: Path
) -> None:
    files = [tmp_path / f"out.{suffix}" for suffix in FORMATS]
    told = run(resume, posting, *(part for file in files for part in ("-o", file)), settings=seeker)
    assert told.returncode == 0, told.stderr
    for words in ("ATS score", "Fit", "Python", "Terraform", "Kubernetes", "Every claim is in your own resume", "free"):
        assert words in told.stdout
    required, preferred = (told.stdout.index(f"Missing, {kind}") for kind in ("required", "preferred"))
    assert required < told.stdout.index("Terraform") < preferred < told.stdout.index("Kubernetes")
    for file in files:
        if file.suffix != ".tex":
            text = read_document(file).text
            assert "Built 12 Power BI reports" in text
            assert "Spanish (basic)" in text
    assert not list((seeker.data_folder / "services").glob("*.json"))  # nothing is left running
    assert not (seeker.data_folder / "services/documents").exists()  # and no database was made for it

    before = files[0].read_bytes()
    again = run(resume, posting, "-o", files[0], settings=seeker)
    assert again.returncode == 1
    assert "--force" in again.stderr
    assert files[0].read_bytes() == before
    of_json = run(files[-1], "-", "-o", files[0], "--force", "--json", settings=seeker, stdin=POSTING)
    assert of_json.returncode == 0, of_json.stderr
    report = json.loads(of_json.stdout)
    assert report["truth"]["truthful"]
    assert report["ats"]["after"]["total"] > 50
    assert report["fit"]["after"]["missing_required"] == ["Terraform"]
    assert report["files"] == [str(files[0])]


def nobody() -> str:
    """The address of a model that does not answer."""
    return f"http://127.0.0.1:{free_port()}/v1"


def test_a_dry_run_shows_the_prompt_and_sends_nothing(seeker: Settings, resume: Path, posting: Path) -> None:
    told = run(resume, posting, "--dry-run", settings=seeker, OPENAI_BASE_URL=nobody())
    assert told.returncode == 0, told.stderr
    for words in ("system", "1| Jane Doe", "buses of a city", "Nothing was sent", "tokens", "costs nothing"):
        assert words in told.stdout


def test_the_standing_champion_is_asked(seeker: Settings, resume: Path, posting: Path, mongo_uri: str) -> None:
    tuned = "ft:extractive-1:resume-assets:test:0123abcd"
    reign = Reign(tuned, "2026-01-01", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "better", "test")
    Champions(DocumentStore(mongo_uri, "seeker", timeout_seconds=5)).crown(reign, "one")
    told = run(resume, posting, "--dry-run", "--json", settings=seeker, MONGO_URI=mongo_uri, MONGO_DB_NAME="seeker")
    assert told.returncode == 0, told.stderr
    asked = json.loads(told.stdout)
    assert (asked["model"], asked["most_usd"]) == (tuned, 0)
    assert asked["prompt_tokens"] > 200


def test_a_model_that_does_not_answer_is_told(seeker: Settings, resume: Path, posting: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.pdf"
    down = nobody()
    told = run(resume, posting, "-o", target, settings=seeker, OPENAI_BASE_URL=down)
    assert told.returncode == 1
    assert down in " ".join(told.stderr.split())
    assert "Traceback" not in told.stderr
    assert not target.exists()


def test_failures_that_may_pass_are_tried_again_and_others_told(
    seeker: Settings, resume: Path, posting: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.txt"
    with running_model_server(
        {"script": [{"kind": "rate_limit", "retry_after": 0}, {"kind": "malformed_json"}]}
    ) as server:
        told = run(resume, posting, "-o", target, settings=seeker, OPENAI_BASE_URL=server.base_url)
        assert server.requests().total == 3
    assert told.returncode == 0, told.stderr
    assert "Built 12 Power BI reports" in target.read_text()
    with running_model_server({"script": [{"kind": "refusal"}] * 2}) as server:
        told = run(resume, posting, "-o", target, "--force", settings=seeker, OPENAI_BASE_URL=server.base_url)
    assert told.returncode == 1
    assert "refused" in told.stderr
    assert "Built 12 Power BI reports" in target.read_text()


def said(*texts: str) -> list[Statement]:
    return [Statement(text=text, source_lines=[10]) for text in texts]


LIES = TailoredResume(
    headline="Data Analyst",
    summary=[],
    skills=["Python", "Terraform"],
    experience=[
        Role(
            title="Data Analyst",
            employer="Lone Star Transit",
            location="Austin, TX",
            dates="January 2019 - Present",
            bullets=said("Built 12 Power BI reports on delays that 40 planners read each day"),
        ),
        Role(title="Astronaut", employer="NASA", location="", dates="2010 - 2012", bullets=said("Walked on the moon")),
    ],
    education=[],
    certifications=said("AWS Certified Solutions Architect"),
    projects=[],
    languages=said("Mandarin (fluent)"),
)


class _Liar(BaseHTTPRequestHandler):
    """OpenAI's protocol, as far as it goes, from a model that makes things up."""

    def do_GET(self) -> None:
        self._answer(
            {"object": "list", "data": [{"id": "extractive-1", "object": "model", "created": 0, "owned_by": "x"}]}
        )

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append(self.path)
        if len(self.asked) > self.answers:
            self._answer({"error": {"message": "no more", "type": "invalid_request_error"}}, status=400)
            return
        message = {"role": "assistant", "content": LIES.model_dump_json()}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        usage = {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}
        self._answer(
            {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice], "usage": usage}
        )

    def _answer(self, body: dict[str, Any], status: int = 200) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def lying_model(answers: int = 100) -> Iterator[str]:
    """A model that makes things up, and refuses requests after so many answers."""
    handler = type("Liar", (_Liar,), {"answers": answers, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def test_what_a_model_makes_up_is_taken_out_and_named(
    seeker: Settings, resume: Path, posting: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.txt"
    with lying_model() as address:
        told = run(resume, posting, "-o", target, settings=seeker, OPENAI_BASE_URL=address)
    assert told.returncode == 0, told.stderr
    made_up = told.stdout[told.stdout.index("The model made these up") :]
    for lie in ("NASA", "AWS Certified", "Mandarin"):
        assert lie in made_up
        assert lie not in target.read_text()
    assert not {"Terraform", "moon"} & set(target.read_text().split())
    assert "Built 12 Power BI reports" in target.read_text()


def test_an_answer_that_was_paid_for_is_used_although_no_better_one_can_be_had(
    seeker: Settings, resume: Path, posting: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.txt"
    with lying_model(answers=1) as address:
        told = run(resume, posting, "-o", target, settings=seeker, OPENAI_BASE_URL=address)
    assert told.returncode == 0, told.stderr
    assert "Built 12 Power BI reports" in target.read_text()


def test_a_price_that_nobody_knows_stops_before_anything_is_sent(seeker: Settings, resume: Path, posting: Path) -> None:
    file = seeker.config_file
    file.write_text(file.read_text().replace("model: extractive-1", "model: mystery-1"))
    told = run(resume, posting, settings=seeker, OPENAI_BASE_URL=nobody())
    assert told.returncode == 1
    assert "price of mystery-1 is not known" in " ".join(told.stderr.split())
