"""What was told, and what is still to be told: in MongoDB, or in a file for as long as the database is down.

Each event is one entry under its key, so nothing is told twice: not after a restart, and not by two daemons.
"""

import datetime as dt
import fcntl
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import pymongo
from pydantic import BaseModel, ConfigDict
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from resources.document_store import Document, DocumentStore, clear_errors
from resources.files import atomic_path
from tailoring.messages import Message

ALERTS = "alerts"
SENDER = {"_id": "sender"}  # the one document of the collection that is no alert
LEASE = dt.timedelta(minutes=2)  # a sender that was killed keeps the others waiting no longer
MOST_WAITING = 500  # entries looked at in one go
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class Entry(BaseModel):
    """A message that somebody wants told."""

    model_config = ConfigDict(frozen=True)

    message: Message
    at: dt.datetime
    settled_at: dt.datetime | None = None  # told, or given up


class Pause(BaseModel):
    """How sending goes: failures in a row, and nothing is sent before `until`."""

    failures: int = 0
    until: dt.datetime = LONG_AGO


class AlertLog(Protocol):
    """Where entries are kept."""

    def add(self, entry: Entry) -> bool:
        """Keep the entry; False where one with its key is there."""
        ...

    def waiting(self) -> list[Entry]:
        """The entries not settled yet, the oldest first, at most MOST_WAITING."""
        ...

    def last_told(self, group: str) -> dt.datetime | None:
        """When an entry of the group was settled last."""
        ...

    def settle(self, keys: Sequence[str], at: dt.datetime) -> None:
        """These are told, or given up."""
        ...

    def forget(self, before: dt.datetime) -> None:
        """Drop what was settled before."""
        ...

    def sending(self, now: dt.datetime) -> AbstractContextManager[Pause | None]:
        """A block for one sender at a time; None where another is at it, or a pause holds. Changes of it are kept."""
        ...


class MongoLog:
    """The log in MongoDB. Every method raises ServiceError where the database cannot do it."""

    def __init__(self, documents: DocumentStore) -> None:
        self._alerts: Collection[Document] = documents.database[ALERTS]

    def add(self, entry: Entry) -> bool:
        with clear_errors():
            try:
                self._alerts.insert_one(_document(entry))
            except DuplicateKeyError:
                return False
        return True

    def waiting(self) -> list[Entry]:
        with clear_errors():
            found = self._alerts.find({"at": {"$exists": True}, "settled_at": None}).sort("at").limit(MOST_WAITING)
            return [_entry(document) for document in found]

    def last_told(self, group: str) -> dt.datetime | None:
        with clear_errors():
            told = {"group": group, "settled_at": {"$ne": None}}
            newest = self._alerts.find_one(told, sort=[("settled_at", pymongo.DESCENDING)])
        return newest["settled_at"] if newest else None

    def settle(self, keys: Sequence[str], at: dt.datetime) -> None:
        with clear_errors():
            self._alerts.update_many({"_id": {"$in": list(keys)}}, {"$set": {"settled_at": at}})

    def forget(self, before: dt.datetime) -> None:
        with clear_errors():
            self._alerts.delete_many({"settled_at": {"$lt": before}})

    @contextmanager
    def sending(self, now: dt.datetime) -> Iterator[Pause | None]:
        with clear_errors():
            free = {"leased_until": LONG_AGO, **Pause().model_dump()}
            self._alerts.update_one(SENDER, {"$setOnInsert": free}, upsert=True)
            mine = self._alerts.find_one_and_update(
                {**SENDER, "leased_until": {"$lte": now}, "until": {"$lte": now}},
                {"$set": {"leased_until": now + LEASE}},
            )
        if mine is None:
            yield None
            return
        pause = Pause(failures=mine["failures"], until=mine["until"])
        try:
            yield pause
        finally:
            with clear_errors():
                self._alerts.update_one(SENDER, {"$set": {"leased_until": LONG_AGO, **pause.model_dump()}})


class _Kept(BaseModel):
    entries: dict[str, Entry] = {}
    pause: Pause = Pause()


class FileLog:
    """The log in a file of this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, entry: Entry) -> bool:
        with self._changing() as kept:
            return kept.entries.setdefault(entry.message.key, entry) is entry

    def waiting(self) -> list[Entry]:
        entries = (entry for entry in self._read().entries.values() if entry.settled_at is None)
        return sorted(entries, key=lambda entry: entry.at)[:MOST_WAITING]

    def last_told(self, group: str) -> dt.datetime | None:
        told = (entry.settled_at for entry in self._read().entries.values() if entry.message.group == group)
        return max((at for at in told if at), default=None)

    def settle(self, keys: Sequence[str], at: dt.datetime) -> None:
        with self._changing() as kept:
            kept.entries |= {key: kept.entries[key].model_copy(update={"settled_at": at}) for key in keys}

    def forget(self, before: dt.datetime) -> None:
        with self._changing() as kept:
            kept.entries = {
                key: entry
                for key, entry in kept.entries.items()
                if entry.settled_at is None or entry.settled_at >= before
            }

    @contextmanager
    def sending(self, now: dt.datetime) -> Iterator[Pause | None]:
        with self._locked(".sending", fcntl.LOCK_EX | fcntl.LOCK_NB) as mine:
            pause = self._read().pause
            if not mine or pause.until > now:
                yield None
                return
            try:
                yield pause
            finally:
                with self._changing() as kept:
                    kept.pause = pause

    def move_to(self, log: AlertLog) -> None:
        """Hand all entries over, with what came of them; the file is gone then."""
        if not self._path.exists():
            return
        with self._locked(".lock", fcntl.LOCK_EX):
            for key, entry in self._read().entries.items():
                if not log.add(entry) and entry.settled_at:
                    log.settle([key], entry.settled_at)
            self._path.unlink(missing_ok=True)

    def _read(self) -> _Kept:
        try:
            return _Kept.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return _Kept()

    @contextmanager
    def _changing(self) -> Iterator[_Kept]:
        with self._locked(".lock", fcntl.LOCK_EX):
            kept = self._read()
            yield kept
            with atomic_path(self._path) as part:
                part.write_text(kept.model_dump_json(), encoding="utf-8")

    @contextmanager
    def _locked(self, suffix: str, how: int) -> Iterator[bool]:
        """Whether the lock is ours; it ends with the process, however that ends."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(suffix).open("w") as lock:
            try:
                fcntl.flock(lock, how)
            except BlockingIOError:
                yield False
            else:
                yield True


def _document(entry: Entry) -> dict[str, Any]:
    """As MongoDB keeps it; the message as JSON, because names of facts may be no names of fields."""
    message = entry.message
    return {
        "_id": message.key,
        "group": message.group,
        "title": message.title,
        "at": entry.at,
        "settled_at": entry.settled_at,
        "message": message.model_dump_json(),
    }


def _entry(document: Document) -> Entry:
    message = Message.model_validate_json(document["message"])
    return Entry(message=message, at=document["at"], settled_at=document["settled_at"])
