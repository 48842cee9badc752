"""Calibration of the ATS score, agreement of the truth check, and the intervals that both report."""

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailoring.agreement import JudgedTruth, truth_agreement
from tailoring.ats_score import AtsReport, Check
from tailoring.calibration import Calibration, ScoredResume, calibrate, is_held_out
from tailoring.intervals import mean_interval, wilson_interval

MOST = {"sections": 40.0, "bullets": 30.0, "spelling": 30.0}
DAY = date(2026, 7, 1)


def labels(
    score: Callable[[Mapping[str, float], random.Random], float], *, resumes: int = 150, each: int = 2, seed: int = 1
) -> list[ScoredResume]:
    """Resumes of all qualities, each labelled a few times over some weeks by volunteers who score in the given way."""
    chance = random.Random(seed)
    rows = []
    for resume in range(resumes):
        for _ in range(each):
            points = {name: round(chance.uniform(0.2, 1) * most, 2) for name, most in MOST.items()}
            given = min(100.0, max(0.0, score(points, chance)))
            rows.append(ScoredResume(f"r{resume}", DAY + timedelta(days=chance.randrange(28)), points, given))
    return rows


def agreeing(points: Mapping[str, float], chance: random.Random) -> float:
    return sum(points.values()) + chance.gauss(0, 6)


def harsh(points: Mapping[str, float], chance: random.Random) -> float:
    """Volunteers use the lower half of the scale, in steps."""
    return 10 + 0.5 * sum(points.values()) + chance.gauss(0, 4)


def only_sections(points: Mapping[str, float], chance: random.Random) -> float:
    return 2.2 * points["sections"] + 5 + chance.gauss(0, 4)


def report(points: Mapping[str, float]) -> AtsReport:
    checks = tuple(Check(name, value, int(MOST.get(name, 100)), "", "") for name, value in points.items())
    return AtsReport(round(sum(points.values()), 2), checks)


def by_kind(calibration: Calibration) -> dict[str, float]:
    return {figures.kind: figures.mae for figures in calibration.figures}


class TestChoice:
    def test_volunteers_who_score_harder_are_followed(self) -> None:
        found = calibrate(labels(harsh))
        assert found.kind != "uncalibrated"
        assert by_kind(found)[found.kind] < 5 < by_kind(found)["uncalibrated"]
        assert found.apply(report({"sections": 32, "bullets": 24, "spelling": 24})) == pytest.approx(50, abs=4)

    def test_ridge_wins_where_people_look_at_one_check_only(self) -> None:
        found = calibrate(labels(only_sections))
        assert found.kind == "ridge"
        good, bad = {"sections": 40, "bullets": 6, "spelling": 6}, {"sections": 8, "bullets": 30, "spelling": 30}
        assert found.apply(report(good)) > 80 > 40 > found.apply(report(bad))

    def test_isotonic_wins_where_people_see_a_threshold(self) -> None:
        def all_or_nothing(points: Mapping[str, float], chance: random.Random) -> float:
            return (85 if sum(points.values()) > 60 else 25) + chance.gauss(0, 3)

        found = calibrate(labels(all_or_nothing))
        assert found.kind == "isotonic"
        assert found.apply(report({"sections": 30, "bullets": 25, "spelling": 25})) == pytest.approx(85, abs=4)

    @pytest.mark.parametrize("seed", range(5))
    def test_a_score_that_people_share_is_left_alone(self, seed: int) -> None:
        found = calibrate(labels(agreeing, seed=seed))
        assert found.kind == "uncalibrated"
        assert "no calibration is surely better" in found.reason

    def test_noise_is_not_followed_further_than_to_its_mean(self) -> None:
        found = calibrate(labels(lambda points, chance: chance.uniform(30, 90)))
        assert all(abs(figures.rank_correlation or 0) < 0.3 for figures in found.figures)
        assert by_kind(found)["ridge"] > 12  # nobody can foresee noise

    def test_a_gain_on_the_fitted_resumes_alone_does_not_count(self) -> None:
        """Volunteers of the held-out resumes agree with the score; the others do not."""
        rows = [
            row if is_held_out(row.resume_id) else ScoredResume(row.resume_id, row.day, row.points, row.score / 3)
            for row in labels(agreeing)
        ]
        assert calibrate(rows).kind == "uncalibrated"

    @pytest.mark.parametrize("rows", [[], labels(harsh, resumes=20, each=1), labels(harsh, resumes=3, each=60)])
    def test_too_few_labels_calibrate_nothing_and_say_so(self, rows: list[ScoredResume]) -> None:
        found = calibrate(rows)
        assert found.kind == "uncalibrated"
        assert found.reason.startswith("too few labels")
        assert found.figures == ()
        assert found.apply(report({"sections": 20, "bullets": 10, "spelling": 30.5})) == 60.5


class TestFigures:
    def test_no_resume_is_on_both_sides_of_the_split(self) -> None:
        rows = labels(harsh)
        found = calibrate(rows)
        held = {row.resume_id for row in rows if is_held_out(row.resume_id)}
        assert found.held_out.resumes == len(held)
        assert found.fitted_on.resumes + found.held_out.resumes == 150
        assert found.fitted_on.labels + found.held_out.labels == 300
        assert 30 <= len(held) <= 75

    def test_error_and_rank_correlation_of_the_plain_score(self) -> None:
        """People spread their scores less, in the same order."""
        rows = labels(lambda points, _: round(sum(points.values()), 2) * 0.8 + 8)
        plain = calibrate(rows).figures[0]
        errors = [sum(row.points.values()) - row.score for row in rows if is_held_out(row.resume_id)]
        assert plain.kind == "uncalibrated"
        assert plain.mae == pytest.approx(np.abs(errors).mean())
        assert plain.mae_interval.low < plain.mae < plain.mae_interval.high
        assert plain.rank_correlation == pytest.approx(1)
        assert plain.gain == 0

    def test_ties_share_their_rank_and_a_constant_has_no_rank_correlation(self) -> None:
        tied = calibrate(labels(lambda points, _: 80 if points["sections"] > 24 else 20))
        assert 0.3 < (tied.figures[0].rank_correlation or 0) < 0.9
        assert calibrate(labels(lambda _, __: 70)).figures[0].rank_correlation is None

    def test_drift_tells_the_week_in_which_volunteers_changed(self) -> None:
        rows = [
            ScoredResume(row.resume_id, row.day, row.points, max(0.0, row.score - 20 * (row.day >= date(2026, 7, 20))))
            for row in labels(agreeing, resumes=400)
        ]
        drift = {week.week: week for week in calibrate(rows).figures[0].drift}
        assert list(drift) == ["2026-W27", "2026-W28", "2026-W29", "2026-W30", "2026-W31"]
        changed = {name for name, week in drift.items() if week.interval and week.interval.low > 10}
        assert changed == {"2026-W30", "2026-W31"}
        assert drift["2026-W30"].mean_error == pytest.approx(20, abs=3)
        assert sum(week.labels for week in drift.values()) == calibrate(rows).held_out.labels

    def test_a_week_with_few_resumes_has_no_interval(self) -> None:
        rows = labels(agreeing)
        stray = next(row for row in rows if is_held_out(row.resume_id))
        rows.append(ScoredResume(stray.resume_id, date(2026, 12, 30), stray.points, stray.score))
        last = calibrate(rows).figures[0].drift[-1]
        assert (last.week, last.labels, last.interval) == ("2026-W53", 1, None)


class TestResult:
    def test_the_order_of_the_labels_does_not_matter(self) -> None:
        rows = labels(only_sections)
        shuffled = random.Random(3).sample(rows, len(rows))
        assert calibrate(shuffled) == calibrate(rows)

    def test_a_seed_moves_only_the_intervals(self) -> None:
        rows = labels(harsh)
        one, same, other = calibrate(rows, seed=1), calibrate(rows, seed=1), calibrate(rows, seed=2)
        assert one == same
        assert one.parameters == other.parameters
        assert by_kind(one) == by_kind(other)
        assert one.figures[0].mae_interval != other.figures[0].mae_interval

    @pytest.mark.parametrize("way", [agreeing, harsh, only_sections])
    def test_it_survives_being_stored(self, way: Callable[[Mapping[str, float], random.Random], float]) -> None:
        found = calibrate(labels(way))
        assert Calibration.model_validate_json(found.model_dump_json()) == found

    def test_a_ridge_refuses_a_report_of_other_checks(self) -> None:
        found = calibrate(labels(only_sections))
        with pytest.raises(ValueError, match=r"\(layout\): calibrate again"):
            found.apply(report({"sections": 1, "bullets": 1, "spelling": 1, "layout": 1}))

    def test_labels_of_different_checks_are_refused(self) -> None:
        rows = [*labels(harsh), ScoredResume("x", DAY, {"sections": 3.0}, 50)]
        with pytest.raises(ValueError, match="different ATS checks"):
            calibrate(rows)

    @pytest.mark.parametrize("score", [-1, 100.5, float("nan")])
    def test_an_impossible_score_is_refused(self, score: float) -> None:
        with pytest.raises(ValueError, match="resume r7"):
            calibrate([ScoredResume("r7", DAY, {"sections": 3.0}, score)])


@cache
def isotonic() -> Calibration:
    return calibrate(
        labels(lambda points, chance: (85 if sum(points.values()) > 60 else 25) + chance.gauss(0, 3), resumes=100)
    )


@cache
def ridge() -> Calibration:
    return calibrate(labels(only_sections, resumes=100))


ANY_POINTS = st.fixed_dictionaries({name: st.floats(0, most) for name, most in MOST.items()})


@given(ANY_POINTS, ANY_POINTS)
def test_a_higher_total_never_scores_lower_on_the_isotonic_curve(one: dict[str, float], two: dict[str, float]) -> None:
    assert isotonic().kind == "isotonic"
    low, high = sorted((report(one), report(two)), key=lambda each: sum(check.points for check in each.checks))
    assert isotonic().apply(low) <= isotonic().apply(high)


@given(st.fixed_dictionaries({name: st.floats(-1e6, 1e6) for name in MOST}))
def test_a_calibrated_score_stays_between_0_and_100(points: dict[str, float]) -> None:
    assert ridge().kind == "ridge"
    assert 0 <= ridge().apply(report(points)) <= 100
    assert 0 <= isotonic().apply(report(points)) <= 100


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 90))
def test_whatever_the_labels_nothing_is_chosen_that_is_worse(seed: int, resumes: int) -> None:
    chance = random.Random(seed)
    slope, bend = chance.uniform(-1, 1.5), chance.uniform(0, 40)
    found = calibrate(
        labels(lambda points, noise: slope * sum(points.values()) + noise.gauss(bend, 15), resumes=resumes)
    )
    mae = by_kind(found)
    assert not mae or mae[found.kind] <= mae["uncalibrated"]


class TestTruthAgreement:
    def test_a_lie_is_the_positive_class(self) -> None:
        documents = [
            *[JudgedTruth(by_check=False, by_volunteer=False)] * 9,
            *[JudgedTruth(by_check=True, by_volunteer=False)] * 1,
            *[JudgedTruth(by_check=False, by_volunteer=True)] * 6,
            *[JudgedTruth(by_check=True, by_volunteer=True)] * 24,
        ]
        found = truth_agreement(documents)
        assert (found.lies_found, found.lies_missed, found.false_alarms, found.truths_confirmed) == (9, 1, 6, 24)
        assert found.precision
        assert found.recall
        assert found.specificity
        assert found.balanced_accuracy
        assert found.precision.value == 0.6
        assert found.recall.value == 0.9
        assert found.specificity.value == 0.8
        assert found.balanced_accuracy.value == pytest.approx(0.85)
        assert found.recall.interval.low == pytest.approx(0.5958, abs=1e-4)
        assert found.recall.interval.high == pytest.approx(0.9821, abs=1e-4)
        assert found == truth_agreement(reversed(documents))

    def test_what_no_document_can_tell_is_left_open(self) -> None:
        found = truth_agreement([JudgedTruth(by_check=True, by_volunteer=True)] * 5)
        assert found.specificity
        assert found.specificity.value == 1
        assert found.precision is found.recall is found.balanced_accuracy is None
        assert truth_agreement([]).specificity is None

    def test_a_check_that_calls_all_untrue_is_no_better_than_chance(self) -> None:
        documents = [JudgedTruth(by_check=False, by_volunteer=number % 2 == 0) for number in range(40)]
        balanced = truth_agreement(documents).balanced_accuracy
        assert balanced
        assert balanced.value == 0.5
        assert 0.4 < balanced.interval.low < 0.5 < balanced.interval.high < 0.6


class TestIntervals:
    def test_wilson_against_published_values(self) -> None:
        """Newcombe (1998), table I, method 3."""
        for successes, trials, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)):
            found = wilson_interval(successes, trials)
            assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)
        assert wilson_interval(29, 29).high == 1

    @given(st.integers(1, 5_000).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials))))
    def test_wilson_holds_the_share_and_stays_a_share(self, case: tuple[int, int]) -> None:
        found = wilson_interval(*case)
        assert 0 <= found.low <= case[0] / case[1] <= found.high <= 1

    @pytest.mark.parametrize(("successes", "trials"), [(0, 0), (3, 2), (-1, 4)])
    def test_impossible_counts_are_refused(self, successes: int, trials: int) -> None:
        with pytest.raises(ValueError, match="no more successes than trials"):
            wilson_interval(successes, trials)

    def test_the_bootstrap_finds_the_mean_as_often_as_it_says(self) -> None:
        chance = random.Random(5)
        hits = 0
        for seed in range(200):
            sample = [chance.gauss(3, 2) for _ in range(40)]
            found = mean_interval(sample, range(40), seed=seed)
            hits += found.low <= 3 <= found.high
        assert 180 <= hits <= 198

    def test_labels_of_one_resume_count_as_little_as_one(self) -> None:
        values = [0.0, 1.0] * 10
        alone = mean_interval(values, range(20))
        doubled = mean_interval(values * 10, [*range(20)] * 10)
        assert doubled.high - doubled.low == pytest.approx(alone.high - alone.low, rel=0.1)

    def test_zero_is_excluded_only_from_one_side(self) -> None:
        assert mean_interval([1, 2, 3], "abc").excludes_zero()
        assert not mean_interval([-1, 2, 3], "abc").excludes_zero()

    def test_nothing_has_no_mean(self) -> None:
        with pytest.raises(ValueError, match="at least one"):
            mean_interval([], [])
