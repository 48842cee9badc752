"""The statistics of labels: figures that can be checked by hand, and nothing told that the data cannot tell."""

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailoring.comparisons import compare, trend
from tailoring.statistics import Rating, describe, histogram, summarise, volunteers, z_scores

FIRST = dt.date(2026, 7, 23)


def rating(place: int, score: int = 80, **changes: Any) -> Rating:
    values = {
        "document_id": f"d{place}",
        "resume_id": f"r{place}",
        "day": FIRST,
        "volunteer": "ana",
        "truthful": True,
        "arm": "base",
        "prompt_version": "p1",
        "model": "m1",
        **changes,
    }
    return Rating(score=score, **values)


def scored(*scores: int, **changes: Any) -> list[Rating]:
    return [rating(number, score, **changes) for number, score in enumerate(scores)]


def test_a_summary_by_hand() -> None:
    summary = summarise(scored(60, 70, 80, 90, 100))
    assert summary
    assert (summary.documents, summary.mean, summary.median) == (5, 80, 80)
    assert (summary.lower_quartile, summary.upper_quartile) == (70, 90)
    assert summary.sd == pytest.approx(15.811, abs=1e-3)
    assert (summary.minimum, summary.maximum) == (60, 100)
    assert summary.interval
    assert summary.interval.low < 80 < summary.interval.high


def test_truth_is_a_share_with_wilsons_interval() -> None:
    summary = summarise([rating(number, truthful=number > 0) for number in range(10)])
    assert summary
    assert summary.truthful.value == 0.9
    assert summary.truthful.interval.low == pytest.approx(0.596, abs=1e-3)
    assert summary.truthful.interval.high == pytest.approx(0.982, abs=1e-3)


def test_no_ratings_are_no_summary_and_one_has_no_spread() -> None:
    assert summarise([]) is None
    one = summarise([rating(1)])
    assert one
    assert (one.mean, one.sd, one.interval) == (80, None, None)


def test_documents_of_one_resume_tell_no_interval() -> None:
    summary = summarise([rating(1, 60), rating(2, 90, resume_id="r1")])
    assert summary
    assert summary.interval is None


def test_resumes_are_drawn_whole() -> None:
    """Ten documents of each of ten resumes say as little of other resumes as one of each."""
    apart = summarise([rating(number, 50 + 5 * number) for number in range(10)])
    repeated = summarise([rating(number, 50 + 5 * (number % 10), resume_id=f"r{number % 10}") for number in range(100)])
    assert apart
    assert repeated
    assert apart.interval
    assert repeated.interval == apart.interval


def test_the_histogram_has_ten_bins_and_a_hundred_is_in_the_last() -> None:
    bins = histogram([0, 9, 10, 89, 90, 100])
    assert [each.count for each in bins] == [2, 1, 0, 0, 0, 0, 0, 0, 1, 2]
    assert (bins[0].low, bins[0].high, bins[-1].low, bins[-1].high) == (0, 10, 90, 100)


@given(st.lists(st.integers(0, 100), max_size=50))
def test_every_score_is_in_one_bin(scores: list[int]) -> None:
    assert sum(each.count for each in histogram(scores)) == len(scores)


def test_a_document_far_from_the_others_is_an_outlier() -> None:
    ratings = scored(*[80, 81, 79, 80, 82, 78] * 4, 5)
    (outlier,) = describe(ratings).outliers
    assert (outlier.document_id, outlier.score) == ("d24", 5)
    assert outlier.z < -3
    assert sum(each.z for each in z_scores(ratings)) == pytest.approx(0, abs=1e-9)


def test_scores_without_spread_have_no_z() -> None:
    assert z_scores(scored(80, 80, 80)) == ()
    assert z_scores(scored(80)) == ()


def test_groups_are_by_arm_prompt_model_and_day() -> None:
    found = describe(
        [
            rating(1, 60),
            rating(2, 90, arm="new", prompt_version="p2", model="m2", day=FIRST + dt.timedelta(1)),
            rating(3, 70, arm=""),
        ]
    )
    assert [(each.name, each.summary.mean) for each in found.arms] == [("base", 60), ("new", 90), ("unknown", 70)]
    assert [(each.name, each.summary.mean) for each in found.prompts] == [("p1", 65), ("p2", 90)]
    assert [(each.name, each.summary.mean) for each in found.models] == [("m1", 65), ("m2", 90)]
    assert [(each.name, each.summary.mean) for each in found.days] == [("2026-07-23", 65), ("2026-07-24", 90)]


def test_a_document_counts_once_whoever_labelled_it() -> None:
    found = describe([rating(1, 60), rating(1, 100, volunteer="ben", number=2)])
    assert found.summary
    assert (found.summary.documents, found.summary.mean) == (1, 60)
    assert [each.labels for each in found.volunteers] == [1, 1]


def test_agreement_is_of_what_two_people_judged() -> None:
    pairs = [(60, 62), (80, 81), (90, 88)]
    twice = [
        rating(number, score, number=which, volunteer=name, truthful=number > 0)
        for number, scores in enumerate(pairs)
        for which, (name, score) in enumerate(zip(("ana", "ben"), scores, strict=True), start=1)
    ]
    found = describe([*twice, rating(9, 10)]).agreement
    assert (found.documents, found.kappa) == (3, 1)
    assert found.alpha == pytest.approx(0.99, abs=0.01)
    nobody = describe(scored(1, 2)).agreement
    assert (nobody.documents, nobody.alpha, nobody.kappa) == (0, None, None)


def test_a_harsh_volunteer_is_seen() -> None:
    harsh = [rating(number, 50 + number % 5, volunteer="harsh") for number in range(20)]
    others = [rating(100 + number, 80 + number % 5, volunteer=f"v{number % 3}") for number in range(30)]
    found = {each.name: each for each in volunteers([*harsh, *others])}
    z = {name: each.z for name, each in found.items()}
    assert z["harsh"] is not None
    assert z["harsh"] < -10
    assert all(value is not None and value > 0 for name, value in z.items() if name != "harsh")


def test_a_volunteers_work_is_counted_and_timed() -> None:
    ratings = [
        rating(1, 60, seconds=30.0),
        rating(2, 80, seconds=None, day=FIRST + dt.timedelta(1), truthful=False),
        rating(3, 70, seconds=50.0),
        rating(4, volunteer="ben"),
    ]
    first, second = volunteers(ratings)
    assert (first.name, first.labels, first.days, first.median_seconds) == ("ana", 3, 2, 40.0)
    assert (first.mean_score, first.truthful_share) == (70, pytest.approx(2 / 3))
    assert (second.median_seconds, second.z) == (None, None)
    assert describe(ratings).median_seconds == 40.0


def test_a_better_arm_is_told_with_an_interval() -> None:
    draw = random.Random(1)
    scores: list[tuple[str, str, float]] = [
        (arm, f"r{number}", base + draw.gauss(0, 5)) for number in range(60) for arm, base in (("old", 70), ("new", 76))
    ]
    scores.append(("old", "r60", 70))
    (found,) = compare(scores)
    assert (found.name, found.baseline) == ("new", "old")
    assert found.interval
    assert found.interval.low < 6 < found.interval.high
    assert found.differs


def test_arms_of_chance_seldom_differ() -> None:
    """Several comparisons share the 5% of error."""
    wrong = 0
    for seed in range(60):
        draw = random.Random(seed)
        scores = [(arm, f"r{number}", draw.gauss(75, 10)) for number in range(40) for arm in ("a", "b", "c", "d")]
        wrong += any(each.differs for each in compare(scores))
    assert wrong <= 6


@pytest.mark.parametrize("scores", [[], [("a", "r1", 1.0)], [("a", "r1", 1.0), ("a", "r2", 5.0)]])
def test_one_arm_is_compared_with_nothing(scores: Sequence[tuple[str, str, float]]) -> None:
    assert compare(scores) == ()


def test_a_difference_of_one_resume_has_no_interval() -> None:
    (found,) = compare([("a", "r1", 60.0), ("a", "r2", 70.0), ("b", "r3", 90.0)])
    assert (found.difference, found.interval, found.differs) == (25, None, False)


def test_a_trend_is_the_slope_over_the_days() -> None:
    rising = [
        (FIRST + dt.timedelta(day), f"r{number}", 60.0 + 2 * day + number) for day in range(10) for number in range(5)
    ]
    found = trend(rising)
    assert found
    assert found.points_a_day == pytest.approx(2)
    assert found.interval
    assert found.interval.low == pytest.approx(2)


def test_a_hole_in_the_days_does_not_bend_the_trend() -> None:
    found = trend([(FIRST + dt.timedelta(day), "r", 3.0 * day) for day in (0, 1, 10)])
    assert found
    assert found.points_a_day == pytest.approx(3)
    assert found.interval is None


def test_one_day_has_no_trend() -> None:
    assert trend([]) is None
    assert trend([(FIRST, "r1", 1.0), (FIRST, "r2", 2.0)]) is None


ratings = st.builds(
    rating,
    st.integers(0, 8),
    st.integers(0, 100),
    volunteer=st.sampled_from(["ana", "ben"]),
    arm=st.sampled_from(["", "a", "b"]),
    resume_id=st.sampled_from(["r1", "r2", "r3"]),
    day=st.dates(FIRST, FIRST + dt.timedelta(3)),
    truthful=st.booleans(),
    seconds=st.none() | st.floats(0, 900),
    number=st.sampled_from([1, 2]),
)


@given(st.lists(ratings, max_size=12, unique_by=lambda each: (each.document_id, each.number)), st.randoms())
def test_any_ratings_in_any_order_have_statistics(found: list[Rating], order: random.Random) -> None:
    shuffled = order.sample(found, len(found))
    assert describe(shuffled) == describe(found)
