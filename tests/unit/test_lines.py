"""Lines and headings: how a resume's text is cut and numbered, and what opens a section."""

import pytest

from tailoring.lines import split_marker
from tailoring.parsing import parse_resume, source_lines
from tailoring.sections import Section, heading


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("  one \r\n\n\n two\x0b", ["one", "two"]),
        ("• Plans work • Leads people", ["• Plans work", "• Leads people"]),
        ("Duties: • Plans work • Leads people", ["Duties:", "• Plans work", "• Leads people"]),
        ("* Plans work * Leads people", ["* Plans work", "* Leads people"]),
        ("Jane Doe • Berlin • jane@example.org", ["Jane Doe • Berlin • jane@example.org"]),
        ("sharing your knowledge.Education Details", ["sharing your knowledge.", "Education Details"]),
        ("Keen to find solutionsEducation Details", ["Keen to find solutions", "Education Details"]),
        ("from Udemy. JOB DETAILS Education Details", ["from Udemy.", "JOB DETAILS", "Education Details"]),
        ("Taught general education", ["Taught general education"]),
        ("Managed Physical Education", ["Managed Physical Education"]),
        ("-----\n***\nKept", ["Kept"]),
        ("zero\u200bwidth\ufeff", ["zero width"]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_lines(text: str, lines: list[str]) -> None:
    assert source_lines(text) == lines


@pytest.mark.parametrize(
    ("line", "marker", "text"),
    [
        ("• Plans work", "•", "Plans work"),
        ("- Plans work", "-", "Plans work"),
        ("–Plans work", "–", "Plans work"),
        ("2. Plans work", "2.", "Plans work"),
        ("3.Plans work", "3.", "Plans work"),
        ("b) Plans work", "b)", "Plans work"),
        ("Ø Plans work", "Ø", "Plans work"),
        ("o Plans work", "o", "Plans work"),
        ("B. Tech Computer Science", "", "B. Tech Computer Science"),
        ("2019 – 2020", "", "2019 – 2020"),
        ("-5 °C storage", "", "-5 °C storage"),
        ("of the team", "", "of the team"),
    ],
)
def test_a_bullet_sign_is_told_from_text(line: str, marker: str, text: str) -> None:
    assert split_marker(line) == (marker, text)


@pytest.mark.parametrize(
    ("line", "section"),
    [
        ("WORK EXPERIENCE", Section.EXPERIENCE),
        ("Professional Experience:", Section.EXPERIENCE),
        ("Employment History", Section.EXPERIENCE),
        ("MILITARY EXPERIENCE", Section.EXPERIENCE),
        ("Berufserfahrung", Section.EXPERIENCE),
        ("Key Technical Skills", Section.SKILLS),
        ("Core Competencies", Section.SKILLS),
        ("ADJOINING SKILLS:", Section.SKILLS),
        ("E D U C A T I O N", Section.EDUCATION),
        ("Education & Certifications", Section.EDUCATION),
        ("Licenses & Certifications", Section.CERTIFICATIONS),
        ("About me", Section.SUMMARY),
        ("## Profile", Section.SUMMARY),
        ("Selected Projects", Section.PROJECTS),
        ("Personal Details", Section.CONTACT),
        ("Hobbies and Interests", Section.OTHER),
        ("CENTRES D'INTÉRÊT", Section.OTHER),
        ("Language Skills", Section.LANGUAGES),
        ("Sprachkenntnisse", Section.LANGUAGES),
        ("Language School Berlin", None),
        ("Experience with Python", None),
        ("Communication skills", None),
        ("Built projects.", None),
        ("Education is the key to everything", None),
        ("Project Management College", None),
        ("Python", None),
        ("", None),
    ],
)
def test_a_heading_is_told_by_its_words(line: str, section: Section | None) -> None:
    assert heading(line) == section


def test_a_label_in_a_role_opens_no_section() -> None:
    resume = parse_resume("EXPERIENCE\nEngineer, Acme Ltd, 2019 – 2020\nAchievements:\n- Won a prize\nSKILLS\nPython")
    assert [item.text for item in resume.roles[0].bullets] == ["Won a prize"]
    assert resume.skills.terms == ("Python",)


def test_programming_languages_in_a_skills_section_are_no_section_of_their_own() -> None:
    resume = parse_resume(
        "SKILLS\nLanguages: Python, Java\nEDUCATION\nBSc, Leeds University\nLanguages: English, Welsh"
    )
    assert resume.skills.terms == ("Python", "Java")
    assert [item.text for item in resume.languages] == ["English, Welsh"]


def test_programming_languages_under_a_heading_of_their_own_are_skills() -> None:
    resume = parse_resume("EDUCATION\nBSc, Leeds University\nLANGUAGES\nPython, Java\nINTERESTS\nChess")
    assert resume.skills.terms == ("Python", "Java")
    assert resume.languages == ()


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("SKILLS\n- Languages: German (fluent), Welsh\n- Python, SQL", ("Python", "SQL")),
        ("SKILLS\nLanguages: German (fluent), Welsh\nTools: Python, SQL", ("Python", "SQL")),
        (
            "SKILLS\nPython, SQL\nPERSONAL DETAILS\nLanguage: German (fluent), Welsh\nNationality: Irish",
            ("Python", "SQL"),
        ),
    ],
)
def test_a_line_of_languages_among_others_ends_no_section(text: str, beside: tuple[str, ...]) -> None:
    resume = parse_resume(text)
    assert [item.text for item in resume.languages] == ["German (fluent), Welsh"]
    assert resume.skills.terms == beside


def test_languages_told_within_a_role_end_no_role() -> None:
    resume = parse_resume(
        "EXPERIENCE\nClerk, Acme Ltd, 2019 - 2020\nLanguages: German, Welsh\n- Led a choir of 9 people"
    )
    assert [item.text for item in resume.languages] == ["German, Welsh"]
    assert [item.text for item in resume.roles[0].bullets] == ["Led a choir of 9 people"]
    resume = parse_resume(
        "EXPERIENCE\nClerk, Acme Ltd, 2019 - 2020\nLanguages: Python, Java\n- Led a choir of 9 people"
    )
    assert resume.languages == ()


def test_a_short_label_opens_the_education_only_with_its_content() -> None:
    resume = parse_resume(
        "EXPERIENCE\nClerk, Acme Ltd, 2019 - 2020\n- Led a choir of 9\nEdu: BSc Computing, Leeds University, 2012"
    )
    assert [(entry.degree, entry.school) for entry in resume.education] == [("BSc Computing", "Leeds University")]
    assert [item.text for item in resume.roles[0].bullets] == ["Led a choir of 9"]
    assert heading("Edu") is None
    assert source_lines("Write to jane@leeds.ac.EDU") == ["Write to jane@leeds.ac.EDU"]


@pytest.mark.parametrize(
    "hope",
    [
        "To obtain a position as a web developer",
        "A post in a busy kitchen that lets me grow.",
        "Position as a nurse in a children's ward",
        "Developer role in a small team",
    ],
)
def test_what_somebody_hopes_for_is_no_summary(hope: str) -> None:
    resume = parse_resume(f"Ana Roe\nCAREER OBJECTIVE\n{hope}\nSKILLS\nSQL")
    assert resume.summary == ()
    assert [(section.title, section.items[0].text) for section in resume.other] == [("CAREER OBJECTIVE", hope)]


@pytest.mark.parametrize(
    ("title", "who"),
    [
        ("OBJECTIVE", "Cook with 6 years of experience in hotels."),
        ("OBJECTIVE", "Entry-level SOC analyst with a home lab."),
        ("PROFILE", "A post in a busy kitchen that lets me grow."),
    ],
)
def test_who_somebody_is_stays_a_summary_whatever_the_heading(title: str, who: str) -> None:
    resume = parse_resume(f"Ana Roe\n{title}\n{who}\nSKILLS\nSQL")
    assert [item.text for item in resume.summary] == [who]
    assert resume.other == ()
