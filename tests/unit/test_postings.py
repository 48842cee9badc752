"""Postings: sections and statements, and what they ask for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailoring.degrees import DEGREE_LEVELS, degree_levels
from tailoring.posting_outline import Section
from tailoring.postings import AskedSkill, ParsedPosting, parse_posting, split_posting
from tests.growth import assert_linear

POSTING = """Halden Freight moves 300 trucks a day and has been in business for 40 years. The office uses Salesforce.

About the role
You will keep our dispatch software alive.

Responsibilities
- Build services in Python and Django
- Tune slow queries in PostgreSQL

Requirements
- 4+ years of experience in back-end work
- Bachelor's degree in computer science or equivalent experience
- Python, Django and SQL
- Docker is a plus
- You must know Git

Nice to have
- Kubernetes
- Master's degree

Benefits
- Health insurance, and Java coffee from 9 to 5
- 10 years of service earn a gold watch
"""


def names(skills: tuple[AskedSkill, ...]) -> list[str]:
    return [skill.name for skill in skills]


def read(*lines: str, title: str = "") -> ParsedPosting:
    return parse_posting(title, "\n".join(lines))


def test_a_posting_is_read_with_the_words_that_each_part_rests_on() -> None:
    posting = parse_posting("Senior Backend Engineer", POSTING)
    assert posting.title.families == ("software development",)
    assert (posting.level, posting.level_text) == (3, "Senior Backend Engineer")
    assert {"Python", "Django", "SQL", "Git"} <= set(names(posting.required))
    assert names(posting.preferred) == ["Docker", "Kubernetes"]
    assert "PostgreSQL" in names(posting.mentioned)
    assert posting.years is not None
    assert (posting.years.years, posting.years.text) == (4, "4+ years of experience in back-end work")
    assert posting.degree is not None
    assert (DEGREE_LEVELS[posting.degree.level], posting.degree.or_experience) == ("bachelor", True)
    assert "Build services in Python and Django" in posting.responsibilities
    assert posting.required[0].text in POSTING


def test_what_is_said_of_the_company_and_of_pay_asks_for_nothing() -> None:
    posting = parse_posting("Backend Engineer", POSTING)
    asked = names(posting.required) + names(posting.preferred) + names(posting.mentioned)
    assert "Salesforce" not in asked
    assert "Java" not in asked


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("Requirements", Section.REQUIRED),
        ("REQUIRED SKILLS:", Section.REQUIRED),
        ("What you’ll bring", Section.REQUIRED),
        ("Education and Experience:", Section.REQUIRED),
        ("Preferred Qualifications", Section.PREFERRED),
        ("Desired Skills & Experience:", Section.PREFERRED),
        ("Nice to have", Section.PREFERRED),
        ("**Key Responsibilities**", Section.DUTIES),
        ("What you'll do:", Section.DUTIES),
        ("Benefits", Section.ELSE),
        ("About Halden Freight", Section.ELSE),
        ("Physical demands:", Section.ELSE),
    ],
)
def test_headings_open_sections(heading: str, section: Section) -> None:
    assert read(heading, "Something to be read").statements[-1].section is section


@pytest.mark.parametrize("line", ["Experience with Python", "Skills in negotiation help", "The role is open until May"])
def test_sentences_are_no_headings(line: str) -> None:
    assert [each.section for each in read(line, "Python").statements] == [Section.UNKNOWN] * 2


def test_a_label_holds_for_its_own_line_only() -> None:
    posting = read("Location: Newark, near the Oracle building", "Must know Python")
    assert names(posting.required) == ["Python"]
    assert posting.statements[0].section is Section.ELSE


def test_headings_and_bullets_that_are_glued_to_their_neighbours_are_found() -> None:
    posting = read("RequirementsKnowledge of PostgreSQL in teamsGood Docker skillsPreferredSome Kubernetes")
    assert names(posting.required) == ["PostgreSQL", "Docker"]
    assert names(posting.preferred) == ["Kubernetes"]


@pytest.mark.parametrize(
    ("statement", "required", "preferred"),
    [
        ("Must have Python", ["Python"], []),
        ("Python is required", ["Python"], []),
        ("Python is a plus", [], ["Python"]),
        ("Python preferred but not required", [], ["Python"]),
        ("Ideally you know Python", [], ["Python"]),
        ("Python and SQL required, Docker preferred", ["Python", "SQL"], ["Docker"]),
        ("Docker (preferred); Python (required)", ["Python"], ["Docker"]),
        ("Python: 3 years (Required)Docker: 1 year (Preferred)", ["Python"], ["Docker"]),
    ],
)
def test_a_statement_says_itself_what_is_required(statement: str, required: list[str], preferred: list[str]) -> None:
    posting = read(statement)
    assert (names(posting.required), names(posting.preferred)) == (required, preferred)


@pytest.mark.parametrize("statement", ["Take advantage of our Python course", "Reach the desired outcomes with Python"])
def test_words_of_preference_in_another_sense_prefer_nothing(statement: str) -> None:
    assert read(statement).preferred == ()


def test_where_nothing_is_required_the_duties_tell_what_is() -> None:
    posting = read("We sell Salesforce licences.", "What you will do", "Write Python and review SQL")
    assert names(posting.required) == ["Python", "SQL"]


def test_a_posting_without_any_heading_is_read_too() -> None:
    assert names(read("Strong in Python, with some SQL.").required) == ["Python", "SQL"]


@pytest.mark.parametrize(
    ("statement", "years"),
    [
        ("3+ years of experience in sales", 3),
        ("3-5 years experience", 3),
        ("5 to 7 years of professional work", 5),
        ("Minimum of twelve (12) years of engineering experience", 12),
        ("Three years of Python experience, five years of work in teams", 5),
        ("At least 2 yrs. experience", 2),
    ],
)
def test_years_asked(statement: str, years: int) -> None:
    posting = read("Requirements", statement)
    assert posting.years is not None
    assert posting.years.years == years


@pytest.mark.parametrize(
    "statement",
    [
        "Must be 18 years old",
        "Our experience goes back over 40 years in business",
        "No accidents in the last 5 years of experience",
        "5 years of experience preferred",
        "1500 years of experience",
        "Experience with people",
    ],
)
def test_years_that_are_not_asked(statement: str) -> None:
    assert read("Requirements", statement).years is None


def test_years_tell_the_level_where_the_title_does_not() -> None:
    posting = read("Requirements", "6 years of experience with Java", title="Java Developer")
    assert (posting.level, posting.level_text) == (3, "6 years of experience with Java")
    assert read("Java", title="Java Developer").level is None


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("Bachelor's degree in computer science", ["bachelor"]),
        ("BS/MS in CS", ["bachelor"]),
        ("B.Tech, Pune", ["bachelor"]),
        ("Bachelor’s or Master’s degree", ["bachelor", "master"]),
        ("high school diploma or GED", ["school"]),
        ("Associate degree", ["diploma"]),
        ("a four-year degree", ["bachelor"]),
        ("MBA", ["master"]),
        ("PhD in physics", ["doctorate"]),
    ],
)
def test_degrees(text: str, levels: list[str]) -> None:
    assert [DEGREE_LEVELS[level] for level in degree_levels(text)] == levels


@pytest.mark.parametrize(
    "text", ["MS Office", "Scrum Master", "Master Electrician", "to be or not", "mastery of SQL", "be a team"]
)
def test_words_that_only_look_like_degrees(text: str) -> None:
    assert degree_levels(text) == []


def test_a_preferred_degree_is_not_asked() -> None:
    assert read("Requirements", "Master's degree preferred").degree is None


@pytest.mark.parametrize(
    ("posting", "title", "rest"),
    [
        ("Title: Java Developer\nCompany: Acme\nWe need Java.", "Java Developer", "\nWe need Java."),
        ("Java Developer (remote)\nWe need Java.", "Java Developer (remote)", "We need Java."),
        ("We need Java.\nAnd more.", "", "We need Java.\nAnd more."),
        ("", "", ""),
    ],
)
def test_a_posting_in_one_text_may_begin_with_its_title(posting: str, title: str, rest: str) -> None:
    assert split_posting(posting) == (title, rest)


@settings(max_examples=150)
@given(st.text(max_size=300), st.lists(st.sampled_from(POSTING.splitlines()), max_size=12))
def test_any_text_is_read_and_nothing_is_made_up(noise: str, lines: list[str]) -> None:
    text = "\n".join([*lines, noise, *lines])
    posting = parse_posting(noise, text)
    groups = [set(names(group)) for group in (posting.required, posting.preferred, posting.mentioned)]
    assert sum(map(len, groups)) == len(set().union(*groups))
    assert all(text[each.start :].startswith(each.text) for each in posting.statements)
    assert parse_posting(noise, text) == posting


@pytest.mark.parametrize(
    "piece", ["5 years ", "required, preferred, ", "Skills: ", "aB", "B.S. or ", "or a b ", "\n", " and ", "("]
)
def test_time_grows_with_length_only(piece: str) -> None:
    assert_linear(lambda text: parse_posting("", text), piece, 50_000)
