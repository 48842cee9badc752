"""Kills at random moments, seeded: of the client, the database, the model; in the end each pair has one answer."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from resources.document_store import DocumentStore
from resources.embedded import documents_service, running
from resources.ledger import COLLECTION, Ledger
from resume_assets.settings import Settings
from tailoring.extractive import tailor
from tailoring.prompts import extract_inputs
from tests.conftest import free_port

PAIRS, CONCURRENCY, SECONDS = 40, 4, 0.05

CLIENT = """
import json, sys
from resources.document_store import DocumentStore
from resources.errors import ServiceError
from resources.language_model import LanguageModel
from resources.ledger import COLLECTION, Ledger
from resume_assets.generation import answer_all
from resume_assets.settings import Generation
from tailoring.answers import read_answer
from tests.services.test_generation import requests

uri, url, settings, pairs = json.loads(sys.argv[1])
store = DocumentStore(uri, "chaos", timeout_seconds=0.5)
kept = store.database["documents"]
answer_all(
    requests(pairs),
    partition_date="2026-07-23",
    settings=Generation.model_validate(settings),
    model=LanguageModel(url, timeout=5, max_retries=1),
    ledger=Ledger(store.database[COLLECTION]),
    finish=lambda request, answered: read_answer(answered.answer.text).headline,
    keep=lambda request, headline: kept.replace_one(
        {"_id": request.pair_id}, {"_id": request.pair_id, "headline": headline}, upsert=True
    ),
    on_progress=lambda outcome: print(outcome.done, flush=True),
)
"""


class Provider:
    """A model that can be killed and started again at its address; it counts what came, whatever befell it."""

    def __init__(self) -> None:
        self.port = free_port()
        self.asked: Counter[str] = Counter()
        self.alive = False

    def start(self) -> None:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.reply({"object": "list", "data": [{"id": "extractive-1", "object": "model"}]})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                inputs = extract_inputs(body["messages"])
                provider.asked["\n".join(inputs.resume_lines)] += 1
                time.sleep(SECONDS)
                content = tailor(inputs.resume_lines, inputs.posting).model_dump_json()
                message = {"role": "assistant", "content": content}
                self.reply({"model": "extractive-1", "choices": [{"finish_reason": "stop", "message": message}]})

            def reply(self, content: object) -> None:
                if not provider.alive:
                    self.close_connection = True
                    return
                data = json.dumps(content).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self.alive = True
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def kill(self) -> None:
        self.alive = False
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    made.start()
    yield made
    if made.alive:
        made.kill()


def test_every_pair_has_one_answer_in_the_end_whatever_is_killed(
    tmp_path: Path, project: Callable[..., Settings], provider: Provider
) -> None:
    chance = random.Random(20261123)
    settings = project().generation.model_copy(update={"concurrency": CONCURRENCY, "max_failed_share": 1.0})
    port = free_port()
    uri = f"mongodb://127.0.0.1:{port}/?directConnection=true"
    service = documents_service(tmp_path, port)
    url = f"http://127.0.0.1:{provider.port}/v1"
    arguments = json.dumps([uri, url, settings.model_dump(), PAIRS])
    kills: Counter[str] = Counter()

    def run(victim: str | None, after: int) -> int:
        """One run of the client, and a kill after so many of its results; returns its exit status."""
        with running([service]):
            client = subprocess.Popen(
                [sys.executable, "-c", CLIENT, arguments], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE
            )
            assert client.stdout
            for seen, _ in enumerate(client.stdout, start=1):
                if seen == after and victim:
                    kills[victim] += 1
                    if victim == "client":
                        client.kill()
                    elif victim == "database":
                        os.kill(json.loads(service.note.read_text())["pid"], signal.SIGKILL)
                    else:
                        provider.kill()
            status = client.wait()
        if not provider.alive:
            provider.start()
        return status

    victims = ["client", "database", "provider", "client"]
    chance.shuffle(victims)
    for victim in victims:
        # What an earlier run answered is told again at once, so that the kill comes among fresh requests or before.
        run(victim, after=chance.randrange(1, PAIRS // 2))
    assert run(None, 0) == 0
    with running([service]):
        store = DocumentStore(uri, "chaos", timeout_seconds=5)
        assert store.database["documents"].count_documents({}) == PAIRS
        ledger = Ledger(store.database[COLLECTION])
        assert ledger.collection.count_documents({"state": "answered"}) == PAIRS
        assert len(ledger.with_answer([entry["_id"] for entry in ledger.collection.find({}, {"_id": 1})])) == PAIRS
        store.database.client.close()
    assert kills.total() >= 3
    assert len(provider.asked) == PAIRS
    assert provider.asked.total() <= PAIRS + kills.total() * CONCURRENCY
