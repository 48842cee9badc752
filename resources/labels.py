"""Labels: what people say of a day's documents, kept once in the day's collection and once in `Resumes`.

The day's document is the truth and is written first. A label is never overwritten; one that its giver takes
back goes to the document's `label_history`.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resources.claims import NOBODYS, Claims
from resources.document_store import Document, clear_errors
from resources.errors import ServiceError
from resources.label_rules import (
    NOTE_MAX,
    PLACES,
    Label,
    LabelError,
    LostClaimError,
    is_overlap,
    read_score,
    read_truthfulness,
)

__all__ = [
    "NOTE_MAX",
    "Label",
    "LabelError",
    "Labels",
    "LostClaimError",
    "Progress",
    "is_overlap",
    "read_score",
    "read_truthfulness",
]

RECORD = ("score", "truthfulness", "didBy", "labelled_at", "note")  # the label of record, at the document's top level
SHOWN = (*RECORD, "labels")  # what `Resumes` shows of them
STATE = dict.fromkeys((*SHOWN, "id", "generation_id", "claimed_by", "claimed_at", "claimed_until"), 1)
ATTEMPTS = 5  # at a write that others keep coming in between of


@dataclass(frozen=True)
class Progress:
    """How far a day is. `by_volunteer` counts labels; `last` is the document that each labelled last."""

    documents: int
    labelled: int
    second_labels: int
    by_volunteer: Mapping[str, int]
    last: Mapping[str, str]


@dataclass(frozen=True)
class Labels(Claims):
    """The labels of all days, and the claims that lead to them.

    Without more than `documents` it gives nobody a second opinion; `resources["labels"]` is made from the settings.
    """

    overlap_share: float = 0.0
    undo_within: dt.timedelta = dt.timedelta(minutes=10)

    def save(
        self,
        document_id: str,
        volunteer: str,
        generation_id: str,
        score: int,
        truthfulness: bool,
        note: str,
        now: dt.datetime,
        seconds: float | None = None,
    ) -> Label:
        """Store the label of whoever holds the document. Sent twice, it is stored once.

        Without `seconds`, the time since the claim counts as worked.

        Raises:
            LabelError: the label cannot be stored as it is, or the volunteer gave another one before.
            LostClaimError: the volunteer does not hold the document any more, or its text is another now.
        """
        for _ in range(ATTEMPTS):
            found = self._state(document_id)
            labels = _labels_of(found)
            worked = seconds if seconds is not None else _seconds_since_claim(found, now)
            label = Label(volunteer, score, truthfulness, now, note, worked)
            label.require_good()
            if earlier := _own(labels, volunteer):
                self._require_same(earlier, label)
                self._show(found, labels)  # the first attempt may have been cut short
                return Label(**earlier)
            if found["generation_id"] != generation_id:
                raise LostClaimError("This resume was written anew meanwhile. Load the page again to see the new text.")
            if found.get("claimed_by") != volunteer or len(labels) >= PLACES:
                raise LostClaimError("You no longer hold this document: your lease ended and somebody else took it.")
            if self._stored(found, [*labels, label.as_stored()], NOBODYS):
                return label
        raise _busy()

    def record(self, document_id: str, label: Label) -> bool:
        """Store a label that came without a claim: from a CSV, or from a program.

        False when that person's label is there already, or the document has all the labels that it takes.

        Raises:
            LabelError: the label cannot be stored as it is, or there is no such document.
        """
        label.require_good()
        places = PLACES if is_overlap(document_id, self.overlap_share) else 1
        for _ in range(ATTEMPTS):
            found = self._state(document_id)
            labels = _labels_of(found)
            if _own(labels, label.didBy) or len(labels) >= places:
                return False
            own_claim = found.get("claimed_by") == label.didBy
            if self._stored(found, [*labels, label.as_stored()], NOBODYS if own_claim else {}):
                return True
        raise _busy()

    def undo(self, document_id: str, volunteer: str, now: dt.datetime) -> Label:
        """Take one's label back: it goes to the document's history, and a free document is the volunteer's again.

        Raises:
            LabelError: there is no label of this volunteer, or it is too old to be undone.
        """
        for _ in range(ATTEMPTS):
            found = self._state(document_id)
            labels = _labels_of(found)
            mine = _own(labels, volunteer)
            if mine is None:
                raise LabelError("There is no label of yours on this document.")
            if now - mine["labelled_at"] > self.undo_within:
                minutes = self.undo_within.total_seconds() / 60
                raise LabelError(f"A label can be undone for {minutes:g} minutes; this one is older.")
            until = found.get("claimed_until")
            free = until is None or until <= now
            claim = {"claiming": True, "claimed_by": volunteer, "claimed_at": now, "claimed_until": now + self.lease}
            rest = [label for label in labels if label is not mine]
            undone = {"label_history": {**mine, "undone_at": now}}
            if self._stored(found, rest, claim if free else {}, push=undone):
                return Label(**mine)
        raise _busy()

    def repair(self, partition_date: str) -> int:
        """Bring `Resumes` up to the day's labels where a write was cut short; returns how many documents it mended."""
        latest = self.documents.database[self.documents.latest_name]
        fields = dict.fromkeys((*SHOWN, "id", "generation_id"), 1)
        with clear_errors():
            day = list(self._day_of(partition_date).find({"partition_date": partition_date}, fields))
            shown = {each["_id"]: each for each in latest.find({"partition_date": partition_date}, fields)}
            behind = [each for each in day if each["id"] in shown and _shows_otherwise(each, shown[each["id"]])]
        return sum(self._show(each, _labels_of(each)) for each in behind)

    def progress(self, day: str) -> Progress:
        """How far the day is."""
        with clear_errors():
            found = list(
                self._day_of(day).find(
                    {"partition_date": day}, {"didBy": 1, "labelled_at": 1, "labels.didBy": 1, "labels.labelled_at": 1}
                )
            )
        given = [(label, each["_id"]) for each in found for label in _labels_of(each) if _is_somebodys(label)]
        labelled = sum(each.get("labelled_at") is not None for each in found)
        return Progress(
            documents=len(found),
            labelled=labelled,
            second_labels=sum(len(_labels_of(each)) > 1 for each in found),
            by_volunteer=Counter(label["didBy"] for label, _ in given),
            last={label["didBy"]: document_id for label, document_id in sorted(given, key=_given_at)},
        )

    def _state(self, document_id: str) -> Document:
        """What is known of a document's labels and claim.

        Raises:
            LabelError: there is none with this id.
        """
        with clear_errors():
            found = self._day_of(document_id).find_one({"_id": document_id}, STATE)
        if found is None:
            raise LabelError(f"There is no document {document_id[:60]}.")
        return found

    def _stored(
        self, found: Document, labels: Sequence[Document], claim: Mapping[str, Any], push: Document | None = None
    ) -> bool:
        """Whether the document took these labels; not when somebody changed its labels or claim since `found`."""
        unchanged = {
            "_id": found["_id"],
            "generation_id": found["generation_id"],
            "labelled_at": found.get("labelled_at"),
            "claimed_by": found.get("claimed_by"),
            f"labels.{len(found.get('labels') or ())}": {"$exists": False},
        }
        second = len(labels) == 1 and is_overlap(found["_id"], self.overlap_share)
        change: Document = {"$set": {**_record(labels), "wants_second": second, **claim}}
        if push:
            change["$push"] = push
        with clear_errors():
            if not self._day_of(found["_id"]).update_one(unchanged, change).matched_count:
                return False
        self._show(found, labels)
        return True

    def _show(self, found: Document, labels: Sequence[Document]) -> bool:
        """Bring `Resumes` up to these labels, if it shows the generation that they are about."""
        latest = self.documents.database[self.documents.latest_name]
        same = {"_id": found["id"], "generation_id": found["generation_id"]}
        with clear_errors():
            return bool(latest.update_one(same, {"$set": _record(labels)}).modified_count)

    def _require_same(self, earlier: Document, label: Label) -> None:
        if (earlier["score"], earlier["truthfulness"]) != (label.score, label.truthfulness):
            given = f"{earlier['score']}, {'truthful' if earlier['truthfulness'] else 'not truthful'}"
            raise LabelError(f"You labelled this document already ({given}). To change that, undo it first.")


def _record(labels: Sequence[Document]) -> Document:
    """The fields of a document that has these labels; the first is the label of record."""
    first: Document = next((label for label in labels if isinstance(label, dict)), {})
    return {**{name: first.get(name) for name in RECORD}, "labels": list(labels)}


def _labels_of(found: Document) -> list[Document]:
    """The labels of a document; a program that knows no `labels` wrote the label of record only."""
    labels = found.get("labels") or []
    if not labels and found.get("labelled_at") is not None:
        return [{name: found[name] for name in RECORD if found.get(name) is not None}]
    return list(labels)


def _is_somebodys(label: Any) -> bool:
    """Whether it says who gave it and when; another program may have left that out, or be no label at all."""
    return (
        isinstance(label, dict)
        and isinstance(label.get("didBy"), str)
        and isinstance(label.get("labelled_at"), dt.datetime)
    )


def _given_at(given: tuple[Document, str]) -> dt.datetime:
    at: dt.datetime = given[0]["labelled_at"]
    return at


def _own(labels: Sequence[Document], volunteer: str) -> Document | None:
    return next((label for label in labels if isinstance(label, dict) and label.get("didBy") == volunteer), None)


def _seconds_since_claim(found: Document, now: dt.datetime) -> float | None:
    claimed_at = found.get("claimed_at")
    return max((now - claimed_at).total_seconds(), 0.0) if claimed_at else None


def _shows_otherwise(document: Document, shown: Document) -> bool:
    same = document["generation_id"] == shown["generation_id"]
    return same and any(_record(_labels_of(document))[name] != (shown.get(name) or None) for name in RECORD)


def _busy() -> ServiceError:
    return ServiceError("Others kept changing this document.", "Try again.", transient=True)
