"""Labels as people and programs left them in the documents: those that can be used as a table, the others with reasons.

For assets, reports and the label page alike. Nothing is written here: a bad label stays where it is.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
from pydantic import ValidationError

from resume_assets.schemas import LabelledResumes, StoredLabel, split_valid
from tailoring.statistics import Rating

OF_RECORD = ("score", "truthfulness", "didBy", "labelled_at", "note", "seconds")
SHOWN_CHARS = 120


@dataclass(frozen=True)
class BadLabel:
    """A label that cannot be used, and why."""

    document_id: str
    label_no: int
    label: str  # as it stands in the document
    reason: str


@dataclass(frozen=True)
class LabelTable:
    """`good` keeps every rule of LabelledResumes; `bad` is the rest."""

    good: pl.DataFrame
    bad: tuple[BadLabel, ...]

    def ratings(self) -> list[Rating]:
        """The good labels for `tailoring.statistics`."""
        return [
            Rating(
                document_id=row["document_id"],
                resume_id=row["resume_id"],
                day=dt.date.fromisoformat(row["partition_date"]),
                volunteer=row["didBy"],
                score=row["score"],
                truthful=row["truthfulness"],
                arm=row["arm"],
                prompt_version=row["prompt_version"],
                model=row["model"],
                seconds=row["seconds"],
                number=row["label_no"],
            )
            for row in self.good.iter_rows(named=True)
        ]


def label_table(documents: Iterable[dict[str, Any]]) -> LabelTable:
    """The labels of stored documents, in the documents' order; a document without `labels` may be labelled by its own
    fields, as other programs do it."""
    rows, bad = [], []
    shown = {}
    for document in documents:
        for number, label in enumerate(labels_of(document), start=1):
            at = (str(document["_id"]), number)
            shown[at] = _shown(label)
            try:
                rows.append(_row(document, number, StoredLabel.model_validate(label)))
            except ValidationError as error:
                bad.append(BadLabel(*at, shown[at], "; ".join(_reasons(error))))
            else:
                if reason := _contradiction(document, number):
                    rows.pop()
                    bad.append(BadLabel(*at, shown[at], reason))
    schema = {name: column.dtype.type for name, column in LabelledResumes.to_schema().columns.items()}
    good, broken = split_valid(LabelledResumes, pl.DataFrame(rows, schema=schema))
    for at_id, at_number, detail in broken.select("document_id", "label_no", "detail").iter_rows():
        bad.append(BadLabel(at_id, at_number, shown[at_id, at_number], detail))
    return LabelTable(good, tuple(sorted(bad, key=lambda each: (each.document_id, each.label_no))))


def labels_of(document: dict[str, Any]) -> list[Any]:
    """The labels as they stand there, the label of record first."""
    labels = document.get("labels")
    if labels and isinstance(labels, list):
        return labels
    return [{name: document[name] for name in OF_RECORD if name in document}]


def _contradiction(document: dict[str, Any], number: int) -> str:
    """Why a label that is well-formed in itself cannot be believed; empty where it can."""
    labels = labels_of(document)
    if number > 1 and labels[number - 1]["didBy"] in [
        each.get("didBy") for each in labels[: number - 1] if isinstance(each, dict)
    ]:
        return "the same person labelled the document before"
    if number == 1:
        for name in ("score", "truthfulness"):
            if name in document and document[name] != labels[0][name]:
                return f"{name}: the document says {document[name]!r}, its first label {labels[0][name]!r}"
    return ""


def _row(document: dict[str, Any], number: int, label: StoredLabel) -> dict[str, Any]:
    pair = str(document.get("id", ""))
    truthful = document.get("truthful")
    return {
        "document_id": str(document["_id"]),
        "id": pair,
        "resume_id": pair.partition("-")[0],
        "partition_date": str(document.get("partition_date", "")),
        "generation_id": str(document.get("generation_id", "")),
        "model": str(document.get("model", "")),
        "arm": str(document.get("arm", "")),
        "prompt_version": str(document.get("prompt_version", "")),
        "label_no": number,
        **{**label.model_dump(), "note": label.note or ""},
        "ats_prescore": _number(document.get("ats_prescore")),
        "job_fit": _number(document.get("job_fit")),
        "truthful": truthful if isinstance(truthful, bool) else None,
    }


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _reasons(error: ValidationError) -> Iterator[str]:
    for each in error.errors(include_url=False):
        where = ".".join(map(str, each["loc"])) or "label"
        found = "" if each["type"] == "missing" else f", not {_shown(each['input'])}"
        yield f"{where}: {each['msg']}{found}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"
