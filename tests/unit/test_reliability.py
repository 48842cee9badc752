"""Agreement between people: published worked examples, another implementation, and cases that nothing can tell."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from tailoring.reliability import cohen_kappa, krippendorff_alpha

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example C: four observers, twelve units, gaps.
OBSERVERS = [
    "1 2 3 3 2 1 4 1 2 * * *",
    "1 2 3 3 2 2 4 1 2 5 * 3",
    "* 3 3 3 2 3 4 2 2 5 1 *",
    "1 2 3 3 2 4 4 1 2 5 1 *",
]
UNITS = [
    [float(value) for value in unit if value != "*"] for unit in zip(*(row.split() for row in OBSERVERS), strict=True)
]


def test_alpha_of_the_published_example() -> None:
    assert krippendorff_alpha(UNITS) == pytest.approx(0.849, abs=5e-4)


def test_alpha_by_hand() -> None:
    # Observed: the mean of 2² and 0² in their units, 2; expected: the mean squared difference of 1, 3, 5, 5.
    assert krippendorff_alpha([(1, 3), (5, 5)]) == pytest.approx(1 - 2 / (2 * (4 + 16 + 16 + 4 + 4 + 0) / 12))


def test_perfect_agreement_is_one_and_opposite_is_below_zero() -> None:
    assert krippendorff_alpha([(1, 1), (2, 2), (90, 90)]) == 1
    opposite = krippendorff_alpha([(0, 100), (100, 0)])
    assert opposite is not None
    assert opposite < 0


@pytest.mark.parametrize("units", [[], [(3,)], [(3,), (4,)], [(7, 7), (7, 7)], [()]])
def test_alpha_that_nothing_can_tell_is_none(units: list[tuple[float, ...]]) -> None:
    assert krippendorff_alpha(units) is None


def test_kappa_of_the_textbook_example() -> None:
    # Fifty grant proposals read by two people: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no.
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert cohen_kappa(pairs) == pytest.approx(0.4)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40))
def test_kappa_is_what_scikit_learn_says(pairs: list[tuple[int, int]]) -> None:
    assume(len({value for pair in pairs for value in pair}) > 1)
    theirs = cohen_kappa_score(*zip(*pairs, strict=True))
    ours = cohen_kappa(pairs)
    assert ours is not None
    assert math.isclose(ours, theirs, abs_tol=1e-9)


@pytest.mark.parametrize("pairs", [[], [(True, True)], [(False, False)] * 5])
def test_kappa_that_chance_explains_is_none(pairs: list[tuple[bool, bool]]) -> None:
    assert cohen_kappa(pairs) is None


def test_kappa_of_a_constant_rater_is_zero() -> None:
    assert cohen_kappa([(True, True), (True, False), (True, True)]) == pytest.approx(0)
