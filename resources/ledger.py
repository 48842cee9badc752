"""The ledger of requests to language models: what was asked, what came back, so that nothing is paid for twice.

One MongoDB document for each request, under a key that says everything that shapes the answer.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pymongo.collection import Collection

from resources.document_store import Document, clear_errors
from resources.language_model import Answer

COLLECTION = "generation_ledger"


def request_key(**parts: Any) -> str:
    """The key of a request: equal parts, equal key."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Answered:
    """An answer that is on disk, and when it came."""

    answer: Answer
    answered_at: dt.datetime


@dataclass(frozen=True)
class Ledger:
    """A request is sent, then answered or failed; one that stays `sent` was cut short, and nobody knows its answer."""

    collection: Collection[Document]

    def answered(self, keys: Sequence[str]) -> dict[str, Answered]:
        """The answers that are there already, by key."""
        with clear_errors():
            found = self.collection.find({"_id": {"$in": list(keys)}, "state": "answered"})
            return {entry["_id"]: Answered(Answer(**entry["answer"]), entry["answered_at"]) for entry in found}

    def cut_short(self, keys: Sequence[str]) -> int:
        """How many of these requests were sent and never came back, and so may be paid for a second time."""
        with clear_errors():
            return self.collection.count_documents({"_id": {"$in": list(keys)}, "state": "sent"})

    def sent(self, key: str, now: dt.datetime, **about: Any) -> None:
        """Note that the request goes out now; `about` says for people what it is."""
        with clear_errors():
            self.collection.update_one(
                {"_id": key},
                {"$set": {**about, "state": "sent", "sent_at": now}, "$inc": {"times_sent": 1}},
                upsert=True,
            )

    def save_answer(self, key: str, answer: Answer, now: dt.datetime) -> Answered:
        """Keep an answer, as the one that counts; earlier ones were paid for too, and stay in `all_answers`."""
        with clear_errors():
            self.collection.update_one(
                {"_id": key},
                {
                    "$set": {"state": "answered", "answer": asdict(answer), "answered_at": now},
                    "$addToSet": {"all_answers": asdict(answer)},
                },
            )
        return Answered(answer, now)

    def save_failure(self, key: str, reason: str, now: dt.datetime) -> None:
        """Keep why there is no usable answer; an unusable one that was paid for stays beside the reason."""
        with clear_errors():
            self.collection.update_one({"_id": key}, {"$set": {"state": "failed", "reason": reason, "failed_at": now}})
