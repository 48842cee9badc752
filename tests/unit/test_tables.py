"""Reading CSV files: every row is kept or rejected with its reason, and a bad row takes no neighbour with it."""

import codecs
import csv
import gzip
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tailoring import tables
from tailoring.tables import Table, TableError, read_table

POSTING_HEADER = "job_id,title,description,views,listed,sponsored,currency"
RESUME_HEADER = "Text,Skills,Front_End,Web,Java,Labels"
POSTING = {
    "title": "Java Developer",
    "description": '"Build things.\nTest them, too."',
    "views": "3.0",
    "listed": "1713210000000.0",
    "sponsored": "0",
    "currency": "USD",
}


def posting(job_id: int, **changed: str) -> str:
    return ",".join([str(job_id), *(POSTING | changed).values()])


def resume(text: str, labels: str = "Web") -> str:
    return f"{text},,0,1,0,{labels}"


def read(
    folder: Path, content: str | bytes, columns: tuple[str, ...], required: tuple[str, ...] | None = None
) -> Table:
    path = folder / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    table = read_table(path, columns, columns if required is None else required)
    assert table.rows_in == len(table.frame) + len(table.rejects)
    numbers = sorted([*table.frame["source_row"], *table.rejects["source_row"]])
    assert numbers == list(range(1, table.rows_in + 1))
    return table


def read_postings(folder: Path, *rows: str) -> Table:
    return read(folder, "\n".join([POSTING_HEADER, *rows, ""]), ("job_id", "title", "description"))


def read_resumes(folder: Path, *rows: str) -> Table:
    return read(folder, "\n".join([RESUME_HEADER, *rows, ""]), ("Text", "Labels"))


def fates(table: Table) -> list[tuple[int, int, str]]:
    return table.rejects.select("source_row", "line", "reason").rows()


# Whole files


def test_values_are_strings_as_they_stand_and_empty_is_null(tmp_path: Path) -> None:
    table = read(tmp_path, 'a,b,c\n007,"say ""hi""",\n"",1e5, x \n', ("a", "b", "c"))
    assert table.frame.to_dict(as_series=False) == {
        "a": ["007", None],
        "b": ['say "hi"', "1e5"],
        "c": [None, " x "],
        "source_row": [1, 2],
    }
    assert table.rejects.schema == tables.REJECT_COLUMNS


def test_columns_come_by_name_in_the_order_asked(tmp_path: Path) -> None:
    table = read(tmp_path, "extra,b,a\n9,2,1\n", ("a", "b", "c"), required=("a",))
    assert table.frame.to_dicts() == [{"a": "1", "b": "2", "c": None, "source_row": 1}]
    assert table.frame.schema["c"] == pl.String


@pytest.mark.parametrize("header", ["Job_ID, Title ", "job id,TITLE", "\ufeffjob_id,title", '"job_id","title"'])
def test_headers_match_whatever_their_case_and_spaces(tmp_path: Path, header: str) -> None:
    assert read(tmp_path, f"{header}\n1,x\n", ("job_id", "title")).frame.row(0) == ("1", "x", 1)


def test_a_missing_column_is_named_with_what_it_may_be_called(tmp_path: Path) -> None:
    with pytest.raises(TableError) as error:
        read(tmp_path, "job_id,Job Description,titel\n1,x,y\n", ("job_id", "description", "title"))
    message = str(error.value)
    assert "table.csv has no column 'description', 'title'" in message
    assert "its columns are 'job_id', 'Job Description', 'titel'" in message
    assert "found 'Job Description', expected 'description'; found 'titel', expected 'title'" in message


def test_a_missing_column_that_nothing_resembles_gets_no_guess(tmp_path: Path) -> None:
    with pytest.raises(TableError) as error:
        read(tmp_path, "x,y\n1,2\n", ("description",))
    assert "Renamed" not in str(error.value)


def test_a_column_given_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="has the column 'a' 2 times"):
        read(tmp_path, "a,b,a\n1,2,3\n", ("a",))


@pytest.mark.parametrize("content", [b"", b"\n \r\n", codecs.BOM_UTF8, gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(TableError, match=r"table\.csv is empty"):
        read(tmp_path, content, ("a",))


@pytest.mark.parametrize("content", ["a,b", "a,b\n", "a,b\r\n\r\n", "\n\na,b\n"])
def test_a_header_alone_is_a_table_without_rows(tmp_path: Path, content: str) -> None:
    table = read(tmp_path, content, ("a", "b"))
    assert (table.frame.shape, table.rows_in) == ((0, 3), 0)


def test_a_header_with_a_broken_quote_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="header whose quotes do not match"):
        read(tmp_path, 'a,"b\n1,2\n', ("a",))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_blank_lines_and_a_missing_last_one(tmp_path: Path, end: str) -> None:
    content = end.join(["a,b", "", "1,x", "", "", '2,"y\n\nz"', "3,w"])
    assert read(tmp_path, content, ("a", "b")).frame.rows() == [("1", "x", 1), ("2", "y\n\nz", 2), ("3", "w", 3)]


def test_gzip_is_read_as_it_is(tmp_path: Path) -> None:
    assert read(tmp_path, gzip.compress(b"a,b\n1,x\n"), ("a", "b")).frame.rows() == [("1", "x", 1)]


@pytest.mark.parametrize(
    "damage", [lambda packed: packed[:-20], lambda packed: packed[:30] + b"\xff" * 9 + packed[39:]]
)
def test_a_damaged_archive_is_refused_rather_than_half_read(tmp_path: Path, damage) -> None:
    packed = gzip.compress(b"a,b\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(2000)))
    with pytest.raises(TableError, match="damaged or cut as a gzip archive"):
        read(tmp_path, damage(packed), ("a",))


def test_a_field_of_many_blocks(tmp_path: Path) -> None:
    long = "A long paragraph, quoted.\n" * 100_000
    table = read_postings(tmp_path, posting(1), posting(2, description=f'"{long}"'), posting(3))
    assert table.frame["description"].str.len_bytes().to_list() == [29, len(long), 29]


# Encodings

ACCENTS = "a,b\n1,Zürich – café “x”\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    table = read(tmp_path, mark + ACCENTS.encode(encoding), ("a", "b"))
    assert table.frame["b"].to_list() == ["Zürich – café “x”"]


def test_encodings_mixed_from_line_to_line_and_within_one(tmp_path: Path) -> None:
    content = b"a,b\n1,caf\xc3\xa9\n2,caf\xe9\n3,\x93caf\xe9\x94 caf\xc3\xa9\n4,\x81\n"
    assert read(tmp_path, content, ("a", "b")).frame["b"].to_list() == ["café", "café", "“café” café", "\x81"]


@pytest.mark.parametrize(
    ("damaged", "restored"),
    [
        (b"\xe2?\xa2 Good at SQL \xe2?\xa2 Java", "• Good at SQL • Java"),
        (b'"\xe2?\xa2 first, field"', "• first, field"),
        (b"Duties:\t\xef?\xb7 Plan", "Duties:\t• Plan"),
        (b"x \xef?? Plan \xe2?\xaa y \xe2\x9d? z \xe2?\x8f w \xe2?\xa6 v", "x • Plan • y • z • w • v"),
        (b"the team\xe2??s work, we don\xe2??t", "the team’s work, we don’t"),
        (b"2014 \xe2?? 2016, 9\xe2??5", "2014 – 2016, 9–5"),
        (b"an \xe2??intent engine\xe2?\x9d that", "an “intent engine” that"),
        (b"a workshop on \xe2??Arduino\xe2?? in Pune", "a workshop on ‘Arduino’ in Pune"),
        (b"Analyst \xe2?? Sales", "Analyst – Sales"),
        (b"and so on\xe2?\xa6", "and so on…"),
        # what the place does not tell, and what only looks like damage
        (b"Windows\xe2?\xa2 2003", "Windowsâ?¢ 2003"),
        (b"voil\xe0? Oui. Na\xefve? \xe2?", "voilà? Oui. Naïve? â?"),
    ],
)
def test_characters_that_lost_bytes(tmp_path: Path, damaged: bytes, restored: str) -> None:
    content = b"a,b\n1," + (damaged if damaged.startswith(b'"') else b'"' + damaged + b'"') + b"\n"
    assert read(tmp_path, content, ("a", "b")).frame["b"].to_list() == [restored]


# A bad row among good ones: row 3 starts at line 6, since each posting takes two lines

BAD_POSTINGS = {
    "unclosed quote before another quoted field": (posting(3, title='"Java'), "unclosed_quote"),
    "unclosed quote in a text of several lines": (posting(3, description='"Build.\nTest.'), "unclosed_quote"),
    "unclosed quote in the last column": (posting(3, currency='"USD'), "unclosed_quote"),
    "a lone quote": ('"', "unclosed_quote"),
    "stray quote": (posting(3, title='5" pipes'), "stray_quote"),
    "text after a closing quote": (posting(3, title='"Java" dev'), "text_after_quote"),
    "quotes in a text not doubled": (posting(3, description='"Say "hi".\n1, 2, 3"'), "text_after_quote"),
    "lost opening quote": (posting(3, description='Build.\nTest."'), "missing_columns"),
    "line break that nothing quotes": (posting(3, description="Build.\nTest."), "missing_columns"),
    "extra column": (posting(3) + ",x", "extra_columns"),
    "extra empty column": (posting(3) + ",", "extra_columns"),
    "missing column": ("3,Java,text,1.0,1713210000000.0,0", "missing_columns"),
    "NUL byte": (posting(3, title="Ja\0va"), "nul_byte"),
    "the header again": (POSTING_HEADER, "repeated_header"),
    "the header again, quoted": (",".join(f'"{n}"' for n in POSTING_HEADER.split(",")) + ",", "extra_columns"),
}


@pytest.mark.parametrize("name", BAD_POSTINGS)
def test_a_bad_row_costs_itself_alone(tmp_path: Path, name: str) -> None:
    bad, reason = BAD_POSTINGS[name]
    table = read_postings(tmp_path, posting(1), posting(2), bad, posting(4), posting(5))
    assert fates(table) == [(3, 6, reason)]
    assert table.frame.select("source_row", "job_id").rows() == [(1, "1"), (2, "2"), (4, "4"), (5, "5")]
    assert set(table.frame["description"]) == {"Build things.\nTest them, too."}


@pytest.mark.parametrize("name", BAD_POSTINGS)
def test_a_bad_row_at_either_end_of_the_file(tmp_path: Path, name: str) -> None:
    bad, reason = BAD_POSTINGS[name]
    good = [posting(1), posting(2), posting(4)]
    assert fates(read_postings(tmp_path, bad, *good)) == [(1, 2, reason)]
    assert fates(read_postings(tmp_path, *good, bad)) == [(4, 8, reason)]


def test_every_second_row_bad(tmp_path: Path) -> None:
    rows = []
    for number, (bad, _) in enumerate(BAD_POSTINGS.values()):
        rows += [posting(100 + number), bad]
    table = read_postings(tmp_path, *rows, posting(200))
    assert table.rejects["reason"].to_list() == [reason for _, reason in BAD_POSTINGS.values()]
    assert table.frame["job_id"].to_list() == [str(100 + n) for n in range(len(BAD_POSTINGS))] + ["200"]


def test_two_bad_rows_in_a_row_are_two(tmp_path: Path) -> None:
    bad = [posting(n, title='"Java') for n in (2, 3)]
    assert fates(read_postings(tmp_path, posting(1), *bad, posting(4))) == [
        (2, 4, "unclosed_quote"),
        (3, 6, "unclosed_quote"),
    ]


def test_quotes_that_balance_across_rows_hide_none(tmp_path: Path) -> None:
    """Rows 2 and 3 parse as one row of the right width: a CSV engine sees nothing wrong."""
    opened, closed = posting(2, title='"Java', description="x"), posting(3, title='Java"', description="y")
    assert len(next(csv.reader(io.StringIO(f"{opened}\n{closed}\n"), strict=True))) == 7
    table = read_postings(tmp_path, posting(1), opened, closed, posting(4))
    assert fates(table) == [(2, 4, "unclosed_quote"), (3, 5, "stray_quote")]
    assert table.frame["job_id"].to_list() == ["1", "4"]


def test_quotes_that_balance_across_rows_hide_none_among_rows_without_quotes(tmp_path: Path) -> None:
    plain = [posting(n, description="x") for n in range(1, 8)]
    plain[2], plain[5] = posting(3, title='"Java', description="x"), posting(6, title='Java"', description="x")
    table = read_postings(tmp_path, *plain)
    assert table.frame["job_id"].to_list() == ["1", "2", "4", "5", "7"]
    assert table.rejects["reason"].to_list() == ["unclosed_quote", "stray_quote"]


def test_numbers_in_prose_are_not_taken_for_rows(tmp_path: Path) -> None:
    prose = '"Sales of 1,000,000\n2019, Lyon, France\n2,3,4,5\nand 10,20,30,USD\n9,a,b,c,d,e,f\n"'
    table = read_postings(tmp_path, posting(100001, description=prose), posting(100002))
    assert (len(table.frame), len(table.rejects)) == (2, 0)


def test_an_unclosed_quote_leaves_no_piece_of_its_text_as_a_row(tmp_path: Path) -> None:
    """The last line of the broken resume reads like a row of its own."""
    broken = '"Jo Doe, cook\n2019, Lyon\nbaking,,0,1,0,Web'
    table = read_resumes(tmp_path, resume('"Ann\nLee"'), broken, resume('"Cy\nDee"'), resume("Ed Fox"))
    assert fates(table) == [(2, 4, "unclosed_quote")]
    assert table.frame["Text"].to_list() == ["Ann\nLee", "Cy\nDee", "Ed Fox"]


@pytest.mark.parametrize("following", ["Ed Fox", '"Ed\nFox"'])
@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ('"Jo Doe,,0,1,0,Web', "unclosed_quote"),
        ('"Jo "the cook" Doe\nLyon",,0,1,0,Web', "text_after_quote"),
        ('Jo 5" Doe,,0,1,0,Web', "stray_quote"),
        ("Jo Doe,,0,1,0", "missing_columns"),
        ("Jo Doe,,0,1,0,Web,", "extra_columns"),
    ],
)
def test_a_bad_row_without_a_key_costs_itself_alone(tmp_path: Path, broken: str, reason: str, following: str) -> None:
    table = read_resumes(tmp_path, resume('"Ann\nLee"'), resume("Bo"), broken, resume(following), resume("Gus"))
    assert fates(table) == [(3, 5, reason)]
    assert table.frame["Text"].to_list() == ["Ann\nLee", "Bo", following.strip('"'), "Gus"]


@pytest.mark.parametrize(
    ("broken", "reason"), [('2,"b', "unclosed_quote"), ('2,"b"c', "text_after_quote"), ("2", "missing_columns")]
)
def test_a_bad_row_of_words_alone(tmp_path: Path, broken: str, reason: str) -> None:
    table = read(tmp_path, f"word,other\nx,a\n{broken}\ny,c\nz,d\n".replace("2", "two"), ("word", "other"))
    assert fates(table) == [(2, 3, reason)]
    assert table.frame["word"].to_list() == ["x", "y", "z"]


@pytest.mark.parametrize("kept", [10, 40, 60, 68])
def test_a_file_cut_in_mid_row_loses_that_row(tmp_path: Path, kept: int) -> None:
    last = posting(3, title='"Developer, Java"')
    content = "\n".join([POSTING_HEADER, posting(1), posting(2), last[:kept]])
    table = read(tmp_path, content, ("job_id",))
    assert fates(table) == [(3, 6, "cut_short")]
    assert table.frame["job_id"].to_list() == ["1", "2"]


def test_a_reject_says_where_and_why_and_shows_a_sample(tmp_path: Path) -> None:
    table = read_postings(tmp_path, posting(1), posting(2, title='"Java" dev', description="x" * 500), posting(3))
    reject = table.rejects.to_dicts()[0]
    assert reject["detail"] == "column 'title': text follows the closing quote"
    assert reject["sample"] == ('2,"Java" dev,' + "x" * 500)[:200]


@pytest.mark.parametrize("block", [150, 300, 1000])
def test_where_blocks_end_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    rows = [posting(100 + n) for n in range(60)]
    for place, (bad, _) in enumerate(BAD_POSTINGS.values()):
        rows.insert(8 + 3 * place, bad)
    whole = read_postings(tmp_path, *rows)
    monkeypatch.setattr(tables, "_BLOCK", block)
    in_blocks = read_postings(tmp_path, *rows)
    assert in_blocks.frame.equals(whole.frame)
    assert in_blocks.rejects.equals(whole.rejects)


def test_damage_of_every_row_stays_linear(tmp_path: Path) -> None:
    """10,000 unclosed quotes, then 200,000 quotes in one row: a second, not an hour."""
    broken = [posting(n, title='"Java', description="x") for n in range(100_000, 110_000)]
    table = read_postings(tmp_path, posting(1000), *broken, posting(120_000, title='"' + 'a"b' * 200_000))
    assert (table.rows_in, len(table.frame)) == (10_002, 1)


# Any table and any damage

CELL = st.text(st.sampled_from('ab,"\n\r é•0'), max_size=8)
TABLE = st.integers(1, 5).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=8))


def written(rows: list[list[str]], width: int) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([[f"column{n}" for n in range(width)], *rows])
    return out.getvalue().encode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(rows=TABLE)
def test_what_a_csv_writer_wrote_comes_back(tmp_path: Path, rows: list[list[str]]) -> None:
    width = len(rows[0]) if rows else 1
    names = tuple(f"column{n}" for n in range(width))
    table = read(tmp_path, written(rows, width), names)
    assert table.frame.select(names).rows() == [tuple(cell or None for cell in row) for row in rows]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(content=st.binary(max_size=80) | st.text(st.sampled_from('a1,"\n\0é'), max_size=80).map(str.encode))
def test_any_bytes_are_accounted_for(tmp_path: Path, content: bytes) -> None:
    read(tmp_path, b"a,b,c\n1,x,y\n" + content, ("a", "b"))  # checks the sum and the numbers


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(content=st.text(st.sampled_from('a1,"\r\n'), max_size=60))
def test_the_fast_way_and_the_careful_way_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    either = read(tmp_path, "a,b\n" + content, ("a", "b"))
    with monkeypatch.context() as patched:
        patched.setattr(tables._Reader, "read_fast", lambda *_: None)
        careful = read(tmp_path, "a,b\n" + content, ("a", "b"))
    assert careful.frame.equals(either.frame)
    assert careful.rejects.equals(either.rejects)


OPENED, CLOSED = posting(8, title='"Java', description="x"), posting(9, title='Java"', description="y")
PIECES = [
    *',"\n',
    "\r\n",
    '""',
    "8",
    "é",
    POSTING["listed"],
    f"{posting(7)}\n",
    f"{OPENED}\n",
    f"{CLOSED}\n",
    OPENED[:9],
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(content=st.lists(st.sampled_from(PIECES), max_size=20), cut=st.booleans(), block=st.sampled_from([150, 1 << 21]))
def test_the_fast_way_and_the_careful_way_agree_among_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: list[str], cut: bool, block: int
) -> None:
    """Here it is known how rows end, so that quotes which balance may hide one."""
    text = "\n".join([POSTING_HEADER, *map(posting, range(5)), "".join(content), *map(posting, range(3)), ""])
    with monkeypatch.context() as patched:
        patched.setattr(tables, "_BLOCK", block)
        either = read(tmp_path, text[:-3] if cut else text, ("job_id", "title", "description"))
        patched.setattr(tables._Reader, "read_fast", lambda *_: None)
        careful = read(tmp_path, text[:-3] if cut else text, ("job_id", "title", "description"))
    assert careful.frame.equals(either.frame)
    assert careful.rejects.equals(either.rejects)
