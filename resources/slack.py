"""Where messages go: a Slack webhook, or a file beside the pipeline where there is none."""

import json
import logging
import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

SECONDS = 3  # of one read or write
DEADLINE = 5.0  # seconds of one post, looking up the name and slow answers included
OWN_FAULT = 400  # Slack will not take this message, now or later


@dataclass(frozen=True)
class Answer:
    """What came of a post: taken; or not, why, whether the post itself is at fault, and how long to wait if it said."""

    taken: bool
    why: str = ""
    hopeless: bool = False
    retry_after: float | None = None


class Channel(Protocol):
    """Something that takes posts. `name` says to people where they go."""

    @property
    def name(self) -> str: ...

    def post(self, body: Mapping[str, Any]) -> Answer:
        """Hand over one post. Never raises, and answers within seconds."""
        ...


@dataclass(frozen=True)
class SlackWebhook:
    """An incoming webhook of Slack. Its address is a secret."""

    url: str = field(repr=False)
    name: str = "Slack"

    def post(self, body: Mapping[str, Any]) -> Answer:
        answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        # Time-outs of sockets cover neither the look-up of a name nor an answer that trickles.
        threading.Thread(target=lambda: answers.put(self._posted(body)), daemon=True).start()
        try:
            return answers.get(timeout=DEADLINE)
        except queue.Empty:
            return Answer(taken=False, why=f"no answer in {DEADLINE:g} s")

    def _posted(self, body: Mapping[str, Any]) -> Answer:
        from slack_sdk.webhook import WebhookClient

        # Its own logger would write the address; its own retries would wait.
        silent = logging.getLogger(f"{__name__}.silent")
        silent.setLevel(logging.CRITICAL + 1)
        client = WebhookClient(self.url, timeout=SECONDS, logger=silent, retry_handlers=[])
        try:
            answer = client.send_dict(dict(body))
        except Exception as error:  # noqa: BLE001  whatever goes wrong there: an alert must not break what it is about
            return Answer(taken=False, why=type(getattr(error, "reason", None) or error).__name__)
        if 200 <= answer.status_code < 300:
            return Answer(taken=True)
        return Answer(
            taken=False,
            why=f"status {answer.status_code} {answer.body[:80]}".strip(),
            hopeless=answer.status_code == OWN_FAULT,
            retry_after=_seconds(answer.headers.get("Retry-After")),
        )


@dataclass(frozen=True)
class OutboxFile:
    """A file that gets a line of JSON for each post."""

    path: Path

    @property
    def name(self) -> str:
        return str(self.path)

    def post(self, body: Mapping[str, Any]) -> Answer:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(body, ensure_ascii=False) + "\n")
        except OSError as error:
            return Answer(taken=False, why=f"{self.path} cannot be written: {error.strerror}")
        return Answer(taken=True)


def _seconds(header: str | None) -> float | None:
    """What a Retry-After header says; Slack gives whole seconds."""
    try:
        return max(0.0, float(header)) if header else None
    except ValueError:
        return None
