"""Claims: who has which document of a day in hand, for a lease that ends by itself. What people then say is `labels`.

Every change is one atomic write on one document that says in its filter what it relies on, so two people never hold the
same one, whatever the number of processes.
"""

import datetime as dt
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from pymongo.collection import Collection

from resources.document_store import Document, DocumentStore, clear_errors
from resources.label_rules import LabelError, LostClaimError
from resume_assets.partitions import collection_name

TRIES = 20  # remembered candidates, before the waiting ones are read anew
REASON_MAX = 200  # characters

NOBODYS = {"claiming": False, "claimed_by": None, "claimed_at": None, "claimed_until": None}


@dataclass(frozen=True)
class Claims:
    """The claims on the documents of all days. Every method raises ServiceError where the database cannot do it.

    `_waiting` remembers ids that were free when they were last read. It only saves reading the day again for every
    claim (30 ms of the embedded database for 1,000 documents, against 3 for a claim by id); the claim itself decides.
    """

    documents: DocumentStore
    lease: dt.timedelta = dt.timedelta(minutes=30)
    _waiting: dict[str, deque[str]] = field(default_factory=dict, repr=False, compare=False)
    _reading: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def claim_next(self, day: str, volunteer: str, now: dt.datetime) -> Document | None:
        """The document of the day that the volunteer holds, or else the next one, claimed for a lease.

        None when nothing waits for this volunteer. Second opinions come first; what the volunteer skipped comes back
        after a lease. Called twice at once (two tabs, a double click), both calls give the same document.
        """
        with clear_errors():
            if held := self._held(day, volunteer):
                with suppress(LostClaimError):  # another tab has just saved it, and its page says so
                    self.renew(held[0], volunteer, now)
            elif any(self._claimed(each, volunteer, now) for each in self._candidates(day, volunteer, now)):
                held = self._held(day, volunteer)
        for extra in held[1:]:
            self.release(extra, volunteer)
        return self.document(held[0]) if held else None

    def document(self, document_id: str) -> Document:
        """One document of a day, whole.

        Raises:
            LabelError: there is none with this id.
        """
        with clear_errors():
            found = self._day_of(document_id).find_one({"_id": document_id})
        if found is None:
            raise LabelError(f"There is no document {document_id[:60]}.")
        return found

    def renew(self, document_id: str, volunteer: str, now: dt.datetime) -> dt.datetime:
        """Start the lease anew and return its end. One that ran out goes on too, if nobody else took the document.

        Raises:
            LostClaimError: the volunteer does not hold the document.
        """
        until = now + self.lease
        self._change_held(document_id, volunteer, {"$set": {"claiming": True, "claimed_until": until}})
        return until

    def release(self, document_id: str, volunteer: str) -> bool:
        """Give the document back; False when the volunteer did not hold it."""
        try:
            self._change_held(document_id, volunteer, {"$set": NOBODYS})
        except LostClaimError:
            return False
        return True

    def skip(self, document_id: str, volunteer: str, reason: str, now: dt.datetime) -> None:
        """Give the document back to others, with the reason, which is kept in the document's `skips`.

        Raises:
            LabelError: there is no reason, or a very long one.
            LostClaimError: the volunteer does not hold the document.
        """
        reason = " ".join(reason.split())
        if not 1 <= len(reason) <= REASON_MAX:
            raise LabelError(f"Say why you skip it, in at most {REASON_MAX} characters.")
        skip = {"by": volunteer, "reason": reason, "at": now}
        self._change_held(document_id, volunteer, {"$set": NOBODYS, "$push": {"skips": skip}})

    def _day_of(self, document_id: str) -> Collection[Document]:
        """The collection that a document belongs to; a day's date does as well as an id."""
        try:
            return self.documents.database[collection_name(document_id.partition("/")[0])]
        except ValueError:
            raise LabelError(f"{document_id[:60]!r} is no document's id.") from None

    def _change_held(self, document_id: str, volunteer: str, change: Document) -> None:
        with clear_errors():
            mine = {"_id": document_id, "claimed_by": volunteer}
            if not self._day_of(document_id).update_one(mine, change).matched_count:
                raise LostClaimError("You no longer hold this document: it was given back, or went to somebody else.")

    def _held(self, day: str, volunteer: str) -> list[str]:
        """The ids that are claimed in this name, in order. Asks for one field only, which an index answers."""
        found = self.documents.database[collection_name(day)].find({"claimed_by": volunteer}, {"partition_date": 1})
        return sorted(each["_id"] for each in found if each["partition_date"] == day)

    def _claimed(self, candidate: Document, volunteer: str, now: dt.datetime) -> bool:
        """Whether the document was still as the candidate says, and free, and is the volunteer's now."""
        wanted = {
            **candidate,
            **_free(now),
            "labels.didBy": {"$ne": volunteer},
            "skips": {"$not": {"$elemMatch": {"by": volunteer, "at": {"$gt": now - self.lease}}}},
        }
        claim = {"claiming": True, "claimed_by": volunteer, "claimed_at": now, "claimed_until": now + self.lease}
        return bool(self._day_of(candidate["_id"]).update_one(wanted, {"$set": claim}).matched_count)

    def _candidates(self, day: str, volunteer: str, now: dt.datetime) -> Iterator[Document]:
        """What is worth a try, and why: second opinions, then remembered documents, then all that wait."""
        target = self.documents.database[collection_name(day)]
        for each in target.find({"wants_second": True}, {"partition_date": 1, "didBy": 1}):
            if each["partition_date"] == day and each["didBy"] != volunteer:
                yield {"_id": each["_id"], "wants_second": True}
        tried = self._waiting.get(day)
        yield from _taken(tried or deque(), TRIES)
        with self._reading:
            if self._waiting.get(day) is tried:  # otherwise somebody else has just read them
                waiting = target.find({"partition_date": day, "labelled_at": None, **_free(now)}, {"_id": 1})
                self._waiting[day] = deque(each["_id"] for each in waiting)
            fresh = self._waiting[day]
        yield from _taken(fresh, len(fresh))


def _taken(ids: deque[str], at_most: int) -> Iterator[Document]:
    """The first that wait, each for one asker only, whatever the number of threads."""
    with suppress(IndexError):
        for _ in range(at_most):
            yield {"_id": ids.popleft(), "labelled_at": None}


def _free(now: dt.datetime) -> Document:
    return {"claimed_until": {"$not": {"$gt": now}}}
