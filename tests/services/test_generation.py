"""Asking the model over HTTP with the ledger over MongoDB's wire: each request once, whatever goes wrong in between."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from resources.document_store import DocumentStore
from resources.embedded import documents_service, is_running, running
from resources.errors import ServiceError
from resources.language_model import LanguageModel
from resources.ledger import COLLECTION, Answered, Ledger
from resume_assets.answering import OUTAGE
from resume_assets.arms import Arm
from resume_assets.generation import Outcome, Request, answer_all
from resume_assets.settings import Generation
from tailoring.answers import read_answer
from tailoring.prompts import parse_prompt, render_messages
from tests.conftest import free_port
from tests.model_server_fixture import RunningModelServer, running_model_server

DAY = "2026-07-23"


def requests(count: int, model: str = "extractive-1") -> list[Request]:
    prompt = parse_prompt("test", "# System\nWrite.\n# User\n{resume}\n{job_posting}\n")
    return [
        Request(
            key=f"{number:024x}",
            pair={"pair_id": f"pair-{number}"},
            arm=Arm("base", model, prompt, 1.0),
            messages=render_messages(
                prompt,
                f"Jane Doe {number}\nSummary\nPython developer with {number} years.\nSkills\nPython, SQL\nExperience\n"
                f"Developer, Acme, 2019 - 2021\n- Built {number} reports in Python for the sales team.\n",
                "Python Developer",
                "Acme",
                "We need Python and SQL.",
            ),
        )
        for number in range(count)
    ]


def ask(
    asked: list[Request], server: RunningModelServer, ledger: Ledger, settings: Generation, **options: Any
) -> Outcome[str]:
    def finish(_request: Request, answered: Answered) -> str:
        answer = answered.answer
        return read_answer(answer.text, answer.finish_reason, answer.refusal).headline

    return answer_all(
        asked,
        partition_date=DAY,
        settings=settings,
        model=LanguageModel(
            server.base_url, server.api_key or "", timeout=settings.timeout_seconds, max_retries=settings.max_retries
        ),
        ledger=ledger,
        finish=finish,
        **options,
    )


def states(ledger: Ledger) -> dict[str, int]:
    return {
        group["_id"]: group["count"]
        for group in ledger.collection.aggregate([{"$group": {"_id": "$state", "count": {"$sum": 1}}}])
    }


def test_each_request_is_asked_once_and_never_again(ledger: Ledger, generation: Generation) -> None:
    with running_model_server() as server:
        first = ask(requests(12), server, ledger, generation)
        again = ask(requests(12), server, ledger, generation)
        assert server.requests().total == 12
    assert (first.asked, first.reused, len(first.finished)) == (12, 0, 12)
    assert (again.asked, again.reused, len(again.finished)) == (0, 12, 12)
    assert again.finished == first.finished
    assert states(ledger) == {"answered": 12}


def test_only_what_is_missing_is_asked(ledger: Ledger, generation: Generation) -> None:
    with running_model_server() as server:
        ask(requests(3), server, ledger, generation)
        assert ask(requests(5), server, ledger, generation).asked == 2
        assert server.requests().total == 5


@pytest.mark.parametrize("fault", [{"kind": "server_error"}, {"kind": "rate_limit", "retry_after": 0}, {"kind": "cut"}])
def test_failures_that_pass_are_tried_again(ledger: Ledger, generation: Generation, fault: dict[str, Any]) -> None:
    with running_model_server({"each_pair": [fault]}) as server:
        outcome = ask(requests(3), server, ledger, generation)
        assert set(server.requests().pairs.values()) == {2}
    assert len(outcome.finished) == 3


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"kind": "malformed_json"}, "answer not JSON"),
        ({"kind": "finish_reason", "reason": "length"}, "cut off at the output limit"),
        ({"kind": "refusal"}, "refused by the model"),
        ({"kind": "empty"}, "empty answer"),
    ],
)
def test_an_answer_that_is_none_is_asked_once_more_and_then_recorded(
    ledger: Ledger, generation: Generation, fault: dict[str, Any], reason: str
) -> None:
    always = {"rates": [{"rate": 1, "fault": fault}]}
    with running_model_server(always) as server:
        outcome = ask(requests(2), server, ledger, generation)
        assert server.requests().total == 4
    assert outcome.reasons == {reason: 2}
    assert states(ledger) == {"failed": 2}
    assert all(entry["answer"] for entry in ledger.collection.find()), "what was paid for is kept"


def test_a_bad_answer_followed_by_a_good_one_is_a_success(ledger: Ledger, generation: Generation) -> None:
    with running_model_server({"script": [{"kind": "malformed_json"}] * 2}) as server:
        outcome = ask(requests(2), server, ledger, generation)
    assert len(outcome.finished) == 2
    assert states(ledger) == {"answered": 2}


def test_failed_requests_are_asked_again_by_the_next_run(ledger: Ledger, generation: Generation) -> None:
    with running_model_server({"each_pair": [{"kind": "refusal"}, {"kind": "refusal"}]}) as server:
        assert len(ask(requests(2), server, ledger, generation).failed) == 2
        assert len(ask(requests(2), server, ledger, generation).finished) == 2


def test_a_server_that_is_down_stops_the_day_before_anything_is_sent(ledger: Ledger, generation: Generation) -> None:
    with running_model_server() as server:
        pass
    with pytest.raises(ServiceError, match=r"No connection to the model at .*make up") as caught:
        ask(requests(3), server, ledger, generation.model_copy(update={"max_retries": 0}))
    assert caught.value.transient
    assert set(states(ledger)) <= {"planned"}


def test_an_outage_stops_the_day_soon_and_keeps_what_was_answered(ledger: Ledger, generation: Generation) -> None:
    settings = generation.model_copy(update={"max_retries": 0, "concurrency": 1})
    plan = {"script": [None, None, *[{"kind": "server_error"}] * 100]}
    with running_model_server(plan) as server:
        with pytest.raises(ServiceError, match="failed"):
            ask(requests(50), server, ledger, settings)
        assert server.requests().total == 2 + OUTAGE
    assert states(ledger) == {"answered": 2, "failed": OUTAGE, "planned": 50 - 2 - OUTAGE}


def test_a_wrong_key_is_told_at_once(ledger: Ledger, generation: Generation) -> None:
    with running_model_server(api_key="right") as server:
        wrong = RunningModelServer(server.base_url, "wrong", server.process)
        with pytest.raises(ServiceError, match=r"refused the key.*OPENAI_API_KEY") as caught:
            ask(requests(1), wrong, ledger, generation)
        assert not caught.value.transient
        assert server.requests().total == 0


def test_an_unknown_model_is_told_with_those_there_are(ledger: Ledger, generation: Generation) -> None:
    with running_model_server() as server, pytest.raises(ServiceError, match=r"no model 'gpt-none'.*extractive-1"):
        ask(requests(1, "gpt-none"), server, ledger, generation)


def test_a_slow_server_is_told(ledger: Ledger, generation: Generation) -> None:
    hurried = generation.model_copy(update={"timeout_seconds": 0.3, "max_retries": 0, "concurrency": 8})
    with (
        running_model_server({"rates": [{"rate": 1, "fault": {"kind": "hang"}}]}) as server,
        pytest.raises(ServiceError, match="did not answer in time"),
    ):
        ask(requests(8), server, ledger, hurried)


KILLED_RUN = """
import json, os, sys, signal
from pathlib import Path
from resources.document_store import DocumentStore
from resources.ledger import COLLECTION, Ledger
from tests.conftest import free_port
from tests.model_server_fixture import RunningModelServer
from tests.services.test_generation import ask, requests
from resume_assets.settings import Generation

uri, database, url, settings = json.loads(sys.argv[1])
ask(
    requests(40),
    RunningModelServer(url, None, None),
    Ledger(DocumentStore(uri, database).database[COLLECTION]),
    Generation.model_validate(settings),
    on_progress=lambda outcome: outcome.done == 15 and os.kill(os.getpid(), signal.SIGKILL),
)
"""


def test_a_killed_run_asks_again_only_for_what_was_in_flight(
    mongo_uri: str, ledger: Ledger, generation: Generation
) -> None:
    database = ledger.collection.database.name
    with running_model_server({"latency": {"seconds": 0.05}}) as server:
        arguments = json.dumps([mongo_uri, database, server.base_url, generation.model_dump()])
        killed = subprocess.run(
            [sys.executable, "-c", KILLED_RUN, arguments],
            cwd=Path(__file__).parents[2],
            env=os.environ,
            capture_output=True,
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
        after_kill = states(ledger)
        assert after_kill["answered"] >= 15

        outcome = ask(requests(40), server, ledger, generation)
        # The database may still have been at a write of the killed run when we looked.
        assert after_kill.get("sent", 0) <= outcome.cut_short_before <= generation.concurrency
        assert outcome.reused >= after_kill["answered"]
        assert outcome.asked == 40 - outcome.reused
        assert len(outcome.finished) == 40
        counted = server.requests()
    assert 40 <= counted.total <= 40 + outcome.cut_short_before
    assert max(counted.pairs.values()) <= 2
    assert states(ledger) == {"answered": 40}


def test_a_database_that_dies_in_mid_run_is_told_and_the_next_run_goes_on(
    tmp_path: Path, generation: Generation
) -> None:
    port = free_port()
    uri = f"mongodb://127.0.0.1:{port}/?directConnection=true"
    service = documents_service(tmp_path, port)

    def ledger() -> Ledger:
        return Ledger(DocumentStore(uri, "day", timeout_seconds=1).database[COLLECTION])

    def kill_at_five(outcome: Outcome[str]) -> None:
        if outcome.done == 5 and is_running(service):
            os.kill(json.loads(service.note.read_text())["pid"], signal.SIGKILL)

    with running_model_server({"latency": {"seconds": 0.05}}) as server:
        with running([service]), pytest.raises(ServiceError, match="MongoDB does not answer") as caught:
            ask(requests(30), server, ledger(), generation, on_progress=kill_at_five)
        assert caught.value.transient
        with running([service]):
            outcome = ask(requests(30), server, ledger(), generation)
            assert len(outcome.finished) == 30
            assert outcome.reused >= 5
        assert server.requests().total <= 30 + 2 * generation.concurrency


def test_a_model_that_dies_in_mid_run_is_told(ledger: Ledger, generation: Generation) -> None:
    settings = generation.model_copy(update={"max_retries": 0})
    with (
        running_model_server({"latency": {"seconds": 0.05}}) as server,
        pytest.raises(ServiceError, match="connection"),
    ):
        ask(
            requests(60),
            server,
            ledger,
            settings,
            on_progress=lambda outcome: outcome.done == 10 and server.process.kill(),
        )
    answered = states(ledger)["answered"]
    assert answered >= 10
    with running_model_server() as server:
        outcome = ask(requests(60), server, ledger, settings)
        assert (outcome.reused, len(outcome.finished)) == (answered, 60)
        assert server.requests().total == 60 - answered
