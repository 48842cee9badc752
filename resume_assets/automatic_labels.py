"""Labels without people, from the automatic judges: for the demo and for simulations, marked as what they are."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable

import numpy as np

from resources.document_store import Document
from resources.labels import Label, Labels

AUTOMATIC = "auto"


def label_automatically(
    labels: Labels, documents: Iterable[Document], now: Callable[[], dt.datetime], noise: float = 0.0
) -> int:
    """Label every document that has no label yet, and return how many those were.

    The score is the ATS judge's, with normal noise of `noise` points as people would differ; the same document always
    draws the same noise. Truthfulness is the truth check's.
    """
    labelled = 0
    for document in documents:
        if document.get("labelled_at"):
            continue
        score = round(document["ats_prescore"] + noise * _draw(document))
        label = Label(AUTOMATIC, max(0, min(100, score)), document["truthful"], now())
        labelled += labels.record(document["_id"], label)
    return labelled


def _draw(document: Document) -> float:
    seed = int.from_bytes(hashlib.sha256(f"{document['_id']}/{document['generation_id']}".encode()).digest()[:8])
    return float(np.random.default_rng(seed).normal())
