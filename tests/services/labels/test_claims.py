"""Claims over the wire: no document is held twice, whoever comes in between."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from resources.document_store import DocumentStore
from resources.labels import (
    LabelError,
    Labels,
    LostClaimError,
)
from resume_assets.schemas import DAY_VALIDATOR
from tests.services.labels.documents import MINUTE, ONE, of_day, save
from tests.services.test_document_store import DAY, LATER, NAME, NOON, document, publish


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
