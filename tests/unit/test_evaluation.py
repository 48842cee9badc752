"""The gate: who becomes champion, shown by constructed cases."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailoring.evaluation import FEWEST_RESUMES, Decision, Judged, compare, decide

CONFIDENCE = 0.95


def judged(scores: list[float], *, pairs_of_a_resume: int = 2) -> list[Judged]:
    return [
        Judged(f"pair{number:03}", f"resume{number // pairs_of_a_resume}", score, True, 50.0, False)
        for number, score in enumerate(scores)
    ]


def noisy(mean: float, spread: float, seed: int, *, pairs: int = 40) -> list[Judged]:
    chance = Random(seed)
    return judged([min(100.0, max(0.0, chance.gauss(mean, spread))) for _ in range(pairs)])


def verdict(candidate: list[Judged], champion: list[Judged], confidence: float = CONFIDENCE) -> Decision:
    return decide(compare(candidate, champion, confidence, seed=7))


CHAMPION = noisy(70, 5, seed=1)
BETTER = [replace(each, score=each.score + 4 + number % 3) for number, each in enumerate(CHAMPION)]


class TestGate:
    def test_better_is_promoted(self) -> None:
        found = verdict(BETTER, CHAMPION)
        assert found.promote
        assert "+5.0 points (0.95 interval" in found.reason
        assert "40 held-out pairs of 20 resumes" in found.reason

    def test_worse_is_not(self) -> None:
        found = verdict(CHAMPION, BETTER)
        assert not found.promote
        assert "not surely better" in found.reason

    def test_better_but_lying_is_not(self) -> None:
        found = verdict([replace(BETTER[0], truthful=False), *BETTER[1:]], CHAMPION)
        assert not found.promote
        assert "it lies more (97.5% truthful, 100.0% before)" in found.reason

    def test_lies_that_the_champion_tells_too_do_not_count_against_it(self) -> None:
        champion = [replace(each, truthful=number > 2) for number, each in enumerate(CHAMPION)]
        candidate = [replace(each, truthful=number > 0) for number, each in enumerate(BETTER)]
        assert verdict(candidate, champion).promote

    def test_lies_where_the_champion_failed_count(self) -> None:
        champion = [replace(CHAMPION[0], failed=True, truthful=False), *CHAMPION[1:]]
        candidate = [replace(BETTER[0], truthful=False), *BETTER[1:]]
        assert "lies more" in verdict(candidate, champion).reason

    def test_lucky_but_noisy_is_not(self) -> None:
        lucky = [replace(each, score=each.score + (30 if number < 6 else -1)) for number, each in enumerate(CHAMPION)]
        comparison = compare(lucky, CHAMPION, CONFIDENCE)
        assert comparison.score.mean > 3
        assert not decide(comparison).promote

    def test_one_resume_with_many_pairs_is_one_case(self) -> None:
        # As many wins as in the promoted case, but nearly all of them on one resume.
        same = [
            replace(each, resume_id="one" if number < 30 else each.resume_id) for number, each in enumerate(CHAMPION)
        ]
        candidate = [replace(each, score=each.score + (6 if number < 30 else -1)) for number, each in enumerate(same)]
        assert not verdict(candidate, same).promote

    def test_failing_more_is_not(self) -> None:
        far_better = [replace(each, score=each.score + 20) for each in CHAMPION]
        found = verdict([replace(far_better[0], failed=True), *far_better[1:]], CHAMPION)
        assert not found.promote
        assert "it fails more (1 answers, 0 before)" in found.reason

    def test_a_failure_is_worth_nothing_whatever_its_score(self) -> None:
        failed = [replace(each, score=100.0, fit=100.0, failed=True) for each in CHAMPION]
        assert compare(failed, CHAMPION, CONFIDENCE).score.candidate == 0

    def test_too_few_resumes_tell_nothing(self) -> None:
        few = 2 * FEWEST_RESUMES - 2
        found = verdict(BETTER[:few], CHAMPION[:few])
        assert not found.promote
        assert "9 held-out resumes are fewer than 10" in found.reason
        assert verdict(BETTER[: few + 2], CHAMPION[: few + 2]).promote

    def test_an_equal_model_is_nothing_to_compare(self) -> None:
        found = verdict(CHAMPION, CHAMPION)
        assert not found.promote
        assert found.reason.startswith("Nothing to compare")

    def test_equal_scores_with_more_lies_are_told_as_such(self) -> None:
        assert "lies more" in verdict([replace(CHAMPION[0], truthful=False), *CHAMPION[1:]], CHAMPION).reason

    def test_all_that_speaks_against_it_is_told(self) -> None:
        candidate = [replace(each, score=each.score - 5, truthful=False) for each in CHAMPION[:4]]
        reason = verdict([replace(candidate[0], failed=True), *candidate[1:]], CHAMPION[:4]).reason
        assert all(words in reason for words in ("too few", "not surely better", "lies more", "fails more"))

    @pytest.mark.parametrize("resumes", [FEWEST_RESUMES, 30])
    def test_luck_alone_is_promoted_as_seldom_as_promised(self, resumes: int) -> None:
        promoted = 0
        for seed in range(400):
            pairs = 2 * resumes
            promoted += verdict(noisy(60, 8, seed, pairs=pairs), noisy(60, 8, seed + 10_000, pairs=pairs)).promote
        assert promoted / 400 < 1 - CONFIDENCE + 0.01

    def test_more_confidence_is_harder_to_win(self) -> None:
        narrow = [
            replace(each, score=each.score + (4 if number % 4 < 2 else -2.2)) for number, each in enumerate(CHAMPION)
        ]
        wide, sure = compare(narrow, CHAMPION, 0.6), compare(narrow, CHAMPION, 0.99)
        assert sure.score.interval.low < wide.score.interval.low
        assert (decide(wide).promote, decide(sure).promote) == (True, False)


class TestComparison:
    def test_counts_wins_ties_and_losses(self) -> None:
        found = compare(judged([60, 70, 80, 90]), judged([50, 70, 85, 80]), CONFIDENCE)
        assert (found.wins, found.ties, found.losses) == (2, 1, 1)
        assert (found.pairs, found.resumes) == (4, 2)
        assert (found.score.candidate, found.score.other, found.score.mean) == (75.0, 71.25, 3.75)

    def test_the_order_of_the_pairs_does_not_matter(self) -> None:
        assert compare(BETTER[::-1], CHAMPION, CONFIDENCE) == compare(BETTER, CHAMPION, CONFIDENCE)

    @pytest.mark.parametrize(
        ("candidate", "champion", "problem"),
        [
            (BETTER[:3], CHAMPION[:2], "pair002"),
            ([], [], "there are none"),
            ([BETTER[0], BETTER[0]], [CHAMPION[0]], "judged twice"),
        ],
    )
    def test_needs_the_same_pairs(self, candidate: list[Judged], champion: list[Judged], problem: str) -> None:
        with pytest.raises(ValueError, match=problem):
            compare(candidate, champion, CONFIDENCE)


answers = st.builds(
    Judged,
    st.just(""),
    st.sampled_from([f"resume{number}" for number in range(12)]),
    st.integers(0, 100).map(float),
    st.booleans(),
    st.integers(0, 100).map(float),
    st.booleans(),
)
both_sides = st.lists(st.tuples(answers, answers), min_size=1, max_size=30).map(
    lambda pairs: (
        [replace(one, pair_id=str(number)) for number, (one, _) in enumerate(pairs)],
        [replace(two, pair_id=str(number), resume_id=one.resume_id) for number, (one, two) in enumerate(pairs)],
    )
)


@given(both_sides, st.floats(0.51, 0.99))
def test_swapping_the_sides_negates(sides: tuple[list[Judged], list[Judged]], confidence: float) -> None:
    there, back = compare(*sides, confidence), compare(*sides[::-1], confidence)
    assert (there.wins, there.losses, there.failures) == (back.losses, back.wins, back.failures_of_other)
    for forth, reverse in ((there.score, back.score), (there.fit, back.fit), (there.truthful, back.truthful)):
        assert forth.mean == -reverse.mean
        assert forth.interval.low == pytest.approx(-reverse.interval.high)
        assert forth.interval.high == pytest.approx(-reverse.interval.low)
    assert not (decide(there).promote and decide(back).promote)
