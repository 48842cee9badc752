"""Second opinions, labels recorded without a claim, and those of other programs: over the wire, and none is lost."""

from hypothesis import given
from hypothesis import strategies as st

from resources.document_store import DocumentStore
from resources.labels import (
    Label,
    Labels,
    is_overlap,
)
from tests.services.labels.documents import MINUTE, ONE, of_day, of_latest, save
from tests.services.test_document_store import DAY, NAME, NOON, document, pair, publish


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
