"""Labels in files: read as spreadsheets write them, and every row that is none told with its line and its reason."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.label_rules import Label
from resume_assets.label_files import LabelFileError, Refused, Row, as_csv, read_csv
from resume_assets.label_table import label_table

NOW = dt.datetime(2026, 7, 24, 9, tzinfo=dt.UTC)
PAIR = f"{'a' * 16}-{'b' * 16}"
DOCUMENT = f"2026-07-23/{PAIR}"
HEADER = "document_id,score,truthfulness,didBy,labelled_at,note\n"


def read(text: str | bytes, by: str = "") -> tuple[list[Row], list[Refused]]:
    data = text if isinstance(text, bytes) else text.encode()
    return read_csv(data, by=by, now=NOW, timezone=ZoneInfo("US/Pacific"))


def only(text: str | bytes, by: str = "") -> Label:
    (row,), refused = read(text, by)
    assert refused == []
    assert row.document_id == DOCUMENT
    return row.label


def test_a_row_becomes_a_label() -> None:
    label = only(HEADER + f'{DOCUMENT},88,TRUE,ana,2026-07-23T20:15:00+00:00,"good, but long"\n')
    assert label == Label("ana", 88, True, dt.datetime(2026, 7, 23, 20, 15, tzinfo=dt.UTC), "good, but long")


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfdocument_id;score;truthfulness;didBy\r\n" + f"{DOCUMENT};88;TRUE;ana\r\n".encode(),
        f"Document_ID\tScore\tTruthfulness\tdidby\textra\n{DOCUMENT}\t88\tyes\tana\tx".encode(),
        f"score,truthfulness,didBy,document_id\n88.0,1,ana,{DOCUMENT}\n,,,\n\n".encode(),
    ],
)
def test_files_of_other_programs_are_read_too(data: bytes) -> None:
    assert only(data) == Label("ana", 88, True, NOW)


def test_a_file_in_the_encoding_of_old_spreadsheets_is_read() -> None:
    assert only(f"{HEADER}{DOCUMENT},88,yes,Zoë,,très bien\n".encode("cp1252")).note == "très bien"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [(each, True) for each in ("TRUE", "True", "true", "yes", "Y", "1")]
    + [(each, False) for each in ("FALSE", "no", "N", "0")],
)
def test_truthfulness_is_read_in_many_spellings(typed: str, meant: bool) -> None:
    assert only(f"{HEADER}{DOCUMENT},88,{typed},ana,,\n").truthfulness is meant


def test_a_time_without_a_zone_is_local_and_none_is_now() -> None:
    local = only(f"{HEADER}{DOCUMENT},88,yes,ana,2026-07-23 20:15,\n").labelled_at
    assert local == dt.datetime(2026, 7, 24, 3, 15, tzinfo=dt.UTC)
    assert only(f"{HEADER}{DOCUMENT},88,yes,ana,,\n").labelled_at == NOW


def test_by_fills_in_only_where_the_file_names_nobody() -> None:
    rows, _ = read(f"{HEADER}{DOCUMENT},88,yes,ana,,\n{DOCUMENT},88,yes,,,\n", by="ben")
    assert [row.label.didBy for row in rows] == ["ana", "ben"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("101,yes,ana,,", "101"),
        ("-1,yes,ana,,", "-1"),
        ("7.5,yes,ana,,", "7.5"),
        ("eighty,yes,ana,,", "eighty"),
        (",yes,ana,,", "score is missing"),
        ("88,,ana,,", "Truthfulness is missing"),
        ("88,perhaps,ana,,", "perhaps"),
        ("88,yes,,,", "name of who gave it"),
        ("88,yes,ana,yesterday,", "yesterday"),
        ("88,yes,ana,0001-01-01T00:00:00+14:00,", "0001-01-01"),
        ("88,yes,ana,,a note, with a comma", "more cells"),
        (f"88,yes,ana,,{'x' * 3000}", "note has at most"),
        ("140,perhaps,ana,,", "perhaps"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_the_others_are_read(row: str, reason: str) -> None:
    rows, (refused,) = read(f'{HEADER}{DOCUMENT},1,no,ana,,"two\nlines"\n{DOCUMENT},{row}\n{DOCUMENT},2,no,ana,,\n')
    assert [each.label.score for each in rows] == [1, 2]
    assert refused.line == 4
    assert reason in refused.reason


def test_all_that_is_wrong_with_a_row_is_told_at_once() -> None:
    _, (refused,) = read(f"{HEADER}{DOCUMENT},140,perhaps,,later,\n")
    for word in ("140", "perhaps", "later", "name"):
        assert word in refused.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("id,score\n", "missing: document_id, truthfulness"),
        ("document_id,score,score,truthfulness\n", "score twice"),
        (HEADER + f'{DOCUMENT},88,yes,ana,,"never closed\n', "Line 2"),
    ],
)
def test_a_file_that_is_none_is_told(text: str, reason: str) -> None:
    with pytest.raises(LabelFileError, match=reason):
        read(text)


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


@given(
    note=texts,
    name=st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20),
    seconds=st.none() | st.floats(0, 9999),
)
def test_what_is_written_reads_back_as_it_was(note: str, name: str, seconds: float | None) -> None:
    label = Label(name, 88, False, NOW, note, seconds)
    table = label_table([{"_id": DOCUMENT, "id": PAIR, "partition_date": "2026-07-23", "labels": [label.as_stored()]}])
    assert only(as_csv(table.good)) == label


@pytest.mark.parametrize("note", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "\t=1"])
def test_a_note_is_no_formula_in_a_spreadsheet(note: str) -> None:
    label = Label("ana", 88, True, NOW, note)
    table = label_table([{"_id": DOCUMENT, "id": PAIR, "partition_date": "2026-07-23", "labels": [label.as_stored()]}])
    written = as_csv(table.good)
    assert f",'{note}".encode() in written.replace(b'"', b"")
    assert only(written) == label
