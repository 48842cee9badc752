"""Labels over the wire: saved once, undone, mended, and none is lost."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from resources.document_store import DocumentStore
from resources.errors import ServiceError
from resources.labels import (
    Label,
    LabelError,
    Labels,
    LostClaimError,
)
from tests.services.labels.documents import MINUTE, ONE, of_day, of_latest, save
from tests.services.test_document_store import DAY, NOON, document, pair, publish


def test_a_label_is_in_the_day_and_in_resumes(labels: Labels, store: DocumentStore) -> None:
    labels.claim_next(DAY, "ana", NOON)
    given = save(labels, note="clean", now=NOON + MINUTE)
    assert given == Label("ana", 88, True, NOON + MINUTE, "clean", 60.0)
    for shown in (of_day(store), of_latest(store)):
        assert (shown["score"], shown["truthfulness"], shown["didBy"], shown["note"]) == (88, True, "ana", "clean")
        assert shown["labelled_at"] == NOON + MINUTE
        assert shown["labels"] == [given.as_stored()]
    assert (of_day(store)["claiming"], of_day(store)["claimed_by"]) == (False, None)


def test_resumes_keeps_what_it_shows_of_another_generation(labels: Labels, store: DocumentStore) -> None:
    store.update_latest([document(1, "newer", "2026-07-24")])
    labels.claim_next(DAY, "ana", NOON)
    save(labels)
    assert "score" not in of_latest(store)


def test_sent_twice_a_label_is_stored_once(labels: Labels, store: DocumentStore) -> None:
    labels.claim_next(DAY, "ana", NOON)
    assert save(labels) == save(labels, now=NOON + MINUTE)
    assert len(of_day(store)["labels"]) == 1


def test_a_second_tab_cannot_change_a_label(labels: Labels, store: DocumentStore) -> None:
    labels.claim_next(DAY, "ana", NOON)
    save(labels)
    with pytest.raises(LabelError, match=r"already \(88, truthful\).*undo"):
        save(labels, score=12)
    assert of_day(store)["score"] == 88


def test_a_stale_page_saves_nothing(labels: Labels, store: DocumentStore) -> None:
    labels.claim_next(DAY, "ana", NOON)
    labels.claim_next(DAY, "ben", NOON + labels.lease)
    with pytest.raises(LostClaimError, match="somebody else"):
        save(labels)
    assert save(labels, "ben", 70).score == 70


def test_a_text_that_was_written_anew_is_not_labelled_by_an_old_page(labels: Labels, store: DocumentStore) -> None:
    labels.claim_next(DAY, "ana", NOON)
    publish(store, [document(1, "g2")], now=NOON + labels.lease)
    with pytest.raises(LostClaimError, match="written anew"):
        save(labels)


def test_who_does_not_hold_it_saves_nothing(labels: Labels) -> None:
    with pytest.raises(LostClaimError):
        save(labels)


@pytest.mark.parametrize("score", [101, -1, 7.5, "80", True, None])
def test_a_bad_score_is_refused(labels: Labels, store: DocumentStore, score: Any) -> None:
    labels.claim_next(DAY, "ana", NOON)
    with pytest.raises(LabelError, match="whole number from 0 to 100"):
        save(labels, score=score)
    assert of_day(store)["labelled_at"] is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"didBy": ""}, "name"),
        ({"didBy": "x" * 61}, "name"),
        ({"truthfulness": "yes"}, "yes or no"),
        ({"labelled_at": dt.datetime(2026, 7, 23)}, "time zone"),  # noqa: DTZ001
        ({"note": "x" * 2001}, "2,000 characters"),
        ({"seconds": -1.0}, "negative"),
        ({"seconds": float("nan")}, "negative"),
    ],
)
def test_a_bad_label_is_refused(labels: Labels, change: dict[str, Any], message: str) -> None:
    with pytest.raises(LabelError, match=message):
        labels.record(ONE, replace(Label("ana", 88, True, NOON), **change))


@pytest.mark.parametrize("document_id", ["2026-07-23/unknown", "nonsense", "", "../../etc", "2026-13-45/x"])
def test_a_forged_id_is_refused(labels: Labels, document_id: str) -> None:
    with pytest.raises(LabelError, match="document"):
        labels.record(document_id, Label("ana", 88, True, NOON))
    with pytest.raises(LabelError, match="document"):
        labels.document(document_id)


def test_a_database_that_is_gone_is_told_clearly() -> None:
    gone = Labels(DocumentStore("mongodb://127.0.0.1:9/?directConnection=true", "x", timeout_seconds=0.2))
    with pytest.raises(ServiceError, match="MongoDB does not answer"):
        gone.save(ONE, "ana", "g1", 88, True, "", NOON)


def test_an_undone_label_goes_to_the_history_and_the_document_is_held_again(
    labels: Labels, store: DocumentStore
) -> None:
    labels.claim_next(DAY, "ana", NOON)
    save(labels)
    assert labels.undo(ONE, "ana", NOON + MINUTE).score == 88
    stored = of_day(store)
    assert (stored["score"], stored["labelled_at"], stored["labels"]) == (None, None, [])
    assert (stored["claimed_by"], stored["claimed_until"]) == ("ana", NOON + MINUTE + labels.lease)
    assert stored["label_history"][0]["score"] == 88
    assert of_latest(store)["score"] is None
    assert save(labels, score=80, now=NOON + 2 * MINUTE).score == 80
    assert of_latest(store)["score"] == 80


def test_a_label_cannot_be_undone_for_ever_nor_by_others(labels: Labels) -> None:
    labels.claim_next(DAY, "ana", NOON)
    save(labels)
    with pytest.raises(LabelError, match="10 minutes"):
        labels.undo(ONE, "ana", NOON + 11 * MINUTE)
    with pytest.raises(LabelError, match="no label of yours"):
        labels.undo(ONE, "ben", NOON)


def test_a_half_written_pair_is_mended(labels: Labels, store: DocumentStore) -> None:
    labels.claim_next(DAY, "ana", NOON)
    save(labels, score=0, truthfulness=False)
    latest = store.database["Resumes"]
    latest.update_one({"_id": pair(1)}, {"$unset": dict.fromkeys(("score", "truthfulness", "labels", "didBy"), 1)})
    assert labels.repair(DAY) == 1
    assert (of_latest(store)["score"], of_latest(store)["truthfulness"]) == (0, False)
    assert labels.repair(DAY) == 0


def test_an_undo_that_was_cut_short_is_mended(labels: Labels, store: DocumentStore) -> None:
    labels.claim_next(DAY, "ana", NOON)
    save(labels)
    shown = of_latest(store)
    labels.undo(ONE, "ana", NOON)
    store.database["Resumes"].replace_one({"_id": pair(1)}, shown)
    assert labels.repair(DAY) == 1
    assert of_latest(store)["score"] is None


def test_repair_leaves_another_generation_alone(labels: Labels, store: DocumentStore) -> None:
    labels.claim_next(DAY, "ana", NOON)
    save(labels)
    newer = document(1, "newer", "2026-07-24")
    store.update_latest([newer])
    assert labels.repair(DAY) == 0
    assert "score" not in of_latest(store)


def test_progress_counts_documents_and_people(overlapping: Labels, store: DocumentStore) -> None:
    publish(store, [document(number) for number in (1, 2, 3)])
    overlapping.record(ONE, Label("ana", 88, True, NOON))
    overlapping.record(f"{DAY}/{pair(2)}", Label("ana", 80, True, NOON + MINUTE))
    overlapping.record(ONE, Label("ben", 70, True, NOON))
    progress = overlapping.progress(DAY)
    assert (progress.documents, progress.labelled, progress.second_labels) == (3, 2, 1)
    assert progress.by_volunteer == {"ana": 2, "ben": 1}
    assert progress.last == {"ana": f"{DAY}/{pair(2)}", "ben": ONE}
