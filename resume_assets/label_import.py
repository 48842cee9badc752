"""Labels from a file into the database: told beforehand what would become of each, and never over another's."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from resources.label_rules import PLACES, LabelError, is_overlap
from resources.labels import Labels
from resume_assets.label_files import Refused, Row
from resume_assets.label_table import labels_of
from resume_assets.partitions import collection_name


@dataclass(frozen=True)
class Plan:
    """What storing some rows would do: `new` ones are to be stored, `known` ones are there already."""

    new: list[Row]
    known: list[Row]
    refused: list[Refused]


def plan(rows: Iterable[Row], labels: Labels) -> Plan:
    """What becomes of the rows in this database; nothing is written. Raises ServiceError where it does not answer."""
    rows = list(rows)
    stored = _stored(labels, {row.document_id.partition("/")[0] for row in rows})
    made = Plan([], [], [])
    for row in rows:
        given = stored.get(row.document_id)
        own = next((each for each in given or () if each.get("didBy") == row.label.didBy), None)
        if reason := _refusal(row, given, own, labels.overlap_share):
            made.refused.append(Refused(row.line, row.document_id, reason))
        elif own is not None:
            made.known.append(row)
        else:
            made.new.append(row)
            stored[row.document_id].append(row.label.as_stored())
    return made


def store(rows: Iterable[Row], labels: Labels) -> list[Refused]:
    """Store the new rows of a plan; returns those that somebody was faster with. Raises ServiceError."""
    refused = []
    for row in rows:
        try:
            if labels.record(row.document_id, row.label):
                continue
            reason = "somebody labelled it meanwhile"
        except LabelError as error:
            reason = str(error)
        refused.append(Refused(row.line, row.document_id, reason))
    return refused


def _refusal(row: Row, given: list[dict[str, Any]] | None, own: dict[str, Any] | None, overlap_share: float) -> str:
    """Why a row cannot be stored beside the labels `given`; empty where it can, or is there already."""
    if given is None:
        return "there is no such document"
    if own is not None:
        said = own.get("score"), own.get("truthfulness")
        same = said == (row.label.score, row.label.truthfulness)
        return "" if same else f"{row.label.didBy} gave it {said[0]}, truthful: {said[1]}; no label is overwritten"
    if len(given) >= (PLACES if is_overlap(row.document_id, overlap_share) else 1):
        return f"{' and '.join(str(each.get('didBy')) for each in given)} labelled it already"
    return ""


def _stored(labels: Labels, days: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """The documents of these days, each with its labels."""
    found: dict[str, list[dict[str, Any]]] = {}
    for day in days:
        try:
            collection = collection_name(day)
        except ValueError:
            continue  # no document has such an id
        found |= {document_id: [] for document_id in labels.documents.document_ids(collection, day)}
        for document in labels.documents.labels_between(day, day):
            found[document["_id"]] = [each for each in labels_of(document) if isinstance(each, dict)]
    return found
