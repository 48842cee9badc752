"""Labels without people, from the automatic judges: for the demo and for simulations, marked as what they are."""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from resources.document_store import Document
from resources.label_rules import AUTOMATIC
from resources.labels import Label, Labels


@dataclass(frozen=True)
class Manner:
    """How simulated volunteers score: with normal noise of so many points; `shuffled` deals the scores out at random.

    Nothing can be learned from shuffled scores: what rises with them rises by luck.
    """

    noise: float = 0.0
    shuffled: bool = False


EXACT = Manner()


def label_automatically(
    labels: Labels, documents: Sequence[Document], now: Callable[[], dt.datetime], manner: Manner = EXACT
) -> int:
    """Label every document that has no label yet, and return how many those were.

    The score is the ATS judge's, given in this `manner`; truthfulness is the truth check's. The same documents always
    get the same labels.
    """
    chance = np.random.default_rng(_seed(documents))
    scores = np.array([document["ats_prescore"] for document in documents])
    if manner.shuffled:
        chance.shuffle(scores)
    scores = np.clip(np.round(scores + chance.normal(0, manner.noise, len(scores))), 0, 100)
    labelled = 0
    for document, score in zip(documents, scores, strict=True):
        if not document.get("labelled_at"):
            labelled += labels.record(document["_id"], Label(AUTOMATIC, int(score), document["truthful"], now()))
    return labelled


def _seed(documents: Sequence[Document]) -> int:
    """A seed of these very texts: another day, other luck."""
    texts = "".join(f"{document['_id']}/{document['generation_id']}" for document in documents)
    return int.from_bytes(hashlib.sha256(texts.encode()).digest()[:8])
