"""What came of each night: one document a day, to which every step of the learning adds its part.

The steps hand over through it, so that any of them can be run again, alone and for any day.
"""

from dataclasses import dataclass
from typing import Any

from resources.document_store import Document, DocumentStore, clear_errors

NIGHTS = "nights"


@dataclass(frozen=True)
class Nights:
    """The nights in MongoDB, by the day that was learned from. Every method raises ServiceError."""

    documents: DocumentStore

    def note(self, day: str, **parts: Any) -> None:
        """Keep a step's part of the day, in place of what an earlier run of that step left."""
        with clear_errors():
            self.documents.database[NIGHTS].update_one({"_id": day}, {"$set": parts}, upsert=True)

    def read(self, day: str) -> Document:
        """What the steps have left for the day; empty when none has."""
        with clear_errors():
            return self.documents.database[NIGHTS].find_one({"_id": day}, {"_id": 0}) or {}
