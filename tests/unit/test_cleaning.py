"""The cleaned tables: what is kept, what is dropped and why, and what the columns mean."""

import hashlib
import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailoring import cleaning
from tailoring.cleaning import (
    CLEANED_POSTING_COLUMNS,
    POSTING_COLUMNS,
    POSTING_REQUIRED,
    RESUME_COLUMNS,
    RESUME_REQUIRED,
    Cleaned,
    clean_postings,
    clean_resumes,
)
from tailoring.keywords import keyword_pattern
from tailoring.posting_titles import tidy_title
from tailoring.rejects import rejects_summary
from tailoring.tables import REJECT_COLUMNS, Table, read_table
from tailoring.text import normalise

BODY = "We build the tools that bakers use every day, and we look for someone who likes both bread and code. " * 2


def table(columns: tuple[str, ...], rows: list[dict[str, str | None]]) -> Table:
    frame = pl.DataFrame(
        {column: [row.get(column) for row in rows] for column in columns}, dict.fromkeys(columns, pl.String)
    ).with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("source_row"))
    return Table(frame, pl.DataFrame(schema=REJECT_COLUMNS), len(rows))


def resumes(*rows: dict[str, str | None], min_chars: int = 20) -> Cleaned:
    return checked(clean_resumes(table(RESUME_COLUMNS, list(rows)), min_chars=min_chars))


def postings(*rows: dict[str, str | None], keywords: tuple[str, ...] = (), **settings: object) -> Cleaned:
    full = [{"title": "Baker", "description": f"{BODY}{number}"} | row for number, row in enumerate(rows)]
    return checked(clean_postings(table(POSTING_COLUMNS, full), keywords=keywords, **settings))  # type: ignore[arg-type]


def checked(cleaned: Cleaned) -> Cleaned:
    assert cleaned.rows_in == len(cleaned.frame) + len(cleaned.rejects)
    assert cleaned.rejects.schema == REJECT_COLUMNS
    assert cleaned.rejects["sample"].str.len_chars().fill_null(0).to_list() <= [200] * len(cleaned.rejects)
    return cleaned


def reasons(cleaned: Cleaned) -> list[tuple[int, str, str]]:
    return cleaned.rejects.select("source_row", "reason", "detail").rows()


# Resumes


def test_a_resume_has_its_columns() -> None:
    cleaned = resumes(
        {"Text": "Built  ovens &amp; bread bots.Then rested", "Java_Developer": "1", "Labels": "Java_Developer"}
    )
    words = "built ovens & bread bots. then rested"
    assert cleaned.frame.to_dicts() == [
        {
            "resume_id": hashlib.sha256(words.encode()).hexdigest()[:16],
            "resume_text": "Built ovens & bread bots. Then rested",
            "roles": "Java Developer",
            "source_row": 1,
        }
    ]
    assert cleaned.repairs == {"spaces": 1, "markup": 1, "glued_sentences": 1}


def test_roles_come_from_columns_and_labels_each_once() -> None:
    cleaned = resumes(
        {
            "Text": BODY + "a",
            "Project_manager": "1",
            "Web_Developer": "1.0",
            "Java_Developer": "0",
            "Labels": "Web_Developer",
        },
        {"Text": BODY + "b", "Software_Developer": " TRUE ", "Labels": "Data_Scientist; software_developer"},
        {"Text": BODY + "c", "Python_Developer": "0", "Java_Developer": "no"},
    )
    assert cleaned.frame["roles"].to_list() == [
        "Web Developer; Project manager",
        "Software Developer; Data Scientist",
        "",
    ]


def test_a_resume_without_text_is_made_of_its_sections() -> None:
    cleaned = resumes(
        {"Text": " ", "Education": "BSc Baking", "Skills": "Java, bread", "Additional_Information": "Likes cats"},
        {"Text": "The text comes first here", "Skills": "unused"},
    )
    assert cleaned.frame["resume_text"].to_list() == [
        "Skills\nJava, bread\n\nEducation\nBSc Baking\n\nAdditional Information\nLikes cats",
        "The text comes first here",
    ]


def test_resumes_dropped_and_why() -> None:
    cleaned = resumes(
        {"Text": "A resume that is long enough"},
        {"Text": "Short"},
        {"Text": None},
        {"Text": " \u200b<br> "},
        {"Text": "a RESUME that\n\nis long   enough"},
        {"Text": "Another that is long enough"},
    )
    assert cleaned.frame["source_row"].to_list() == [1, 6]
    assert reasons(cleaned) == [
        (2, "too_short", "5 characters where at least 20 are wanted"),
        (3, "empty", "there is no text"),
        (4, "empty", "there is no text"),
        (5, "duplicate", "the same as row 1"),
    ]
    assert cleaned.rejects["sample"].to_list() == ["Short", "", "", "a RESUME that\n\nis long enough"]


# Postings


def test_a_posting_has_its_columns() -> None:
    cleaned = postings(
        {
            "job_id": " 7 ",
            "title": "🚀 HEAD BAKER!!",
            "company_name": "Bread &amp; Co",
            "location": "Lyon,\tFrance",
            "description": f"Bake well.Then rest. {BODY}",
            "min_salary": "17.5",
            "max_salary": "20.0",
            "pay_period": "HOURLY",
            "currency": "USD",
            "formatted_work_type": "Full-time",
            "work_type": "FULL_TIME",
            "formatted_experience_level": "Entry level",
            "remote_allowed": "1.0",
            "skills_desc": "Dough,  ovens",
        },
        keywords=("chef", "baker"),
    )
    assert tuple(cleaned.frame.columns) == CLEANED_POSTING_COLUMNS
    row = cleaned.frame.to_dicts()[0]
    description = f"Bake well. Then rest. {BODY}".strip()
    words = "\n".join(["head baker", "bread & co", description.casefold()])
    assert row == {
        "posting_id": hashlib.sha256(words.encode()).hexdigest()[:16],
        "job_id": "7",
        "title": "Head Baker",
        "company_name": "Bread & Co",
        "location": "Lyon, France",
        "description": description,
        "salary_min": 36_400.0,
        "salary_max": 41_600.0,
        "salary_note": "HOURLY x 2080",
        "work_type": "Full-time",
        "experience_level": "Entry level",
        "remote": True,
        "skills_desc": "Dough, ovens",
        "keyword": "baker",
        "source_row": 1,
    }


def test_what_a_posting_does_not_say_is_null() -> None:
    row = postings({"company_name": "  ", "location": "N/A", "work_type": "PART_TIME"}).frame.to_dicts()[0]
    assert {name for name, value in row.items() if value is None} == {
        "job_id", "company_name", "location", "salary_min", "salary_max", "experience_level", "skills_desc", "keyword"
    }  # fmt: skip
    assert (row["work_type"], row["remote"], row["salary_note"]) == ("Part-time", False, "")


@pytest.mark.parametrize(
    ("facts", "remote"),
    [
        ({"remote_allowed": "1"}, True),
        ({"remote_allowed": "True"}, True),
        ({"remote_allowed": "0.0"}, False),
        ({"location": "Texas (Remote)"}, True),
        ({"location": "Remoteville"}, False),
        ({}, False),
    ],
)
def test_remote(facts: dict[str, str | None], remote: bool) -> None:
    assert postings(facts).frame["remote"].to_list() == [remote]


def test_postings_dropped_and_why() -> None:
    cleaned = postings(
        {"title": "Baker", "company_name": "A", "description": BODY},
        {"title": " ", "description": None},
        {"title": "🌟🚀", "description": BODY},
        {"title": "Bakery clerk"},
        {"description": " "},
        {"description": "Bake."},
        {"title": "BAKER", "company_name": "a", "description": BODY.replace(" ", "  ")},
        {"title": "Baker", "company_name": "B", "description": BODY},
        keywords=("baker",),
    )
    assert cleaned.frame["source_row"].to_list() == [1, 8]
    assert reasons(cleaned) == [
        (2, "no_title", "the posting has no title"),
        (3, "no_title", "the posting has no title"),
        (4, "no_keyword", "none of the keywords is in its title"),
        (5, "empty", "there is no text"),
        (6, "too_short", "5 characters where at least 100 are wanted"),
        (7, "duplicate", "the same as row 1"),
    ]


def test_rejects_of_the_file_come_along_and_are_summed_up() -> None:
    given = table(POSTING_COLUMNS, [{"title": "Baker", "description": BODY}, {"title": "", "description": BODY}])
    bad = pl.DataFrame([(3, 9, "stray_quote", "column 'title': a quote", "x")], REJECT_COLUMNS, orient="row")
    cleaned = checked(clean_postings(Table(given.frame, bad, 3), keywords=[]))
    assert cleaned.rejects.select("source_row", "line", "reason").rows() == [
        (2, None, "no_title"),
        (3, 9, "stray_quote"),
    ]
    twice = pl.concat([cleaned.rejects, bad.with_columns(source_row=pl.lit(4, pl.Int64))])
    assert rejects_summary(twice).rows() == [
        ("stray_quote", 2, "row 3: column 'title': a quote"),
        ("no_title", 1, "row 2: the posting has no title"),
    ]
    assert rejects_summary(twice.clear()).schema == {"reason": pl.String, "rows": pl.Int64, "example": pl.String}


def test_no_rows_are_no_trouble() -> None:
    assert clean_postings(table(POSTING_COLUMNS, []), keywords=["x"]).frame.columns == list(CLEANED_POSTING_COLUMNS)
    assert clean_resumes(table(RESUME_COLUMNS, [])).frame.schema == {
        "resume_id": pl.String,
        "resume_text": pl.String,
        "roles": pl.String,
        "source_row": pl.Int64,
    }


def test_the_column_types_do_not_depend_on_the_rows() -> None:
    filled = postings({"min_salary": "50000", "pay_period": "YEARLY"}, keywords=("baker",)).frame.schema
    assert clean_postings(table(POSTING_COLUMNS, []), keywords=[]).frame.schema == filled


# Keywords


@pytest.mark.parametrize(
    ("keyword", "titles", "others"),
    [
        ("java", ["Java Developer", "java/J2EE", "Core-Java", "(JAVA)", "Python, Java."], ["JavaScript Dev", "Javan"]),
        ("c++", ["C++ Dev", "Senior C++", "C++17 Lead", "C/C++/Qt"], ["C Dev", "C# Dev", "VC++", "C+ grade"]),
        ("c#", ["C# Dev", "C#/.NET"], ["C Dev", "C++", "C#x"]),
        ("c", ["C Dev", "Embedded C, Linux", "C/C++"], ["C++", "C#", "Objective-C", "C-suite", "Series C's"]),
        ("r", ["R Developer"], ["R&D Engineer", "A&R"]),
        (".net", [".NET Dev", "Cloud / .net"], ["Network", "ASP.NET", "internet", ".Nettle"]),
        ("node.js", ["Node.js", "(node.JS)"], ["Node js", "nodeXjs", "Node.json"]),
        ("data engineer", ["Sr Data  Engineer", "DATA-ENGINEER/ETL"], ["Data Engineering", "Data and Engineer"]),
    ],
)
def test_keywords_are_whole_words(keyword: str, titles: list[str], others: list[str]) -> None:
    pattern = keyword_pattern(keyword)
    assert pl.Series(titles).str.contains(pattern).to_list() == [True] * len(titles)
    assert pl.Series(others).str.contains(pattern).to_list() == [False] * len(others)


def test_the_first_configured_keyword_is_noted() -> None:
    cleaned = postings({"title": "Python and Java Developer"}, {"title": "Java"}, keywords=("java", "python"))
    assert cleaned.frame["keyword"].to_list() == ["java", "java"]


def test_keywords_are_looked_for_where_configured() -> None:
    rows: tuple[dict[str, str | None], ...] = (
        {"title": "Baker", "description": f"{BODY} We use Cobol.Daily"},
        {"title": "Cobol Baker"},
        {"title": "Baker", "skills_desc": "COBOL"},
        {"title": "Baker"},
    )
    everywhere = postings(*rows, keywords=("cobol",), keyword_fields=("title", "description", "skills_desc"))
    assert everywhere.frame["source_row"].to_list() == [1, 2, 3]
    assert everywhere.rejects["detail"].to_list() == [
        "none of the keywords is in its title or description or skills_desc"
    ]
    assert postings(*rows, keywords=("cobol",)).frame["source_row"].to_list() == [2]
    assert everywhere.frame["description"][0].endswith("We use Cobol. Daily")


def test_wrong_settings_say_what_is_right() -> None:
    with pytest.raises(ValueError, match=r"in \['salary'\]; choose among \['title', 'description'"):
        postings({}, keywords=("x",), keyword_fields=("salary",))
    with pytest.raises(ValueError, match="A keyword is blank"):
        postings({}, keywords=("java", " "))


# Titles


@pytest.mark.parametrize(
    ("title", "tidy"),
    [
        ("🌟🚀 Sales Rep 🚀", "Sales Rep"),
        ("*** URGENT!! Java Developer!!! ***", "URGENT Java Developer"),
        ("Data Engineer -- Remote ★", "Data Engineer - Remote"),
        ("- Nurse |", "Nurse"),
        ("SENIOR JAVASCRIPT DEVELOPER", "Senior JavaScript Developer"),
        ("HVAC TECHNICIAN AND RN IN THE NICU", "HVAC Technician and RN in the NICU"),
        ("C++/C# ENGINEER (.NET)", "C++/C# Engineer (.NET)"),
        ("FULL-TIME SALES REP II - BARNES' BAR", "Full-Time Sales Rep II - Barnes' Bar"),
        ("THE NEW DIRECTOR OF R&D", "The New Director of R&D"),
        ("iOS DEVELOPER", "iOS DEVELOPER"),
        ("SALES", "Sales"),
        ("!!!", ""),
    ],
)
def test_titles_are_tidied(title: str, tidy: str) -> None:
    assert tidy_title(title) == tidy
    assert tidy_title(tidy) == tidy


TIDY = (
    "Java Developer|C#|C++ Engineer|.NET Developer|RN|IT/QA|SQL DBA|Sr. Engineer (Remote)|HR VP|iOS Developer|"
    "Chef de Partie|Engineer - Java / Spring|What's next?|Café Manager|#1 Sales Rep"
)


@pytest.mark.parametrize("title", [*TIDY.split("|"), "Engineer | Java"])
def test_tidy_titles_stay(title: str) -> None:
    assert tidy_title(title) == title


@settings(max_examples=300, deadline=None)
@given(title=st.text(st.sampled_from("Aa1 -–#&;<?./().,'+:*!$é\"•"), max_size=9))
def test_what_is_taken_for_tidy_without_a_closer_look_is(title: str) -> None:
    if re.search(cleaning._PLAIN, title):
        assert normalise(title, prose=False) == title
    if re.search(cleaning._TIDY, title) and re.search("[a-z]", title):
        assert normalise(title, prose=False) == tidy_title(title) == title


# The whole way


WORDS = st.lists(
    st.sampled_from(["Java", "baker", "likes", "bread.Then", "&amp;", "", '"', ",", "\n", "é"]), max_size=9
)


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(st.tuples(WORDS.map(" ".join), WORDS.map(" ".join)), max_size=8))
def test_every_row_is_accounted_for_and_cleaning_twice_changes_nothing(rows: list[tuple[str, str]]) -> None:
    given = table(POSTING_COLUMNS, [{"title": title, "description": text} for title, text in rows])
    cleaned = checked(clean_postings(given, keywords=["java", "baker"], min_chars=10))
    assert sorted([*cleaned.frame["source_row"], *cleaned.rejects["source_row"]]) == list(range(1, len(rows) + 1))
    again = table(POSTING_COLUMNS, cleaned.frame.select("title", "description").to_dicts())
    same = checked(clean_postings(again, keywords=["java", "baker"], min_chars=10))
    kept = ("posting_id", "title", "description", "keyword")
    assert same.frame.select(kept).equals(cleaned.frame.select(kept))


@pytest.mark.parametrize("rows", [1, 3, 100])
def test_in_parts_as_in_one(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Duplicates and near-duplicates are found across parts, and no row is lost between them."""
    monkeypatch.setattr(cleaning, "_FILTERED", 2 * rows)
    monkeypatch.setattr(cleaning, "_CLEANED", rows)
    jobs: list[dict[str, str | None]] = [
        {"title": "Baker", "description": f"{BODY} Part {number % 5}.", "company_name": "ABC"[number % 3]}
        for number in range(30)
    ]
    jobs += [{"title": "Clerk", "description": BODY}, {"title": " ", "description": BODY}, {"title": "Baker"}]
    whole = table(POSTING_COLUMNS, jobs)
    parts = [
        Table(whole.frame.slice(start, 4), whole.rejects, len(whole.frame.slice(start, 4)))
        for start in range(0, len(jobs), 4)
    ]
    expected = checked(clean_postings(whole, keywords=["baker"], similarity=0.9))
    assert set(expected.rejects["reason"]) == {"duplicate", "near_duplicate", "no_keyword", "no_title", "empty"}
    found = checked(clean_postings(iter(parts), keywords=["baker"], similarity=0.9))
    assert found.frame.equals(expected.frame)
    assert found.rejects.equals(expected.rejects)
    assert (found.rows_in, found.repairs) == (expected.rows_in, expected.repairs)


def test_from_the_bytes_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "resumes.csv"
    good = b'"\xe2?\xa2 Baker\xe2??s helper,\nLyon",,,,,1,0,0,0,0,0,0,0,0,0,Software_Developer\r\n'
    path.write_bytes(
        ",".join(RESUME_COLUMNS).encode() + b"\r\n" + good + b'"Broken "resume"",,,,,0,0,0,0,0,0,0,0,0,0,\r\n' + good
    )
    cleaned = checked(clean_resumes(read_table(path, RESUME_COLUMNS, RESUME_REQUIRED), min_chars=10))
    assert cleaned.frame.select("resume_text", "roles", "source_row").rows() == [
        ("• Baker’s helper,\nLyon", "Software Developer", 1)
    ]
    assert cleaned.rejects.select("source_row", "reason").rows() == [(2, "text_after_quote"), (3, "duplicate")]
    assert set(POSTING_REQUIRED) <= set(POSTING_COLUMNS)
