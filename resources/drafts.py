"""Drafts: what a volunteer has typed about a document and not sent yet. Kept until the label is in."""

import datetime as dt
from dataclasses import asdict, dataclass

from resources.document_store import DocumentStore, clear_errors
from resources.label_rules import NOTE_MAX

DRAFTS = "label_drafts"
FIELD_MAX = 20  # characters of a score or a yes or no, however wrong


@dataclass(frozen=True)
class Draft:
    """A label in the making, as typed: nothing in it has to be right."""

    score: str = ""
    truthfulness: str = ""
    note: str = ""
    seconds: str = ""


@dataclass(frozen=True)
class Drafts:
    """The drafts of all volunteers, one for each document and volunteer."""

    documents: DocumentStore

    def keep(self, document_id: str, volunteer: str, draft: Draft, now: dt.datetime) -> None:
        """Make this the volunteer's draft; what is too long is cut."""
        fields = {name: text[: NOTE_MAX if name == "note" else FIELD_MAX] for name, text in asdict(draft).items()}
        kept = {"document_id": document_id, "volunteer": volunteer, **fields, "kept_at": now}
        with clear_errors():
            self.documents.database[DRAFTS].replace_one({"_id": _key(document_id, volunteer)}, kept, upsert=True)

    def of(self, document_id: str, volunteer: str) -> Draft:
        """The volunteer's draft, an empty one if there is none."""
        with clear_errors():
            kept = self.documents.database[DRAFTS].find_one({"_id": _key(document_id, volunteer)}) or {}
        return Draft(**{name: kept.get(name, "") for name in asdict(Draft())})

    def drop(self, document_id: str, volunteer: str) -> None:
        """Forget the draft: its label is in."""
        with clear_errors():
            self.documents.database[DRAFTS].delete_one({"_id": _key(document_id, volunteer)})


def _key(document_id: str, volunteer: str) -> str:
    return f"{document_id}/{volunteer}"
