"""A model that makes things up, over HTTP: told once what is unsupported, and what it insists on never leaves."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from model_server.app import create_app
from model_server.chat_request import ChatRequest
from model_server.extractive import extractive_1
from model_server.registry import Model, Registry
from resources.language_model import LanguageModel
from resources.ledger import COLLECTION
from tailoring.resume import TailoredResume
from tests.assets.conftest import PAIRS, Pipeline, figures, why
from tests.conftest import free_port

NAME = "july-23-resumes"
INVENTED = "Certified Zeppelin Pilot"


@contextmanager
def served(answer: Callable[[ChatRequest], str]) -> Iterator[str]:
    """The address of a server whose `extractive-1` answers so."""
    port = free_port()
    app = create_app(Registry([Model("extractive-1", 0, "test", answer)]))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.should_exit = True
        thread.join()


def lying(request: ChatRequest) -> str:
    """What the honest model answers, and a certificate that nobody has."""
    honest = TailoredResume.model_validate_json(extractive_1().answer(request))
    invented = [{"text": INVENTED, "source_lines": [1]}]
    lie = honest.model_dump() | {"certifications": invented, "skills": [*honest.skills, "Kubernetes Zeppelins"]}
    return TailoredResume.model_validate(lie).model_dump_json()


def is_second_ask(request: ChatRequest) -> bool:
    return request.messages[-2].role == "assistant" and "do not support" in request.messages[-1].text


def test_a_model_is_told_once_and_the_better_answer_is_kept(ingested: Pipeline) -> None:
    asked: Counter[bool] = Counter()

    def repents(request: ChatRequest) -> str:
        asked[is_second_ask(request)] += 1
        return extractive_1().answer(request) if is_second_ask(request) else lying(request)

    with served(repents) as url:
        ingested.resources["language_model"] = LanguageModel(url, max_retries=0)
        result = ingested.generate()
        assert result.success, why(result)
        assert asked == {False: PAIRS, True: PAIRS}
        assert figures(ingested.generate(), "generated_resumes")["requests_sent"] == 0
    assert figures(result, "generated_resumes")["corrections"] == 0
    assert all(INVENTED not in document["generated_resume"] for document in ingested.collection(NAME))
    entries = ingested.documents.database[COLLECTION].find()
    assert [len(entry["asks"]) for entry in entries] == [2] * PAIRS, "both answers were paid for and are kept"


def test_what_a_model_insists_on_is_taken_out_and_counted(ingested: Pipeline) -> None:
    with served(lying) as url:
        ingested.resources["language_model"] = LanguageModel(url, max_retries=0)
        result = ingested.generate()
    assert result.success, why(result)
    told = figures(result, "generated_resumes")
    assert told["requests_sent"] == 2 * PAIRS
    assert told["corrections"] >= PAIRS
    assert told["truthful_share"] == 1.0
    for document in ingested.collection(NAME):
        assert INVENTED not in document["generated_resume"]
        assert "Zeppelin" not in document["tailored"]


def test_a_second_answer_that_is_worse_or_none_leaves_the_first(ingested: Pipeline) -> None:
    def gives_up(request: ChatRequest) -> str:
        return "I would rather not." if is_second_ask(request) else lying(request)

    with served(gives_up) as url:
        ingested.resources["language_model"] = LanguageModel(url, max_retries=0)
        result = ingested.generate()
        assert result.success, why(result)
        assert figures(result, "generated_resumes")["failed"] == 0
        again = ingested.generate()
    assert figures(again, "generated_resumes")["requests_sent"] == 0
    assert len(ingested.collection(NAME)) == PAIRS
