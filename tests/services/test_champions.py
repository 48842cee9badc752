"""The registry of models over MongoDB's wire: who reigns on which day, and the way back."""

import datetime as dt
from dataclasses import replace

import pytest

from resources.champions import Champions, Reign, TunedModel, UnknownModelError
from resources.document_store import DocumentStore

BASE = "extractive-1"
NIGHT = dt.datetime(2026, 7, 24, 7, tzinfo=dt.UTC)


@pytest.fixture
def champions(documents: DocumentStore) -> Champions:
    return Champions(documents)


def tuned(model: str, day: str = "2026-07-23") -> TunedModel:
    return TunedModel(model, day, BASE, "dpo", f"job-{model}", "hash", 40, NIGHT, metrics={"score": 71.5})


def crowned(champions: Champions, model: str, learned_on: str, at: dt.datetime = NIGHT) -> bool:
    from_day = (dt.date.fromisoformat(learned_on) + dt.timedelta(days=1)).isoformat()
    champions.register(tuned(model, learned_on))
    return champions.crown(Reign(model, from_day, at, "better", "pipeline"), f"learn_day/{learned_on}")


def test_base_writes_until_a_model_is_promoted(champions: Champions) -> None:
    assert champions.standing("2026-07-24", BASE) == BASE


def test_champion_writes_from_the_day_after_it_learned_and_not_before(champions: Champions) -> None:
    crowned(champions, "a", "2026-07-23")
    crowned(champions, "b", "2026-07-25")
    days = ("2026-07-23", "2026-07-24", "2026-07-25", "2026-07-26", "2027-01-01")
    assert [champions.standing(day, BASE) for day in days] == [BASE, "a", "a", "b", "b"]


def test_past_day_learned_again_leaves_todays_champion(champions: Champions) -> None:
    crowned(champions, "today", "2026-07-25", NIGHT)
    crowned(champions, "past", "2026-07-23", NIGHT + dt.timedelta(days=9))
    assert champions.standing("2026-07-24", BASE) == "past"
    assert champions.standing("2026-07-26", BASE) == "today"


def test_same_decision_counts_once_even_after_a_roll_back(champions: Champions) -> None:
    assert crowned(champions, "a", "2026-07-23")
    champions.roll_back(from_day="2026-07-24", at=NIGHT + dt.timedelta(hours=9), by="ann", base=BASE)
    assert not crowned(champions, "a", "2026-07-23", NIGHT + dt.timedelta(days=1))
    assert champions.standing("2026-07-24", BASE) == BASE


def test_roll_back_goes_one_champion_back_each_time(champions: Champions) -> None:
    crowned(champions, "a", "2026-07-23")
    crowned(champions, "b", "2026-07-24")
    noon = dt.datetime(2026, 7, 26, 19, tzinfo=dt.UTC)
    back = [
        champions.roll_back(from_day="2026-07-26", at=noon + dt.timedelta(minutes=n), by="ann", base=BASE)
        for n in range(2)
    ]
    assert [reign.model for reign in back] == ["a", BASE]
    assert champions.standing("2026-07-26", BASE) == BASE
    assert champions.standing("2026-07-25", BASE) == "b"  # what was stays as it was


def test_roll_back_from_the_first_champion_says_that_there_is_none(champions: Champions) -> None:
    with pytest.raises(UnknownModelError, match="none to go back to"):
        champions.roll_back(from_day="2026-07-24", at=NIGHT, by="ann", base=BASE)


def test_rolled_back_to_the_base_there_is_nothing_further_back(champions: Champions) -> None:
    crowned(champions, "a", "2026-07-23")
    champions.roll_back(from_day="2026-07-24", at=NIGHT + dt.timedelta(hours=9), by="ann", base=BASE)
    with pytest.raises(UnknownModelError, match="none to go back to"):
        champions.roll_back(from_day="2026-07-24", at=NIGHT + dt.timedelta(hours=10), by="ann", base=BASE)
    assert champions.standing("2026-07-24", BASE) == BASE


def test_only_a_registered_model_or_the_base_is_promoted_by_hand(champions: Champions) -> None:
    champions.register(tuned("a"))
    champions.promote("a", from_day="2026-07-24", at=NIGHT, reason="trial", by="ann", base=BASE)
    assert champions.standing("2026-07-24", BASE) == "a"
    later = NIGHT + dt.timedelta(minutes=1)
    champions.promote(BASE, from_day="2026-07-24", at=later, reason="trial", by="ann", base=BASE)
    assert champions.standing("2026-07-24", BASE) == BASE
    with pytest.raises(UnknownModelError, match="no model 'z'; known are extractive-1, a"):
        champions.promote("z", from_day="2026-07-24", at=later, reason="", by="ann", base=BASE)


def test_provenance_comes_back_as_it_was_kept(champions: Champions) -> None:
    champions.register(tuned("a"))
    champions.register(replace(tuned("a"), verdict="rejected"))
    assert champions.models() == [replace(tuned("a"), verdict="rejected")]
    assert champions.find("z") is None
