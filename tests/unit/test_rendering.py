from hypothesis import given
from hypothesis import strategies as st

from tailoring.parsing import parse_resume
from tailoring.rendering import to_text
from tailoring.resume import Contact, Education, Project, Role, Statement, TailoredResume

NOBODY = Contact(name="", email="", phone="", location="", links=[])
EMPTY = TailoredResume(
    headline="", summary=[], skills=[], experience=[], education=[], certifications=[], projects=[]
)  # fmt: skip


def said(*texts: str) -> list[Statement]:
    return [Statement(text=text, source_lines=[1]) for text in texts]


ADA = Contact(
    name="Ada Böhme",
    email="ada@example.com",
    phone="+49 30 5550 1234",
    location="Berlin, Germany",
    links=["https://ada.example.com"],
)
FULL = TailoredResume(
    headline="Senior Data Engineer",
    summary=said("Data engineer with nine years in logistics.", "Built three platforms from nothing."),
    skills=["Python", "Apache Kafka", "C++"],
    experience=[
        Role(
            title="Senior Data Engineer",
            employer="Nordfracht GmbH",
            location="Berlin, Germany",
            dates="March 2020 – Present",
            bullets=said("Cut the cost of the nightly load by 40%", "Led a team of six engineers"),
        ),
        Role(
            title="Data Analyst",
            employer="Hanse Logistik GmbH",
            location="Hamburg, Germany",
            dates="June 2015 - February 2020",
            bullets=said("Wrote the first weekly delay report"),
        ),
    ],
    education=[
        Education(degree="MSc Computer Science", school="", dates="2015", details="Grade 1.3", source_lines=[1]),
    ],
    certifications=said("Confluent Certified Developer, 2021"),
    projects=[Project(name="Open timetable", dates="2019", bullets=said("Published delays of 300 ferries"))],
    languages=said("German (native)", "English (C1)", "Sorbian"),
)


def test_a_full_resume_has_the_standard_headings_in_order_and_whole_lines() -> None:
    assert to_text(FULL, ADA) == (
        """\
Ada Böhme
Senior Data Engineer
ada@example.com | +49 30 5550 1234 | Berlin, Germany | https://ada.example.com

SUMMARY
Data engineer with nine years in logistics. Built three platforms from nothing.

SKILLS
Python, Apache Kafka, C++

EXPERIENCE
Senior Data Engineer | Nordfracht GmbH | Berlin, Germany | March 2020 - Present
- Cut the cost of the nightly load by 40%
- Led a team of six engineers

Data Analyst | Hanse Logistik GmbH | Hamburg, Germany | June 2015 - February 2020
- Wrote the first weekly delay report

EDUCATION
MSc Computer Science | 2015
Grade 1.3

CERTIFICATIONS
- Confluent Certified Developer, 2021

PROJECTS
Open timetable | 2019
- Published delays of 300 ferries

LANGUAGES
German (native), English (C1), Sorbian
"""
    )


def test_empty_sections_and_fields_leave_no_trace() -> None:
    resume = EMPTY.model_copy(
        update={
            "skills": ["Welding", " "],
            "experience": [Role(title="Welder", employer="", location="", dates="", bullets=said("  "))],
            "certifications": said(""),
        }
    )
    assert to_text(resume, NOBODY) == "SKILLS\nWelding\n\nEXPERIENCE\nWelder\n"
    assert to_text(EMPTY, NOBODY) == "\n"


def test_punctuation_becomes_plain_and_letters_keep_their_accents() -> None:
    resume = EMPTY.model_copy(
        update={"summary": said("“Élan” – the café’s\u00a0menu… • 5\u200b€"), "skills": ["naïve Bayes"]}
    )
    assert to_text(resume, NOBODY) == 'SUMMARY\n"Élan" - the café\'s menu... - 5€\n\nSKILLS\nnaïve Bayes\n'


def test_a_line_break_inside_a_field_starts_no_new_line() -> None:
    role = Role(title="Cook\nEXPERIENCE", employer="Inn", location="", dates="", bullets=said("Made\r\nsoup\x0bdaily"))
    text = to_text(EMPTY.model_copy(update={"experience": [role]}), NOBODY)
    assert text == "EXPERIENCE\nCook EXPERIENCE | Inn\n- Made soup daily\n"


def test_a_long_bullet_stays_on_one_line() -> None:
    bullet = "Reduced " + "very " * 200 + "much"
    role = Role(title="Cook", employer="Inn", location="", dates="", bullets=said(bullet))
    assert f"\n- {bullet}\n" in to_text(EMPTY.model_copy(update={"experience": [role]}), NOBODY)


def test_the_parser_reads_back_what_was_written() -> None:
    parsed = parse_resume(to_text(FULL, ADA))
    assert parsed.contact.contact == ADA
    assert parsed.headline is not None
    assert parsed.headline.text == FULL.headline
    assert [item.text for item in parsed.summary] == [" ".join(statement.text for statement in FULL.summary)]
    assert list(parsed.skills.terms) == FULL.skills
    assert [
        (role.title, role.employer, role.location, role.dates and role.dates.text, [item.text for item in role.bullets])
        for role in parsed.roles
    ] == [
        (
            role.title,
            role.employer,
            role.location,
            role.dates.replace("–", "-"),
            [statement.text for statement in role.bullets],
        )
        for role in FULL.experience
    ]
    assert [(entry.degree, entry.dates and entry.dates.text, entry.details) for entry in parsed.education] == [
        ("MSc Computer Science", "2015", "Grade 1.3")
    ]
    assert [item.text for item in parsed.certifications] == ["Confluent Certified Developer, 2021"]
    assert [(project.name, [item.text for item in project.bullets]) for project in parsed.projects] == [
        ("Open timetable", ["Published delays of 300 ferries"])
    ]
    assert [item.text for item in parsed.languages] == ["German (native), English (C1), Sorbian"]
    assert parsed.unplaced == ()


@given(st.lists(st.text(min_size=1, max_size=80), max_size=6))
def test_each_bullet_is_one_line_whatever_it_holds(bullets: list[str]) -> None:
    role = Role(title="Cook", employer="Inn", location="", dates="", bullets=said(*bullets))
    lines = to_text(EMPTY.model_copy(update={"experience": [role]}), NOBODY).splitlines()
    assert lines[:2] == ["EXPERIENCE", "Cook | Inn"]
    assert all(line.startswith("- ") and len(line) > 2 for line in lines[2:])
    assert len(lines) - 2 <= len(bullets)
