"""One document of a day, to be claimed and labelled."""

import datetime as dt
from typing import Any

from resources.document_store import DocumentStore
from resources.labels import (
    Label,
    Labels,
)
from tests.services.test_document_store import DAY, NAME, NOON, pair

MINUTE = dt.timedelta(minutes=1)
ONE = f"{DAY}/{pair(1)}"


def save(labels: Labels, who: str = "ana", score: int = 88, now: dt.datetime = NOON, **other: Any) -> Label:
    values = {"generation_id": "g1", "truthfulness": True, "note": "", **other}
    return labels.save(ONE, who, score=score, now=now, **values)


def of_day(store: DocumentStore, document_id: str = ONE) -> dict[str, Any]:
    found = store.database[NAME].find_one({"_id": document_id})
    assert found
    return found


def of_latest(store: DocumentStore) -> dict[str, Any]:
    found = store.database["Resumes"].find_one({"_id": pair(1)})
    assert found
    return found
