"""Titles: one spelling, the trade and the level that they name, and how near two of them are."""

from collections import Counter

import pytest

from tailoring.titles import (
    LEVELS,
    first_part,
    level_of_years,
    names_trade,
    parse_title,
    title_similarity,
    title_vector,
    title_words,
)
from tailoring.vocabulary import load_data


def nearness(one: str, other: str) -> float:
    return title_similarity(parse_title(one), parse_title(other))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Sr. Java Dev", "senior java developer"),
        ("Front-End Developers", "frontend developer"),
        ("DBA", "Database Administrator"),
        ("QA Engineer", "Quality Assurance Engineer"),
        ("Java_Developer", "java developer"),
        ("HR Manager", "Human Resources Manager"),
        ("VP of Sales", "Vice President of Sales"),
        ("Women's Shoe Designer", "Women shoe designer"),
    ],
)
def test_titles_have_one_spelling(written: str, meant: str) -> None:
    assert title_words(written) == title_words(meant)


@pytest.mark.parametrize(
    ("title", "family"),
    [
        ("Java Developer", "software development"),
        ("Engineer II, Software", "software development"),
        ("DBA", "database administration"),
        ("System Administrator", "systems administration"),
        ("Construction Project Manager", "construction"),
        ("IT Project Manager", "project management"),
        ("Armed Security Guard", "protective services"),
        ("Cyber Security Analyst", "information security"),
        ("Med-Surg RN", "nursing"),
        ("Corporate Lawyer", "legal practice"),
        ("Quality Engineer", "quality"),
        ("QA Engineer", "software testing"),
        ("Assistant Restaurant Manager (Evenings)", "restaurants and hotels"),
    ],
)
def test_a_title_names_its_trade(title: str, family: str) -> None:
    assert family in parse_title(title).families


@pytest.mark.parametrize(
    "title", ["Team Lead", "House Coordinator", "Member", "Business Center", "", "!!!", "2024", "B.Tech"]
)
def test_a_title_without_a_trade_names_none(title: str) -> None:
    assert parse_title(title).families == ()


def test_the_trade_is_read_before_any_place_or_remark() -> None:
    assert parse_title("Software Engineer - Nurse Scheduling Products").families == ("software development",)


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Software Engineering Intern", "intern"),
        ("Entry-Level Accountant", "junior"),
        ("Jr. Developer", "junior"),
        ("Developer II", "middle"),
        ("Sr. Nurse", "senior"),
        ("Staff Software Engineer", "lead"),
        ("Principal Scientist", "lead"),
        ("Director of Sales", "head"),
        ("Art Director", "senior"),
    ],
)
def test_a_title_names_its_level(title: str, level: str) -> None:
    found = parse_title(title).level
    assert found is not None
    assert LEVELS[found] == level


@pytest.mark.parametrize(
    "title",
    ["Staff Accountant", "Lead Generation Specialist", "Mid-Market Account Executive", "Data Entry Clerk", "Nurse"],
)
def test_words_that_only_look_like_a_level_are_none(title: str) -> None:
    assert parse_title(title).level is None


def test_near_titles_are_nearer_than_far_ones() -> None:
    order = ["Senior Java Engineer", "Software Engineer", "Python Developer", "Data Engineer", "Registered Nurse"]
    found = [nearness("Java Developer", other) for other in order]
    assert found == sorted(found, reverse=True)
    assert found[0] > 0.9
    assert found[-1] == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Project Manager", "Property Manager"),
        ("Sales Engineer", "Software Engineer"),
        ("Security Guard", "Security Analyst"),
        ("Product Designer", "Product Manager"),
        ("Database Administrator", "Office Administrator"),
    ],
)
def test_a_shared_word_does_not_make_titles_alike(one: str, other: str) -> None:
    assert nearness(one, other) < 0.4


@pytest.mark.parametrize("title", ["Senior Java Developer", "Web Designer/Developer", "Cook", "Sales & Marketing Lead"])
def test_a_title_is_like_itself_and_likeness_has_no_direction(title: str) -> None:
    assert nearness(title, title) == pytest.approx(1)
    assert nearness(title, "Web Developer") == pytest.approx(nearness("Web Developer", title))
    assert sum(weight**2 for weight in title_vector(parse_title(title)).values()) == pytest.approx(1)


@pytest.mark.parametrize("line", ["Data Science", "HR", "Senior DevOps", "Human Resources", "Software testing", "SAP"])
def test_a_line_may_name_a_trade_without_a_noun(line: str) -> None:
    assert names_trade(line)


@pytest.mark.parametrize(
    "line", ["", "Senior", "Python, SQL", "Data Science in banking", "Career objective", "Sales Experience"]
)
def test_most_lines_name_no_trade(line: str) -> None:
    assert not names_trade(line)


def test_a_remark_is_no_part_of_the_title() -> None:
    assert first_part("Nurse - Night Shift") == first_part(" Nurse (nights)") == "Nurse"


def test_more_years_never_mean_a_lower_level() -> None:
    levels = [level_of_years(years / 2) for years in range(60)]
    assert levels == sorted(levels)


def test_the_data_repeats_no_phrase_within_a_family() -> None:
    data = load_data("titles.yaml")
    for families in data["fields"].values():
        for family, phrases in families.items():
            repeated = [phrase for phrase, times in Counter(phrases).items() if times > 1]
            assert not repeated, family
