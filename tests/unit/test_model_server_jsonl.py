"""JSONL and lists in pages: whatever is in a file is read or told by line; each object is in one page."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_server import batch_input, training_file
from model_server.batch_input import Row
from model_server.errors import ApiError
from model_server.jsonl import MAX_LINE_BYTES, LineError, lines, parsed
from model_server.pages import page
from model_server.training_file import TrainingFileError

ANY_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["messages", "input", "role", "content"]), inner),
)


@given(st.binary())
def test_any_line_is_a_row_or_an_error(line: bytes) -> None:
    with pytest.raises(LineError):
        parsed(line, Row)


@given(st.lists(ANY_JSON))
def test_any_file_can_be_trained_on_or_is_told_why_not(tmp_path_factory: pytest.TempPathFactory, read: Any) -> None:
    file = tmp_path_factory.mktemp("files") / "training.jsonl"
    file.write_text("".join(f"{json.dumps(one)}\n" for one in read))
    for method in training_file.FORMS:
        with pytest.raises(TrainingFileError, match=r"line|example"):
            training_file.check(file, method)


def test_lines_keep_their_numbers_across_blank_ones(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"a\n\n  \r\nb")
    assert list(lines(file)) == [(1, b"a\n"), (4, b"b")]


def test_a_line_without_end_costs_no_memory(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"[" * (3 * MAX_LINE_BYTES))
    assert max(len(line) for _, line in lines(file)) == MAX_LINE_BYTES
    assert [error.code for error in batch_input.check(file).errors] == ["invalid_json_line"] * 3


def test_a_batch_has_a_limit_on_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_input, "MOST_ROWS", 2)
    file = tmp_path / "a.jsonl"
    row = {"method": "POST", "url": "/v1/chat/completions", "body": {"model": "m"}}
    file.write_text("".join(json.dumps(row | {"custom_id": str(number)}) + "\n" for number in range(2)))
    assert batch_input.check(file).errors == []
    file.write_text("".join(json.dumps(row | {"custom_id": str(number)}) + "\n" for number in range(3)))
    assert [error.code for error in batch_input.check(file).errors] == ["too_many_requests"]


@given(st.integers(0, 30), st.integers(1, 10))
def test_pages_put_together_are_the_list(many: int, limit: int) -> None:
    objects = [{"id": str(number)} for number in range(many)]
    seen: list[Any] = []
    more, after = True, None
    while more:
        got = page(objects, after, limit)
        assert len(got["data"]) <= limit
        seen += got["data"]
        more, after = got["has_more"], got["last_id"]
    assert seen == objects


def test_a_page_after_nothing() -> None:
    with pytest.raises(ApiError) as caught:
        page([{"id": "a"}], "b", 1)
    assert (caught.value.status_code, caught.value.param) == (400, "after")
