"""The document store over the wire: what people have labelled survives whatever the pipeline does."""

import datetime as dt
from typing import Any

import pytest
from pymongo.errors import WriteError

from resources.document_store import SUPERSEDED, DocumentStore
from resources.errors import ServiceError
from resume_assets.schemas import DAY_VALIDATOR

NOON = dt.datetime(2026, 7, 23, 12, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(hours=1)
DAY = "2026-07-23"
NAME = "july-23-resumes"


@pytest.fixture
def store(documents: DocumentStore) -> DocumentStore:
    return documents


def pair(number: int) -> str:
    return f"{number:016x}-{number:016x}"


def document(number: int, generation: str = "g1", day: str = DAY) -> dict[str, Any]:
    return {
        "_id": f"{day}/{pair(number)}",
        "id": pair(number),
        "partition_date": day,
        "generation_id": generation,
        "resume_text": "source",
        "job_descriptions": "posting",
        "generated_resume": f"{generation} of {number}",
        "prompt": "prompt",
        "claiming": False,
        "claimed_until": None,
        "didBy": None,
        "labelled_at": None,
    }


def publish(store: DocumentStore, documents: list[dict[str, Any]], **options: Any) -> Any:
    return store.publish_day(NAME, DAY, documents, **{"validator": DAY_VALIDATOR, "now": NOON, **options})


def label(store: DocumentStore, number: int) -> dict[str, Any]:
    """As the label page does it."""
    day = store.database[NAME]
    day.update_one(
        {"_id": f"{DAY}/{pair(number)}"},
        {"$set": {"score": 88, "truthfulness": True, "didBy": "ana", "labelled_at": NOON}},
    )
    found = day.find_one({"_id": f"{DAY}/{pair(number)}"})
    assert found
    return found


def test_publishing_twice_changes_nothing(store: DocumentStore) -> None:
    documents = [document(1), document(2)]
    first, again = publish(store, documents), publish(store, documents)
    assert (first.new, first.unchanged) == (2, 0)
    assert (again.new, again.replaced, again.unchanged) == (0, 0, 2)
    assert store.document_ids(NAME, DAY) == {f"{DAY}/{pair(1)}", f"{DAY}/{pair(2)}"}


def test_a_new_generation_replaces_what_nobody_touched(store: DocumentStore) -> None:
    publish(store, [document(1)])
    assert publish(store, [document(1, "g2")]).replaced == 1
    assert store.database[NAME].find_one()["generated_resume"] == "g2 of 1"  # type: ignore[index]


def rejudged(number: int) -> dict[str, Any]:
    """The same answer, as stricter judges find it."""
    claims = [{"text": "Kafka", "kind": "skill", "why": "w", "start": 0, "end": 5, "nearest_source_line": ""}]
    return {**document(number), "truthful": False, "unsupported_claims": claims, "ats_prescore": 41.5, "job_fit": 12.0}


def test_a_document_that_is_judged_otherwise_today_is_brought_up_to_date(store: DocumentStore) -> None:
    publish(store, [document(1), document(2)])
    store.database[NAME].update_one({"id": pair(1)}, {"$set": {"skipped_by": ["ana"]}})
    result = publish(store, [rejudged(1), document(2)])
    assert (result.replaced, result.unchanged) == (1, 1)
    assert store.database[NAME].find_one({"id": pair(1)}) == {**rejudged(1), "skipped_by": ["ana"]}
    assert publish(store, [rejudged(1), document(2)]).unchanged == 2


@pytest.mark.parametrize("force", [False, True])
def test_what_people_labelled_or_opened_is_not_judged_again(store: DocumentStore, force: bool) -> None:
    publish(store, [document(1), document(2)])
    labelled = label(store, 1)
    store.database[NAME].update_one(
        {"id": pair(2)}, {"$set": {"claimed_until": NOON}}
    )  # run out, but still on a screen
    assert publish(store, [rejudged(1), rejudged(2)], now=LATER, force=force).kept == 2
    assert store.database[NAME].find_one({"id": pair(1)}) == labelled
    assert "truthful" not in store.database[NAME].find_one({"id": pair(2)})  # type: ignore[operator]


def test_the_latest_state_is_judged_again_unless_it_is_labelled(store: DocumentStore) -> None:
    store.update_latest([document(1), document(2)])
    store.database["Resumes"].update_one({"_id": pair(2)}, {"$set": {"score": 70, "labelled_at": NOON}})
    assert store.update_latest([rejudged(1), rejudged(2)]) == 1
    assert store.database["Resumes"].find_one({"_id": pair(1)}) == {**rejudged(1), "_id": pair(1)}
    assert "truthful" not in store.database["Resumes"].find_one({"_id": pair(2)})  # type: ignore[operator]


def test_a_label_survives_a_new_generation(store: DocumentStore) -> None:
    publish(store, [document(1), document(2)])
    labelled = label(store, 1)
    result = publish(store, [document(1, "g2"), document(2, "g2")])
    assert (result.kept, result.replaced) == (1, 1)
    assert store.database[NAME].find_one({"_id": labelled["_id"]}) == labelled


def test_force_replaces_a_labelled_document_and_keeps_the_old_version(store: DocumentStore) -> None:
    publish(store, [document(1)])
    labelled = label(store, 1)
    result = publish(store, [document(1, "g2")], force=True)
    assert (result.superseded, result.kept) == (1, 0)
    kept = store.database[SUPERSEDED].find_one()
    assert kept
    assert kept["score"] == 88
    assert kept["generated_resume"] == labelled["generated_resume"]
    assert "score" not in store.database[NAME].find_one()  # type: ignore[operator]


@pytest.mark.parametrize("force", [False, True])
def test_a_document_in_somebodys_hands_is_left_alone_until_the_lease_ends(store: DocumentStore, force: bool) -> None:
    publish(store, [document(1)])
    store.database[NAME].update_one({}, {"$set": {"claiming": True, "didBy": "ana", "claimed_until": LATER}})
    assert publish(store, [document(1, "g2")], force=force).kept == 1
    assert publish(store, [document(1, "g2")], now=LATER).replaced == 1


def test_documents_that_left_the_day_go_unless_they_are_labelled(store: DocumentStore) -> None:
    publish(store, [document(1), document(2), document(3)])
    label(store, 2)
    assert publish(store, [document(1)]).withdrawn == 1
    assert store.document_ids(NAME, DAY) == {f"{DAY}/{pair(1)}", f"{DAY}/{pair(2)}"}


def test_another_year_shares_the_collection_and_touches_nothing(store: DocumentStore) -> None:
    publish(store, [document(1)])
    next_year = "2027-07-23"
    store.publish_day(NAME, next_year, [document(1, day=next_year)], validator=DAY_VALIDATOR, now=NOON)
    assert store.document_ids(NAME, DAY) == {f"{DAY}/{pair(1)}"}
    assert store.document_ids(NAME, next_year) == {f"{next_year}/{pair(1)}"}


def test_protected_are_the_labelled_and_the_held(store: DocumentStore) -> None:
    publish(store, [document(1), document(2), document(3)])
    label(store, 1)
    store.database[NAME].update_one({"id": pair(2)}, {"$set": {"claimed_until": LATER}})
    assert {each["id"] for each in store.protected(NAME, DAY, NOON)} == {pair(1), pair(2)}
    assert {each["id"] for each in store.protected(NAME, DAY, LATER)} == {pair(1)}


@pytest.mark.parametrize(
    "bad",
    [
        {"score": 101},
        {"score": -1},
        {"score": 7.5},
        {"score": "eighty"},
        {"truthfulness": "yes"},
        {"generated_resume": ""},
    ],
)
def test_the_database_refuses_a_bad_label_from_anybody(store: DocumentStore, bad: dict[str, Any]) -> None:
    publish(store, [document(1)])
    with pytest.raises(WriteError):
        store.database[NAME].update_one({}, {"$set": bad})


@pytest.mark.parametrize("good", [{"score": 0}, {"score": 100}, {"truthfulness": False}])
def test_the_database_takes_a_good_label(store: DocumentStore, good: dict[str, Any]) -> None:
    publish(store, [document(1)])
    assert store.database[NAME].update_one({}, {"$set": good}).modified_count == 1


def test_latest_moves_forward_only(store: DocumentStore) -> None:
    assert store.update_latest([document(1, "new", "2026-07-24"), document(2)]) == 2
    assert store.update_latest([document(1, "old"), document(2)]) == 0
    shown = {each["_id"]: each for each in store.database["Resumes"].find()}
    assert shown[pair(1)]["partition_date"] == "2026-07-24"
    assert store.newest_day() == "2026-07-24"


def test_latest_keeps_the_label_while_the_generation_stays(store: DocumentStore) -> None:
    store.update_latest([document(1)])
    store.database["Resumes"].update_one({"_id": pair(1)}, {"$set": {"score": 90, "truthfulness": True}})
    store.update_latest([document(1)])
    assert store.database["Resumes"].find_one({"_id": pair(1)})["score"] == 90  # type: ignore[index]
    store.update_latest([document(1, "g2")])
    assert "score" not in store.database["Resumes"].find_one({"_id": pair(1)})  # type: ignore[operator]


def test_the_edited_collection_holds_exactly_what_it_is_given(store: DocumentStore) -> None:
    store.mirror_edited([document(1), document(2)])
    store.mirror_edited([document(2, "g2")])
    assert [each["generation_id"] for each in store.database["resumes_post_edit"].find()] == ["g2"]


def test_a_database_that_is_down_is_told_clearly() -> None:
    store = DocumentStore("mongodb://127.0.0.1:9/?directConnection=true", "x", timeout_seconds=0.2)
    with pytest.raises(ServiceError, match=r"MongoDB does not answer.*make up") as caught:
        store.ping()
    assert caught.value.transient


def test_an_address_that_is_none_is_told_clearly() -> None:
    with pytest.raises(ServiceError, match="MONGO_URI or MONGO_DB_NAME cannot be used") as caught:
        DocumentStore("mongodb://host:port:port/", "x").ping()
    assert not caught.value.transient
