"""Education, skills, projects and places: the other parts of a parsed resume."""

import pytest

from tailoring.parsing import canonical_skills, parse_resume
from tailoring.vocabulary import is_place, split_place
from tests.unit.resume_files import parsed, schools


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("MSc Physics, University of Porto, 2012 – 2014", ("MSc Physics", "University of Porto", "2012 – 2014")),
        ("University of Leeds — BSc Mathematics (2012)", ("BSc Mathematics", "University of Leeds", "2012")),
        ("B.A. in History from Oxford University", ("B.A. in History", "Oxford University", "")),
        ("M.S. Computer Science, Oregon State University", ("M.S. Computer Science", "Oregon State University", "")),
        ("BBA, University of Texas at Austin, 2010", ("BBA", "University of Texas at Austin", "2010")),
        ("H.S.C. Amravati, Maharashtra Amravati University", ("H.S.C.", "Amravati University", "")),
        (
            "Ohio State University\nBachelor of Nursing\n2011 - 2015",
            ("Bachelor of Nursing", "Ohio State University", "2011 - 2015"),
        ),
        ("Welding course, 2012", ("Welding course", "", "2012")),
        ("Harbour College, Systems Engineering, 2017", ("Systems Engineering", "Harbour College", "2017")),
        ("MBA, Masters College, 2015", ("MBA", "Masters College", "2015")),
        ("H. S. C. Masters College", ("H. S. C.", "Masters College", "")),
        ("Bachelor of Arts Leeds College", ("Bachelor of Arts", "Leeds College", "")),
    ],
)
def test_degree_school_and_dates(text: str, entry: tuple[str, str, str]) -> None:
    assert schools(parse_resume(f"EDUCATION\n{text}")) == [entry]


def test_skill_terms_are_single_entries_as_written() -> None:
    resume = parse_resume(
        "SKILLS\nDatabases: MySQL, Oracle (10g, 11g). Tools: Jira\n• 1.Catia • Fortran\nGolang | golang\n"
        "I am able to learn whatever it takes to do the job"
    )
    assert resume.skills.terms == ("MySQL", "Oracle (10g, 11g)", "Jira", "Catia", "Fortran", "Golang")


def test_the_dot_of_a_skill_is_part_of_its_name() -> None:
    resume = parse_resume("SKILLS\nC#, .NET, - .NET Core | ASP.NET.\n. Excel")
    assert resume.skills.terms == ("C#", ".NET", ".NET Core", "ASP.NET", "Excel")


def test_canonical_skills_begin_with_those_of_the_skills_section() -> None:
    resume = parse_resume("EXPERIENCE\nDeveloper, Acme Ltd, 2019 – 2020\n- Wrote Java\nSKILLS\nPostgres, K8s")
    assert canonical_skills(resume) == ("PostgreSQL", "Kubernetes", "Java")


def test_projects_have_names_and_statements() -> None:
    simulator, monitor = parsed("employer_first_columns").projects
    assert (simulator.name, simulator.dates and simulator.dates.text) == ("Ride-sharing simulator", "2019")
    assert (monitor.name, [item.text for item in monitor.bullets]) == (
        "Home energy monitor",
        ["Built with a Raspberry Pi and Python; open source, 400 stars."],
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Berlin", True),
        ("Austin, TX", True),
        ("Dayton, Ohio", True),
        ("IN", False),
        ("Acme Ltd, Berlin", False),
        ("Nurse", False),
    ],
)
def test_places(text: str, expected: bool) -> None:
    assert is_place(text) is expected


def test_a_place_at_the_end_is_split_off() -> None:
    assert split_place("Acme Ltd. Pune, India") == ("Acme Ltd.", "Pune, India")
    assert split_place("Midwest Supply, Peoria, IL") == ("Midwest Supply", "Peoria, IL")
    assert split_place("Smith, Jones and Partners") == ("Smith, Jones and Partners", "")
