"""A Slack webhook on this machine: keeps what is posted, and answers as a test wants."""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LIMITS = {"header": 150, "mrkdwn": 3000, "field": 2000}


@dataclass
class Webhook:
    """`answers` are given in turn, then 200: a status, or one with seconds to wait; None hangs until the end."""

    url: str = ""
    posts: list[dict[str, Any]] = field(default_factory=list)
    answers: deque[int | tuple[int, str] | None] = field(default_factory=deque)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def texts(self) -> list[str]:
        return [post["text"] for post in self.posts]


@contextmanager
def listening_webhook() -> Iterator[Webhook]:
    webhook = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            webhook.posts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            answer = webhook.answers.popleft() if webhook.answers else 200
            if answer is None:
                webhook.over.wait()
                return
            status, wait = answer if isinstance(answer, tuple) else (answer, "")
            self.send_response(status)
            if wait:
                self.send_header("Retry-After", wait)
            self.end_headers()
            self.wfile.write(b"ok" if status == 200 else b"not_ok")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        webhook.url = f"http://127.0.0.1:{server.server_port}/services/T0/B0/hush"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield webhook
        finally:
            webhook.over.set()
            server.shutdown()
            thread.join()


def require_valid(post: dict[str, Any]) -> None:
    """Holds a post against the limits of Block Kit (https://docs.slack.dev/reference/block-kit/blocks)."""
    assert set(post) == {"text", "blocks"}
    assert 0 < len(post["text"]) <= 4000
    assert 0 < len(post["blocks"]) <= 50
    for block in post["blocks"]:
        assert block["type"] in ("header", "section")
        texts = block.get("fields", []) + ([block["text"]] if "text" in block else [])
        assert texts
        assert len(block.get("fields", [])) <= 10
        for text in texts:
            kind = "header" if block["type"] == "header" else "field" if "fields" in block else "mrkdwn"
            assert text["type"] == ("plain_text" if kind == "header" else "mrkdwn")
            assert 0 < len(text["text"]) <= LIMITS[kind]
