"""Tables on disk: in parts that fit into memory, and the same rows for as long as somebody reads them."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from resources.object_store import FolderStore
from resume_assets.io import ROW_GROUP_BYTES, StoredTable, Tables


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    return Tables(tmp_path / "data", FolderStore(tmp_path / "processed"))


def stored(tables: Tables, *texts: list[str]) -> StoredTable:
    """A table of one part for each list."""
    return tables.write_parts("table", (pd.DataFrame({"text": part, "length": [*map(len, part)]}) for part in texts))


def test_a_table_is_read_in_the_parts_that_it_was_written_in(tables: Tables) -> None:
    table = stored(tables, ["a", "bb"], ["ccc"])
    assert [part.to_pylist() for part in table.parts()] == [
        [{"text": "a", "length": 1}, {"text": "bb", "length": 2}],
        [{"text": "ccc", "length": 3}],
    ]
    assert [list(frame["length"]) for frame in table.frames("length")] == [[1, 2], [3]]
    assert (len(table), list(table.read("text")["text"])) == (3, ["a", "bb", "ccc"])


def test_a_part_is_made_only_when_the_one_before_it_is_written(tables: Tables) -> None:
    written = tables.folder / "table.csv"

    def parts() -> Iterator[pd.DataFrame]:
        yield pd.DataFrame({"text": ["x" * 10**5]})
        (unfinished,) = written.parent.glob("*csv*")
        assert unfinished.stat().st_size > 0
        yield pd.DataFrame({"text": ["y"]})

    assert len(tables.write_parts("table", parts())) == 2


def test_a_row_is_found_in_any_part(tables: Tables) -> None:
    table = stored(tables, ["a", "bb"], ["ccc"])
    assert [table.row(number, "text")["text"] for number in range(3)] == ["a", "bb", "ccc"]
    assert table.row(2) == {"text": "ccc", "length": 3}
    with pytest.raises(IndexError):
        table.row(3)


def test_a_text_that_several_parts_hold_is_told_once(tables: Tables) -> None:
    assert list(stored(tables, ["a", "b", "a"], ["b", "c"]).different("text")) == ["a", "b", "c"]


def test_a_table_that_is_replaced_shows_its_reader_the_same_rows(tables: Tables) -> None:
    table = stored(tables, ["old"], ["older"])
    parts = table.parts("text")
    assert next(parts)["text"].to_pylist() == ["old"]
    newer = stored(tables, ["new"])
    assert next(parts)["text"].to_pylist() == ["older"]
    assert [row["text"] for part in table.parts() for row in part.to_pylist()] == ["old", "older"]
    assert list(newer.read("text")["text"]) == ["new"]


def test_a_large_table_is_stored_so_that_it_can_be_read_in_parts(tables: Tables) -> None:
    rows = 100
    tables.write("large", pl.DataFrame({"text": [f"{row:02}" * (ROW_GROUP_BYTES // 20) for row in range(rows)]}))
    parts = list(tables.stored("large").parts())
    assert sum(len(part) for part in parts) == rows
    assert max(part.nbytes for part in parts) < 2 * ROW_GROUP_BYTES


def test_a_small_table_is_one_part_and_an_empty_one_is_none(tables: Tables) -> None:
    tables.write("small", pl.DataFrame({"text": ["a"] * 1000}))
    tables.write("empty", pl.DataFrame({"text": []}, schema={"text": pl.String}))
    assert pq.read_metadata(tables.stored("small").parquet).num_row_groups == 1
    assert sum(len(part) for part in tables.stored("empty").parts()) == 0
