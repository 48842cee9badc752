"""Claims and labels over the wire: no document is held twice, no label is lost, whoever comes in between."""

import contextlib
import datetime as dt
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.document_store import DocumentStore
from resources.errors import ServiceError
from resources.labels import (
    Label,
    LabelError,
    Labels,
    LostClaimError,
    is_overlap,
    read_score,
    read_truthfulness,
)
from resume_assets.schemas import DAY_VALIDATOR
from tests.services.test_document_store import DAY, LATER, NAME, NOON, document, pair, publish

MINUTE = dt.timedelta(minutes=1)
ONE = f"{DAY}/{pair(1)}"


@pytest.fixture
def store(mongo_uri: str) -> Iterator[DocumentStore]:
    documents = DocumentStore(mongo_uri, f"test_{uuid.uuid4().hex}")
    yield documents
    documents.database.client.drop_database(documents.database_name)


@pytest.fixture
def labels(store: DocumentStore) -> Labels:
    """One document, waiting, in its day and in `Resumes`."""
    publish(store, [document(1)])
    store.update_latest([document(1)])
    return Labels(store)


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


# Claiming


def test_a_claim_says_who_and_until_when(labels: Labels, store: DocumentStore) -> None:
    claimed = labels.claim_next(DAY, "ana", NOON)
    assert claimed
    assert (claimed["_id"], claimed["generated_resume"]) == (ONE, "g1 of 1")
    stored = of_day(store)
    assert (stored["claiming"], stored["claimed_by"], stored["claimed_until"]) == (True, "ana", NOON + labels.lease)
    assert list(store.protected(NAME, DAY, NOON))


def test_a_document_in_somebodys_hands_is_not_given_to_another_until_the_lease_ends(labels: Labels) -> None:
    labels.claim_next(DAY, "ana", NOON)
    assert labels.claim_next(DAY, "ben", NOON + labels.lease - MINUTE) is None
    assert labels.claim_next(DAY, "ben", NOON + labels.lease)
    with pytest.raises(LostClaimError, match="no longer hold"):
        labels.renew(ONE, "ana", NOON + labels.lease)


def test_renewing_keeps_a_document(labels: Labels) -> None:
    labels.claim_next(DAY, "ana", NOON)
    labels.renew(ONE, "ana", NOON + labels.lease)  # late, but nobody had taken it
    assert labels.claim_next(DAY, "ben", NOON + labels.lease + MINUTE) is None


def test_whoever_holds_a_document_gets_it_again(labels: Labels, store: DocumentStore) -> None:
    publish(store, [document(1), document(2)])
    first, again = labels.claim_next(DAY, "ana", NOON), labels.claim_next(DAY, "ana", LATER)
    assert first
    assert again
    assert first["_id"] == again["_id"]


def test_a_released_document_goes_to_the_next(labels: Labels) -> None:
    labels.claim_next(DAY, "ana", NOON)
    assert labels.release(ONE, "ana")
    assert not labels.release(ONE, "ana")
    assert labels.claim_next(DAY, "ben", NOON)
    assert not labels.release(ONE, "ana")


def test_a_skipped_document_goes_to_others_and_comes_back_later(labels: Labels, store: DocumentStore) -> None:
    labels.claim_next(DAY, "ana", NOON)
    labels.skip(ONE, "ana", " not my\nfield ", NOON)
    assert of_day(store)["skips"] == [{"by": "ana", "reason": "not my field", "at": NOON}]
    assert labels.claim_next(DAY, "ana", NOON + MINUTE) is None
    assert labels.claim_next(DAY, "ben", NOON + MINUTE)
    labels.release(ONE, "ben")
    assert labels.claim_next(DAY, "ana", NOON + labels.lease)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_a_skip_needs_a_short_reason(labels: Labels, reason: str) -> None:
    labels.claim_next(DAY, "ana", NOON)
    with pytest.raises(LabelError, match="why you skip"):
        labels.skip(ONE, "ana", reason, NOON)


def test_only_documents_of_the_day_are_given(labels: Labels, store: DocumentStore) -> None:
    next_year = "2027-07-23"
    store.publish_day(NAME, next_year, [document(1, day=next_year)], validator=DAY_VALIDATOR, now=NOON)
    labels.claim_next(DAY, "ana", NOON)
    save(labels)
    assert labels.claim_next(DAY, "ana", NOON) is None
    assert labels.claim_next(next_year, "ana", NOON)
    assert labels.claim_next("2026-07-24", "ana", NOON) is None


def test_many_at_once_never_hold_the_same_document(labels: Labels, store: DocumentStore) -> None:
    publish(store, [document(number) for number in range(1, 41)])
    others = [labels, Labels(store)]  # two processes remember different things
    names = [f"volunteer {number}" for number in range(48)]
    with ThreadPoolExecutor(16) as threads:
        claimed = list(threads.map(lambda n: others[n % 2].claim_next(DAY, names[n], NOON), range(48)))
    ids = [each["_id"] for each in claimed if each]
    assert len(ids) == len(set(ids)) == 40


def test_two_tabs_that_claim_at_once_show_the_same_document(labels: Labels, store: DocumentStore) -> None:
    publish(store, [document(number) for number in range(1, 21)])
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: labels.claim_next(DAY, "ana", NOON), range(8)))
    assert store.database[NAME].count_documents({"claimed_by": "ana"}) == 1


# Saving


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


# Undoing


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


# The second opinion


@pytest.fixture
def overlapping(labels: Labels) -> Labels:
    return replace(labels, overlap_share=1.0)


def test_the_overlap_share_is_labelled_by_two_people(overlapping: Labels, store: DocumentStore) -> None:
    overlapping.claim_next(DAY, "ana", NOON)
    save(overlapping)
    assert overlapping.claim_next(DAY, "ana", NOON) is None
    assert overlapping.claim_next(DAY, "ben", NOON)
    save(overlapping, "ben", 60, NOON + MINUTE, truthfulness=False)
    stored = of_day(store)
    assert [(each["didBy"], each["score"]) for each in stored["labels"]] == [("ana", 88), ("ben", 60)]
    assert (stored["score"], stored["didBy"], stored["truthfulness"]) == (88, "ana", True)
    assert of_latest(store)["labels"] == stored["labels"]
    assert overlapping.claim_next(DAY, "cem", NOON) is None


def test_the_first_label_undone_leaves_the_second_as_the_one_of_record(
    overlapping: Labels, store: DocumentStore
) -> None:
    for who, score in (("ana", 88), ("ben", 60)):
        overlapping.claim_next(DAY, who, NOON)
        save(overlapping, who, score)
    overlapping.undo(ONE, "ana", NOON)
    stored = of_day(store)
    assert (stored["score"], stored["didBy"], stored["wants_second"]) == (60, "ben", True)
    save(overlapping, "ana", 90)
    assert [each["didBy"] for each in of_day(store)["labels"]] == ["ben", "ana"]


def test_a_label_undone_while_another_reads_leaves_it_to_the_other(overlapping: Labels, store: DocumentStore) -> None:
    overlapping.claim_next(DAY, "ana", NOON)
    save(overlapping)
    overlapping.claim_next(DAY, "ben", NOON)
    overlapping.undo(ONE, "ana", NOON)
    assert of_day(store)["claimed_by"] == "ben"
    save(overlapping, "ben", 60)
    assert of_day(store)["didBy"] == "ben"


@given(st.lists(st.text(max_size=20), unique=True, max_size=30), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_holds_the_smaller(ids: list[str], one: float, other: float) -> None:
    small, large = sorted((one, other))
    assert {i for i in ids if is_overlap(i, small)} <= {i for i in ids if is_overlap(i, large)}
    assert not any(is_overlap(i, 0.0) for i in ids)
    assert all(is_overlap(i, 1.0) for i in ids)


def test_the_share_is_about_what_was_asked() -> None:
    chosen = sum(is_overlap(f"{DAY}/{pair(number)}", 0.1) for number in range(5000))
    assert 430 < chosen < 570


# Labels without a claim


def test_a_recorded_label_overwrites_nobodys(labels: Labels, store: DocumentStore) -> None:
    assert labels.record(ONE, Label("ana", 88, True, NOON))
    assert not labels.record(ONE, Label("ana", 12, True, NOON))
    assert not labels.record(ONE, Label("ben", 12, True, NOON))
    assert (of_day(store)["score"], of_latest(store)["score"]) == (88, 88)


def test_a_second_persons_label_is_recorded_for_the_overlap_share(overlapping: Labels, store: DocumentStore) -> None:
    assert overlapping.record(ONE, Label("ana", 88, True, NOON))
    assert overlapping.record(ONE, Label("ben", 12, True, NOON))
    assert not overlapping.record(ONE, Label("cem", 12, True, NOON))


def test_what_somebody_is_working_on_is_not_lost_to_a_recorded_label(labels: Labels, store: DocumentStore) -> None:
    labels.claim_next(DAY, "ana", NOON)
    assert labels.record(ONE, Label("ben", 60, True, NOON))
    save(labels)
    assert [each["didBy"] for each in of_day(store)["labels"]] == ["ben", "ana"]


def test_a_label_that_another_program_wrote_stays(overlapping: Labels, store: DocumentStore) -> None:
    by_hand = {"score": 55, "truthfulness": False, "didBy": "zoe", "labelled_at": NOON}
    store.database[NAME].update_one({"_id": ONE}, {"$set": by_hand})
    assert not overlapping.record(ONE, Label("zoe", 99, True, NOON))
    assert overlapping.record(ONE, Label("ana", 88, True, NOON))
    stored = of_day(store)
    assert (stored["score"], stored["didBy"]) == (55, "zoe")
    assert [each["didBy"] for each in stored["labels"]] == ["zoe", "ana"]


def test_a_bad_label_of_another_program_stops_nobody_and_stays(overlapping: Labels, store: DocumentStore) -> None:
    publish(store, [document(1), document(2)])
    bad = {"score": "eighty", "truthfulness": None, "labelled_at": NOON}
    store.database.command("collMod", NAME, validator={})
    store.database[NAME].update_one({"_id": ONE}, {"$set": bad})
    assert overlapping.progress(DAY).labelled == 1
    claimed = overlapping.claim_next(DAY, "ana", NOON)
    assert claimed
    assert claimed["_id"] != ONE
    overlapping.repair(DAY)
    assert of_day(store)["score"] == "eighty"


def test_what_is_no_label_at_all_stops_nobody_and_stays(labels: Labels, store: DocumentStore) -> None:
    store.database.command("collMod", NAME, validator={})
    store.database[NAME].update_one({"_id": ONE}, {"$set": {"labels": ["88 points"]}})
    labels.repair(DAY)
    assert labels.claim_next(DAY, "ana", NOON)
    save(labels)
    assert (of_day(store)["score"], of_latest(store)["score"]) == (88, 88)
    assert of_day(store)["labels"][0] == "88 points"
    assert labels.repair(DAY) == 0
    assert labels.progress(DAY).by_volunteer == {"ana": 1}


# Mending, counting


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


# What people type


@pytest.mark.parametrize(("typed", "score"), [("0", 0), ("100", 100), (" 88 ", 88), ("007", 7)])
def test_a_score_is_read(typed: str, score: int) -> None:
    assert read_score(typed) == score


@pytest.mark.parametrize("typed", ["", "101", "-1", "7.5", "eighty", "8 0", "٨٠", "1e2", "0x10", "9" * 400, "88%"])
def test_what_is_no_score_is_told(typed: str) -> None:
    with pytest.raises(LabelError, match="whole number from 0 to 100"):
        read_score(typed)


@given(st.text())
def test_any_text_is_a_score_or_an_error(typed: str) -> None:
    with contextlib.suppress(LabelError):
        assert 0 <= read_score(typed) <= 100


def test_truthfulness_is_read() -> None:
    assert (read_truthfulness("yes"), read_truthfulness(" N ")) == (True, False)
    with pytest.raises(LabelError):
        read_truthfulness("maybe")
