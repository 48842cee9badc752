"""What resumes call their people: which titles are found, and how much each tells."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailoring.resume_titles import stated_titles
from tailoring.terms import cut


def titles(text: str) -> dict[str, float]:
    texts = pl.Series([text])
    return dict(stated_titles(texts, cut(texts))[0])


def first(text: str) -> str:
    return next(iter(titles(text)), "")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Jane Doe\nSenior Accountant\n\nClosed the books with the sales manager.", "senior accountant"),
        ("Education\nB.Tech\nSr. Network Engineer\n\nSr. Network Engineer - Northwind Ltd.", "sr. network engineer"),
        ("EXPERIENCE\nStaff Nurse, Mercy Hospital — Denver, CO\nJan 2019 - Present", "staff nurse"),
        ("Designation: Operations Manager\nWorked with developers and developers.", "operations manager"),
        ("Duration: two years. Role: Hadoop Developer in a team of five", "hadoop developer"),
        ("Engineer (Civil)\nBuilt roads.", "engineer (civil)"),
        ("Senior Manager - PMO\nRan the office.", "senior manager - pmo"),
        ("QA Automation Lead\nWrote tests.", "qa automation lead"),
        ("Data Science\n\nSkills\nPython", "data science"),
        ("Some School\nData Science internship\n\nSkills\nPython", "data science internship"),
    ],
)
def test_what_stands_apart_is_the_title(text: str, title: str) -> None:
    assert first(text) == title


def test_a_text_on_one_line_begins_with_its_title() -> None:
    text = (
        "Database Administrator Database Administrator - Lakeside Clinic Springfield, GA Keeps SQL Server alive. Work "
        "Experience Junior Data Analyst Lakeside Clinic 2014 to 2017 Reported to the project manager."
    )
    found = titles(text)
    assert first(text) == "database administrator"
    assert found["database administrator"] >= 4 * found["project manager"]


def test_the_latest_title_tells_most() -> None:
    text = "Data Architect, Acme\n2019 - now\nDatabase Developer, Beta\n2015 - 2019\nHelp Desk Technician, Gamma\n2013"
    assert list(titles(text)) == ["data architect", "database developer", "help desk technician"]


def test_a_title_that_is_repeated_tells_more() -> None:
    once, twice = titles("Web Developer\nBuilt sites."), titles("Web Developer\n\nWeb Developer - Acme\nBuilt sites.")
    assert twice["web developer"] > once["web developer"]


def test_sentences_name_titles_of_others() -> None:
    found = titles("Line Cook\nWorked for the executive chef, beside a sous chef and a dishwasher.")
    assert found["line cook"] > 3 * found["executive chef"]


@pytest.mark.parametrize(
    "text",
    ["", "Skills\nMachine Learning\nData Science\nSAP\n", "Languages\n\nEnglish, Hindi\n", "Title: Payroll System\n"],
)
def test_lists_and_headings_are_no_titles(text: str) -> None:
    assert titles(text) == {}


def test_each_text_has_its_own_titles() -> None:
    texts = pl.Series(["Plumber\nFixed pipes.", "No title at all", "Baker\nBaked bread."])
    assert [[title for title, _ in found] for found in stated_titles(texts, cut(texts))] == [["plumber"], [], ["baker"]]


PIECES = [
    "cook",
    "Senior",
    "java developer",
    "role:",
    "Data Science",
    "manager",
    "\n",
    "\n\n",
    " - ",
    ", ",
    "•",
    "é",
    "(",
    "sr. ",
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join) | st.text(max_size=40), min_size=1, max_size=5
    )
)
def test_a_text_says_the_same_among_others(written: list[str]) -> None:
    texts = pl.Series(written)
    together = stated_titles(texts, cut(texts))
    assert together == [stated_titles(texts[[at]], cut(texts[[at]]))[0] for at in range(len(written))]
    assert all(title == title.strip().lower() and weight > 0 for found in together for title, weight in found)
