"""The resume parser: what holds for every text, and how long it takes."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tailoring.parsing import parse_lines, parse_resume, source_lines

PIECES = st.sampled_from(
    [
        *(
            "EXPERIENCE",
            "Education Details",
            "SKILLS:",
            "Skill Details",
            "Projects",
            "CONTACT",
            "Summary: text",
            "Hobbies",
        ),
        *(
            "company - Acme",
            "description - ",
            "Client: X Jan 2019 to date",
            "Designation: Analyst",
            "Responsibilities:",
        ),
        *("Software Engineer, Acme Ltd", "Jan 2019 – Mar 2020", "Berlin, Germany", "BSc, Leeds University, 2012"),
        *("LANGUAGES", "- Languages: English, Hindi", "Language: Welsh (fluent)", "C1", "OBJECTIVE", "To get a job"),
        *("Edu: BSc, Leeds University", "Lead Developer Acme Corp 2019 – 2020"),
        *("Jane Doe", "jane@example.org", "• did a • did b", "- Led a team", "wrapped line", "Python, Java", "x" * 400),
        *(
            "JavaEducation Details",
            "#1 Title: Shop",
            "**Lead** | Acme | 2019 – 2020",
            "Ended. WORK HISTORY",
            "----",
            "",
        ),
    ]
)


@given(st.one_of(st.lists(PIECES, max_size=25).map("\n".join), st.text(max_size=400)))
@example("Education Details\nA\nB\nSkill Details")
@settings(max_examples=300, deadline=None)
def test_no_line_is_lost_and_none_is_in_two_places(text: str) -> None:
    lines = source_lines(text)
    resume = parse_resume(text)
    assert sorted(resume.placed_line_nos()) == list(range(1, len(lines) + 1))
    assert list(resume.lines) == lines


@given(st.one_of(st.lists(PIECES, max_size=12).map(" ".join), st.text(max_size=400)))
@settings(max_examples=300, deadline=None)
def test_lines_stay_as_they_are_when_cut_again(text: str) -> None:
    lines = source_lines(text)
    assert source_lines("\n".join(lines)) == lines
    assert parse_lines(lines) == parse_resume(text)


@given(st.lists(st.one_of(st.text(max_size=40), PIECES), max_size=12))
@settings(deadline=None)
def test_lines_numbered_by_others_are_all_placed(lines: list[str]) -> None:
    assert sorted(parse_lines(lines).placed_line_nos()) == list(range(1, len(lines) + 1))


@given(st.lists(PIECES, max_size=25).map("\n".join))
@settings(deadline=None)
def test_statements_are_words_of_the_lines_that_they_cite(text: str) -> None:
    resume = parse_resume(text)
    items = [*resume.summary, *resume.certifications, *resume.languages, *resume.unplaced]
    items += [item for role in resume.roles for item in (*role.bullets, *role.details)]
    for item in items:
        cited = " ".join(resume.lines[number - 1] for number in item.line_nos).replace("**", "")
        assert all(word in cited for word in item.text.split())


@pytest.mark.parametrize(
    "unit",
    [
        "Go\n",
        "• a ",
        "Education Details ",
        "(",
        "|x",
        "1 yr,",
        "a@b.c ",
        "Jan 2020 - ",
        "job: ",
        "x - y – ",
        " ",
        "A.",
        "\t.",
    ],
)
def test_the_time_is_linear(unit: str) -> None:
    for prefix in ("", "EXPERIENCE\nClerk, Acme Ltd, 2019 – 2020\n", "EDUCATION\nBSc ", "SKILLS\n"):
        text = prefix + unit * (20_000 // len(unit))
        start = time.process_time()
        parse_resume(text)
        assert time.process_time() - start < 2  # about 0.1 s; a quadratic step takes ten times as long
