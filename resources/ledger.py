"""The ledger of requests to language models: what was asked, what came back, what it cost: nothing is paid for twice.

One MongoDB document for each request, under a key that says everything that shapes the answer. Its state goes from
`planned` to `sent`, then `answered` or `failed`, and from `answered` to `rendered` when its document is stored. One
that stays `sent` was cut short, and nobody knows its answer, unless it names the batch that it went out in. Every ask
stays in `asks`, with its answer and its price.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from pymongo import ASCENDING, UpdateOne
from pymongo.collection import Collection

from resources.document_store import Document, batches, clear_errors
from resources.language_model import Answer
from resources.leases import is_gone

COLLECTION = "generation_ledger"
LEASE = dt.timedelta(seconds=60)
ANSWERED = ("answered", "rendered")
# One that was sent again for a better answer has one, too.
HAS_ANSWER: Document = {"answer": {"$exists": True}, "state": {"$ne": "failed"}}


def request_key(**parts: Any) -> str:
    """The key of a request: equal parts, equal key."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Answered:
    """An answer that is on disk, when it came and what it cost; None where nobody knows its price."""

    answer: Answer
    answered_at: dt.datetime
    usd: float | None = 0.0


class Standing(StrEnum):
    """What a run that wants to send a request is told."""

    GRANTED = "granted"  # send it
    CUT_SHORT = "cut short"  # send it; it was sent before by a run that ended before the answer came
    HELD = "held"  # another run is at it, or it is in a batch at the provider
    ANSWERED = "answered"  # by another run, in the meantime
    FAILED = "failed"  # by another run, since this one started


@dataclass(frozen=True)
class Claim:
    """The answer to `Ledger.claim`; `answered` and `reason` are what another run made of the request."""

    standing: Standing
    answered: Answered | None = None
    reason: str = ""

    @property
    def may_send(self) -> bool:
        return self.standing in (Standing.GRANTED, Standing.CUT_SHORT)


@dataclass(frozen=True)
class Spent:
    """What was asked for a day with a model in an arm. Nobody knows what `unpriced` asks cost; `lost` had no answer."""

    partition_date: str
    model: str
    arm: str
    requests: int
    asks: int
    failed: int
    lost: int
    unpriced: int
    prompt_tokens: int
    completion_tokens: int
    usd: float


@dataclass(frozen=True)
class Ledger:
    """The requests of all days. `run` is who writes; every method raises ServiceError where the database cannot."""

    collection: Collection[Document]
    run: str = ""
    started: dt.datetime = field(default=dt.datetime.max.replace(tzinfo=dt.UTC))

    def prepare(self) -> None:
        with clear_errors():
            self.collection.create_index([("asked_at", ASCENDING)])

    def plan(self, requests: Mapping[str, Mapping[str, Any]], now: dt.datetime) -> dict[str, Answered]:
        """Note what will be asked: by key, what it is about. Returns the answers that are there already."""
        with clear_errors():
            known = {
                entry["_id"]: entry
                for entry in self.collection.find({"_id": {"$in": list(requests)}}, {"asks": 0, "all_answers": 0})
            }
            fresh = [
                UpdateOne({"_id": key}, {"$setOnInsert": {**about, "state": "planned", "planned_at": now}}, upsert=True)
                for key, about in requests.items()
                if key not in known
            ]
            if fresh:
                self.collection.bulk_write(fresh, ordered=False)
        return {key: _answered(entry) for key, entry in known.items() if _has_answer(entry)}

    def with_answer(self, keys: Sequence[str]) -> set[str]:
        """Those of the keys that have an answer already."""
        with clear_errors():
            return {
                entry["_id"]
                for some in batches(keys)
                for entry in self.collection.find({"_id": {"$in": some}, **HAS_ANSWER}, {"_id": 1})
            }

    def claim(self, key: str, now: dt.datetime, *, again: bool = False, batch: str | None = None) -> Claim:
        """Take a planned request for this run and note that it goes out now, unless another run has it.

        With `again`, an answer that is there already is no reason not to: it does not do. With a batch's name, nobody
        may send it until the batch has answered it or let it go, however long that takes.
        """
        with clear_errors():
            if self._take({"_id": key, "state": "planned"}, now, batch):
                return Claim(Standing.GRANTED)
            while True:
                entry = self.collection.find_one({"_id": key}, {"asks": 0})
                if entry is None:
                    raise ValueError(f"request {key} was not planned")
                if refusal := self._refusal(entry, now, again):
                    return refusal
                seen = {name: entry.get(name) for name in ("_id", "state", "run", "times_sent")}
                if self._take(seen, now, batch):
                    cut_short = entry["state"] == "sent" and entry.get("run") != self.run
                    return Claim(Standing.CUT_SHORT if cut_short else Standing.GRANTED)

    def _take(self, seen: Document, now: dt.datetime, batch: str | None) -> bool:
        """Make an entry ours, if it still is as it was seen.

        A filter of equal values only: the embedded database looks through all entries for `$or`, and for
        `find_one_and_update` whatever the filter.
        """
        taken = self.collection.update_one(
            seen,
            {
                "$set": {
                    "state": "sent",
                    "sent_at": now,
                    "run": self.run,
                    "lease_until": now + LEASE,
                    "batch": batch,
                },
                "$inc": {"times_sent": 1},
            },
        )
        return bool(taken.matched_count)

    def _refusal(self, entry: Document, now: dt.datetime, again: bool) -> Claim | None:
        """Why this run may not send a request; None when it may."""
        run, lease = entry.get("run"), entry.get("lease_until")
        if entry["state"] in ANSWERED and not again:
            return Claim(Standing.ANSWERED, answered=_answered(entry))
        if entry["state"] == "sent" and entry.get("batch"):
            return Claim(Standing.HELD)
        if run == self.run:
            return None
        if entry["state"] == "failed" and entry["failed_at"] >= self.started:
            return Claim(Standing.FAILED, reason=entry["reason"])
        if lease and lease > now and not is_gone(run or ""):
            return Claim(Standing.HELD)
        return None

    def renew(self, keys: Sequence[str], now: dt.datetime) -> None:
        """Hold what is on its way for longer."""
        self._update(keys, {"run": self.run, "state": "sent"}, {"lease_until": now + LEASE})

    def release(self, keys: Sequence[str], batch: str | None = None) -> None:
        """Note that these were not answered, and will not be, by this batch or this run: nobody is at them."""
        holder = {"batch": batch} if batch else {"batch": None, "run": self.run}
        self._update(keys, {"state": "sent", **holder}, {"state": "planned", "lease_until": None, "batch": None})

    def about(self, keys: Sequence[str]) -> list[Document]:
        """What the entries of these keys are about."""
        with clear_errors():
            return [
                entry
                for some in batches(keys)
                for entry in self.collection.find({"_id": {"$in": some}}, {"model": 1, "arm": 1, "state": 1})
            ]

    def save_answer(self, key: str, answer: Answer, usd: float | None, now: dt.datetime, batch: str = "") -> Answered:
        """Keep an answer, as the one that counts. The same row of the same batch is kept once, however often it is
        told; so is the same answer, where the database took it and could not say so.
        """
        ask = {"at": now, "usd": usd, "batch": batch, "answer": asdict(answer)}
        with clear_errors():
            self.collection.update_one(
                {"_id": key, **({"asks.batch": {"$ne": batch}} if batch else {"asks.at": {"$ne": now}})},
                {
                    "$set": {
                        "state": "answered",
                        "answer": asdict(answer),
                        "answered_at": now,
                        "usd": usd,
                        "asked_at": now,
                    },
                    "$push": {"asks": ask},
                },
            )
        return Answered(answer, now, usd)

    def choose(self, key: str, answered: Answered) -> None:
        """Make an earlier answer the one that counts."""
        with clear_errors():
            self.collection.update_one(
                {"_id": key},
                {
                    "$set": {
                        "state": "answered",
                        "answer": asdict(answered.answer),
                        "answered_at": answered.answered_at,
                        "usd": answered.usd,
                        "lease_until": None,
                    }
                },
            )

    def save_failure(self, key: str, reason: str, now: dt.datetime) -> None:
        """Keep why there is no usable answer; unusable ones that were paid for stay in `asks`."""
        with clear_errors():
            self.collection.update_one(
                {"_id": key},
                {
                    "$set": {
                        "state": "failed",
                        "reason": reason,
                        "failed_at": now,
                        "run": self.run,
                        "lease_until": None,
                    }
                },
            )

    def rendered(self, keys: Sequence[str], now: dt.datetime) -> None:
        """Note that the documents of these requests are stored."""
        self._update(keys, HAS_ANSWER, {"state": "rendered", "rendered_at": now})

    def _update(self, keys: Sequence[str], which: Document, change: Document) -> None:
        """Change those of these entries that are so."""
        with clear_errors():
            for some in batches(keys):
                self.collection.update_many({"_id": {"$in": some}, **which}, {"$set": change})

    def spent_since(self, since: dt.datetime) -> float:
        """US dollars of all asks answered since then, whatever day they are for."""
        with clear_errors():
            entries = self.collection.find({"asked_at": {"$gte": since}}, {"asks.at": 1, "asks.usd": 1})
            return sum(ask["usd"] or 0 for entry in entries for ask in entry["asks"] if ask["at"] >= since)

    def spending(self) -> list[Spent]:
        """All that was ever spent, by day, model and arm; failed and repeated asks included."""
        groups: dict[tuple[str, str, str], list[Document]] = {}
        with clear_errors():
            for entry in self.collection.find({"times_sent": {"$gte": 1}}, _FOR_SPENDING):
                about = (entry["partition_date"], entry["model"], entry.get("arm", ""))
                groups.setdefault(about, []).append(entry)
        return [_sum(*about, entries) for about, entries in sorted(groups.items())]


_FOR_SPENDING = {
    "partition_date": 1,
    "model": 1,
    "arm": 1,
    "state": 1,
    "times_sent": 1,
    "asks.usd": 1,
    "asks.answer.prompt_tokens": 1,
    "asks.answer.completion_tokens": 1,
}


def _sum(partition_date: str, model: str, arm: str, entries: Sequence[Document]) -> Spent:
    asks = [ask for entry in entries for ask in entry.get("asks", [])]
    return Spent(
        partition_date=partition_date,
        model=model,
        arm=arm,
        requests=len(entries),
        asks=sum(entry["times_sent"] for entry in entries),
        failed=sum(entry["state"] == "failed" for entry in entries),
        lost=sum(max(entry["times_sent"] - len(entry.get("asks", [])), 0) for entry in entries),
        unpriced=sum(ask["usd"] is None for ask in asks),
        prompt_tokens=sum(ask["answer"]["prompt_tokens"] for ask in asks),
        completion_tokens=sum(ask["answer"]["completion_tokens"] for ask in asks),
        usd=sum(ask["usd"] or 0 for ask in asks),
    )


def _has_answer(entry: Document) -> bool:
    return "answer" in entry and entry["state"] != "failed"


def _answered(entry: Document) -> Answered:
    return Answered(Answer(**entry["answer"]), entry["answered_at"], entry.get("usd", 0.0))
