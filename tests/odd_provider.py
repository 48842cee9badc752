"""A server over HTTP that answers as a test says: for providers that are not like OpenAI."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.model_server_fixture import RunningModelServer

Reply = tuple[int, Any]
"""Status and content."""
OK = 200


@dataclass
class Provider:
    """Answers as `reply` says, given a request's body and its number from 0."""

    reply: Callable[[dict[str, Any], int], Reply]
    models: Reply = (OK, {"object": "list", "data": [{"id": "extractive-1", "object": "model"}]})
    headers: Mapping[str, str] = field(default_factory=dict)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def serving(provider: Provider) -> Iterator[RunningModelServer]:
    """The provider on a free port; a server that no process stands behind."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with provider.lock:
                provider.bodies.append(body)
                number = len(provider.bodies) - 1
            self.answer(provider.reply(body, number))

        def do_GET(self) -> None:
            self.answer(provider.models)

        def answer(self, reply: Reply) -> None:
            data = json.dumps(reply[1]).encode()
            self.send_response(reply[0])
            for name, value in {"Content-Type": "application/json", **provider.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield RunningModelServer(f"http://127.0.0.1:{server.server_address[1]}/v1", None, None)  # type: ignore[arg-type]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
