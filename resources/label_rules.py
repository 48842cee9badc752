"""What a label is, how one is read from what a person typed, and which documents two people label. No database here."""

import datetime as dt
import hashlib
import math
from dataclasses import asdict, dataclass
from typing import Any

NOTE_MAX = 2000  # characters
NAME_MAX = 60
PLACES = 2  # labels that a document takes at most, by different people
AUTOMATIC = "auto"  # whose the labels of demos and simulations are; they teach nothing unless that is asked for


class LabelError(ValueError):
    """A label, or something about a document, that cannot be taken; the message says it to the volunteer."""


class LostClaimError(LabelError):
    """The volunteer no longer holds the document: it went to somebody else, or was written anew."""


@dataclass(frozen=True)
class Label:
    """One person's judgement of one document.

    Attributes:
        score: 0 to 100, as EnhanCV's checker gave it.
        truthfulness: whether the generated resume says only what its source says.
        labelled_at: when, with a time zone.
        seconds: how long the person worked on it, where that is known.
    """

    didBy: str  # noqa: N815  the owner's name for it
    score: int
    truthfulness: bool
    labelled_at: dt.datetime
    note: str = ""
    seconds: float | None = None

    def require_good(self) -> None:
        """Raises LabelError that says what is wrong with a label that cannot be stored."""
        if not isinstance(self.didBy, str) or not 1 <= len(self.didBy) <= NAME_MAX:
            raise LabelError(f"A label needs the name of who gave it, of at most {NAME_MAX} characters.")
        if type(self.score) is not int or not 0 <= self.score <= 100:
            raise LabelError(f"The score is {self.score!r}; it is a whole number from 0 to 100.")
        if type(self.truthfulness) is not bool:
            raise LabelError(f"Truthfulness is {self.truthfulness!r}; it is yes or no.")
        if self.labelled_at.tzinfo is None:
            raise LabelError("The time of a label needs a time zone.")
        if not isinstance(self.note, str) or len(self.note) > NOTE_MAX:
            raise LabelError(f"A note has at most {NOTE_MAX:,} characters.")
        if self.seconds is not None and not (math.isfinite(self.seconds) and self.seconds >= 0):
            raise LabelError(f"The seconds worked are {self.seconds!r}; they cannot be negative.")

    def as_stored(self) -> dict[str, Any]:
        """The label as it stands in the document's `labels`."""
        return asdict(self)


def read_score(typed: str) -> int:
    """The score that a person typed.

    Raises:
        LabelError: it is no whole number from 0 to 100.
    """
    text = typed.strip()
    if not text:
        raise LabelError("The score is missing: type a whole number from 0 to 100.")
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100):
        raise LabelError(f"The score “{text[:20]}” is not a whole number from 0 to 100.")
    return int(text)


def read_truthfulness(typed: str) -> bool:
    """The yes or no that a person chose.

    Raises:
        LabelError: it is neither.
    """
    answer = {"yes": True, "y": True, "no": False, "n": False}.get(typed.strip().lower())
    if answer is None:
        raise LabelError("Say whether the resume is truthful: yes or no.")
    return answer


def require_person(name: str) -> None:
    """Raises LabelError where the name would make a person's labels look like automatic ones."""
    if name.strip().casefold() == AUTOMATIC:
        raise LabelError(
            f"“{AUTOMATIC}” is the name of the automatic labels, from which no model learns: take another name."
        )


def is_overlap(document_id: str, share: float) -> bool:
    """Whether a document is given to two people: `share` of all, told by the id alone, so always the same ones."""
    digest = hashlib.sha256(f"overlap/{document_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64
