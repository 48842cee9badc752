"""Documents: MongoDB through pymongo. How a day's collection is shaped and kept safe for the people who label it.

The rule of this module: what a person holds or has labelled is never changed unless forced, and then it is kept.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, TypeAlias, TypeVar

import pymongo
from pymongo import MongoClient, ReplaceOne, UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import (
    CollectionInvalid,
    ConfigurationError,
    ConnectionFailure,
    InvalidName,
    InvalidURI,
    OperationFailure,
    PyMongoError,
)

from resources.errors import ServiceError

T = TypeVar("T")
Document: TypeAlias = dict[str, Any]

SUPERSEDED = "superseded_documents"
CALIBRATIONS = "judge_calibrations"
DAY_COLLECTION = r"^[a-z]+-\d{2}-resumes$"
TEXTS_LEFT_OUT = dict.fromkeys(
    ("resume_text", "job_descriptions", "generated_resume", "tailored", "prompt", "unsupported_claims"), 0
)
# Made of the stored answer at each run: the judges, and what grounds and prints an answer, may have changed since.
REMADE = (
    *("generated_resume", "tailored", "corrections"),
    *("truthful", "unsupported_claims", "ats_prescore", "job_fit"),
)
# Documents in memory at once: one may have 50 kB, and is there two or three times. And ids in one `$in`: the embedded
# database looks through all of them for each document that it finds (12 s for 4,000 ids at once, 0.3 s for 50 each).
BATCH = 50
COMPARED = dict.fromkeys(("partition_date", "generation_id", *REMADE), 1)
UNAUTHORISED = (13, 18, 8000)  # Unauthorized, AuthenticationFailed, Atlas's own


@dataclass(frozen=True)
class Published:
    """What publishing a day changed, in documents."""

    new: int
    replaced: int
    unchanged: int
    kept: int  # held or labelled by a person: left as they were
    superseded: int  # labelled, replaced because it was forced: the old version is in SUPERSEDED
    withdrawn: int  # no longer among the day's pairs, and no person had touched them


@dataclass(frozen=True)
class DocumentStore:
    """One MongoDB database. Every method raises ServiceError where the database cannot do it."""

    uri: str = field(repr=False)  # may hold a password
    database_name: str
    latest_name: str = "Resumes"
    edited_name: str = "resumes_post_edit"
    timeout_seconds: float = 10.0

    @cached_property
    def database(self) -> Database[Document]:
        milliseconds = int(self.timeout_seconds * 1000)
        try:
            client: MongoClient[Document] = MongoClient(
                self.uri, serverSelectionTimeoutMS=milliseconds, connectTimeoutMS=milliseconds, tz_aware=True
            )
            return client[self.database_name]
        except (InvalidURI, InvalidName, ConfigurationError, ValueError) as error:
            raise ServiceError(
                f"MONGO_URI or MONGO_DB_NAME cannot be used: {error}.",
                "Correct it, or leave it empty for the embedded database.",
            ) from error

    def ping(self) -> None:
        """Raises ServiceError unless the database answers."""
        with clear_errors():
            self.database.command("ping")

    def protected(self, collection: str, partition_date: str, now: dt.datetime) -> Iterator[Document]:
        """The day's documents that a person has labelled, or holds at `now`."""
        with clear_errors():
            yield from self.database[collection].find({"partition_date": partition_date, **_in_a_persons_hands(now)})

    def publish_day(
        self,
        collection: str,
        partition_date: str,
        documents: Iterable[Document],
        *,
        validator: Mapping[str, Any],
        now: dt.datetime,
        force: bool = False,
    ) -> Published:
        """Make the day's collection hold exactly `documents`, except where people have been at work.

        A document of the same generation that is judged or printed otherwise today is brought up to date while nobody
        has labelled or opened it. Safe to repeat, and to cut short and repeat: each document is one atomic write.
        """
        with clear_errors():
            target = self._prepared(collection, validator)
            gone = set(target.distinct("_id", {"partition_date": partition_date}))
            new = replaced = unchanged = kept = superseded = 0
            for batch in batches(documents):
                stored = _by_id(target, [document["_id"] for document in batch])
                for document in batch:
                    gone.discard(document["_id"])
                    there = stored.get(document["_id"])
                    if there is None:
                        inserted = _inserted(target, document)
                        new, kept = new + inserted, kept + 1 - inserted
                    elif not _differs(document, there):
                        unchanged += 1
                    elif _replaced(target, document, there, now):
                        replaced += 1
                    elif force and there["generation_id"] != document["generation_id"]:
                        copied = self._superseded(target, document, now)
                        superseded, kept = superseded + copied, kept + 1 - copied
                    else:
                        kept += 1
            withdrawn = sum(
                target.delete_many({"_id": {"$in": ids}, **_free(now)}).deleted_count for ids in batches(gone)
            )
        return Published(
            new=new, replaced=replaced, unchanged=unchanged, kept=kept, superseded=superseded, withdrawn=withdrawn
        )

    def update_latest(self, documents: Iterable[Document]) -> int:
        """Bring `Resumes` up to these documents; a pair whose later day is there already keeps it.

        A label that `Resumes` shows stays while the generation stays. Returns the number of documents that changed.
        """
        latest = self.database[self.latest_name]
        changed = 0
        for batch in batches(documents):
            with clear_errors():
                shown = _by_id(latest, [d["id"] for d in batch])
                writes = [write for d in batch if (write := _bringing_up(shown.get(d["id"]), d))]
                if writes:
                    result = latest.bulk_write(writes, ordered=False)
                    changed += result.upserted_count + result.modified_count
        return changed

    def document_ids(self, collection: str, partition_date: str) -> set[str]:
        """The `_id` of every document of the day."""
        with clear_errors():
            return set(self.database[collection].distinct("_id", {"partition_date": partition_date}))

    def days(self) -> set[str]:
        """Every day that has documents."""
        with clear_errors():
            names = self.database.list_collection_names(filter={"name": {"$regex": DAY_COLLECTION}})
            return {day for name in names for day in self.database[name].distinct("partition_date")}

    def newest_day(self) -> str:
        """The latest partition_date that `Resumes` shows; empty when it is empty."""
        with clear_errors():
            newest = self.database[self.latest_name].find_one(sort=[("partition_date", pymongo.DESCENDING)])
            return newest["partition_date"] if newest else ""

    def labelled(self, first: str = "", last: str = "9999") -> Iterator[Document]:
        """Every labelled document of these days, both included; of every day by default."""
        labelled = {"labelled_at": {"$ne": None}, "partition_date": {"$gte": first, "$lte": last}}
        with clear_errors():
            for name in sorted(self.database.list_collection_names(filter={"name": {"$regex": DAY_COLLECTION}})):
                yield from self.database[name].find(labelled).sort("_id")

    def labels_between(self, first: str, last: str) -> list[Document]:
        """What people said of the documents of these days, both included, well-formed or not; without the texts."""
        said = {
            "partition_date": {"$gte": first, "$lte": last},
            "$or": [{name: {"$nin": [None, []]}} for name in ("labels", "labelled_at", "score", "truthfulness")],
        }
        with clear_errors():
            return [
                document
                for name in sorted(self.database.list_collection_names(filter={"name": {"$regex": DAY_COLLECTION}}))
                for document in self.database[name].find(said, TEXTS_LEFT_OUT).sort("_id")
            ]

    def keep_calibration(self, calibration: Document) -> None:
        """Make this the calibration in use."""
        with clear_errors():
            self.database[CALIBRATIONS].replace_one({"_id": "current"}, {"_id": "current", **calibration}, upsert=True)

    def calibration(self) -> Document | None:
        """The calibration in use, if one was ever made."""
        with clear_errors():
            return self.database[CALIBRATIONS].find_one({"_id": "current"}, {"_id": 0})

    def mirror_edited(self, documents: Iterable[Document]) -> None:
        """Make the edited collection hold exactly these documents."""
        edited = self.database[self.edited_name]
        with clear_errors():
            gone = set(edited.distinct("_id"))
            for batch in batches(documents):
                edited.bulk_write([ReplaceOne({"_id": d["_id"]}, d, upsert=True) for d in batch], ordered=False)
                gone -= {d["_id"] for d in batch}
            for ids in batches(gone):
                edited.delete_many({"_id": {"$in": ids}})

    def day_progress(self, collection: str, partition_date: str) -> tuple[int, int]:
        """Documents of the day, and how many of them are labelled."""
        with clear_errors():
            day = {"partition_date": partition_date}
            target = self.database[collection]
            return target.count_documents(day), target.count_documents({**day, "labelled_at": {"$ne": None}})

    def _prepared(self, collection: str, validator: Mapping[str, Any]) -> Collection[Document]:
        """The collection, with its validator and indexes; made when it is not there."""
        try:
            self.database.create_collection(collection, validator=validator)
        except (CollectionInvalid, OperationFailure) as error:
            if isinstance(error, OperationFailure) and error.code != 48:  # NamespaceExists
                raise
            self.database.command("collMod", collection, validator=validator)
        target = self.database[collection]
        target.create_index([("partition_date", pymongo.ASCENDING), ("id", pymongo.ASCENDING)], unique=True)
        target.create_index([("partition_date", pymongo.ASCENDING), ("labelled_at", 1), ("claimed_until", 1)])
        for name in ("claimed_by", "wants_second"):  # alone: the embedded database uses one field of an index
            target.create_index(name)
        return target

    def _superseded(self, target: Collection[Document], document: Document, now: dt.datetime) -> int:
        """1 if a labelled version was copied and replaced; one that somebody only holds stays."""
        labelled = target.find_one({"_id": document["_id"], "labelled_at": {"$ne": None}})
        if labelled is None:
            return 0
        key = f"{labelled['_id']}/{labelled['generation_id']}"
        self.database[SUPERSEDED].replace_one({"_id": key}, {**labelled, "_id": key, "superseded_at": now}, upsert=True)
        # Only the version just copied gives way: a label that arrives in between keeps its document.
        just_copied = {"_id": labelled["_id"], "labelled_at": labelled["labelled_at"]}
        return target.replace_one(just_copied, document).matched_count


def _in_a_persons_hands(now: dt.datetime) -> Document:
    return {"$or": [{"labelled_at": {"$ne": None}}, {"claimed_until": {"$gt": now}}]}


def _free(now: dt.datetime) -> Document:
    # Not as an `$or`, for which the embedded database takes four times as long.
    return {"labelled_at": None, "claimed_until": {"$not": {"$gt": now}}}


def _differs(document: Document, stored: Document) -> bool:
    """Whether a document is of another generation than the stored one, or was made of the same answer otherwise."""
    return any(stored.get(name) != document.get(name) for name in ("generation_id", *REMADE))


def _remade(document: Document) -> Document:
    return {"$set": {name: document[name] for name in REMADE if name in document}}


def _bringing_up(shown: Document | None, document: Document) -> ReplaceOne[Document] | UpdateOne | None:
    """The write that brings what `Resumes` shows of a pair up to the document; None where it need not or must not."""
    _id = document["id"]
    if shown is None:
        return ReplaceOne({"_id": _id}, {**document, "_id": _id}, upsert=True)
    if shown["partition_date"] > document["partition_date"] or not _differs(document, shown):
        return None
    same = {name: shown[name] for name in ("_id", "partition_date", "generation_id")}
    if shown["generation_id"] != document["generation_id"]:
        return ReplaceOne(same, {**document, "_id": _id})
    return UpdateOne({**same, "labelled_at": None}, _remade(document))


def _by_id(collection: Collection[Document], ids: Sequence[str]) -> dict[str, Document]:
    """What tells these documents from others of their pair, of those that are there."""
    return {document["_id"]: document for document in collection.find({"_id": {"$in": ids}}, COMPARED)}


def _replaced(target: Collection[Document], document: Document, there: Document, now: dt.datetime) -> bool:
    """Whether a document took the place of the one that is there: a person's work keeps its own."""
    if there["generation_id"] != document["generation_id"]:
        return bool(target.replace_one({"_id": document["_id"], **_free(now)}, document).matched_count)
    same = {name: document[name] for name in ("_id", "generation_id")}
    unopened = {**same, "labelled_at": None, "claimed_until": None}
    return bool(target.update_one(unopened, _remade(document)).matched_count)


def _inserted(target: Collection[Document], document: Document) -> int:
    """1 if the document went in, 0 if somebody put it there in between."""
    return int(
        target.update_one({"_id": document["_id"]}, {"$setOnInsert": document}, upsert=True).upserted_id is not None
    )


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    """As many at once as memory and the database bear."""
    left = iter(items)
    while batch := list(islice(left, BATCH)):
        yield batch


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn pymongo's errors into ServiceError."""
    try:
        yield
    except ConnectionFailure as error:
        raise ServiceError(
            "MongoDB does not answer.",
            "Start it (`make up` starts the embedded one), or correct MONGO_URI and the network's access list.",
            transient=True,
        ) from error
    except OperationFailure as error:
        if error.code in UNAUTHORISED:
            raise ServiceError("MongoDB refused the login.", "Check MONGO_USERNAME and MONGO_PASSWORD.") from error
        raise ServiceError(
            f"MongoDB refused: {(error.details and error.details.get('errmsg')) or error}.",
            "Correct the data or the query.",
        ) from error
    except PyMongoError as error:
        raise ServiceError(f"MongoDB failed: {error}.", "Run it again.", transient=True) from error
