"""What people type for a label."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.labels import (
    LabelError,
    read_score,
    read_truthfulness,
)


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
