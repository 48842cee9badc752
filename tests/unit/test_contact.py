"""Contact data and names: what stands at the top of a resume, in every layout and of every origin."""

import pytest

from tailoring.parsing import parse_resume
from tailoring.vocabulary import load_data
from tests.unit.resume_files import parsed


def test_contact_data_stands_at_the_top() -> None:
    resume = parsed("pipes")
    contact = resume.contact.contact
    assert (contact.name, contact.email) == ("JAMES T. WALKER, PMP", "james.walker@example.com")
    assert (contact.phone, contact.location) == ("(512) 555-0143", "Austin, TX 78704")
    assert contact.links == ["www.jameswalker.example.com"]
    assert resume.contact.line_nos == (1, 2)


@pytest.mark.parametrize(
    ("resume", "name", "location"),
    [
        ("dates_first", "Thomas Müller", "80331 München, Germany"),
        ("french", "Éloïse Lefèvre", "Lyon, France"),
        ("linkedin", "Aisha Khan", "Columbus, Ohio, United States"),
        ("no_headings", "Daniel Okafor", "Manchester, UK"),
        ("one_line_sections", "Grace Chen", "San Francisco, CA"),
        ("sales_paragraphs", "ROBERT J. HUGHES", "Springfield, IL 62701"),
    ],
)
def test_names_and_places_in_many_layouts(resume: str, name: str, location: str) -> None:
    contact = parsed(resume).contact.contact
    assert (contact.name, contact.location) == (name, location)
    assert contact.email


def test_a_sentence_under_the_name_is_a_summary_and_no_contact_data() -> None:
    resume = parse_resume("Jane Doe\njane@example.org\nLooks after forty servers in two cities.\nSKILLS\nLinux")
    assert [item.text for item in resume.summary] == ["Looks after forty servers in two cities."]
    assert resume.contact.line_nos == (1, 2)


@pytest.mark.parametrize(
    "text",
    [
        "Technical Expertise\nOracle, SQL Server",
        "Good Grasping Quality\nand skillful work. Education Details\nBSc Leeds University",
        "Senior Software Engineer\nBerlin, Germany | a@example.org",
        "Java Spring Hibernate\njane@example.org",
        "Acme Corporation\n+49 30 1234567",
    ],
)
def test_no_name_is_better_than_a_wrong_one(text: str) -> None:
    assert parse_resume(text).contact.contact.name == ""


REST = "\nExperience\nAnalyst, Acme Ltd, Berlin\nJan 2019 - Present\n- Built reports in SQL\n"
LAYOUTS = (
    "{name}\n{email} | +49 151 23456789 | Berlin",
    "{name}\nSenior Data Analyst\n{email}",
    "{name} | {email} | Berlin, Germany",
    "{name}, Berlin, +49 151 23456789",
    "{name} {email} +49 151 23456789",
    "Name: {name}\n{email}",
    "{name}\n+49 151 23456789",
    "{name}\nBerlin, Germany",
    "{name} (they/them)\n{email}",
    "{name}\n\nContact\n{email}",
)


def name_of(top: str) -> str:
    return parse_resume(top + REST).contact.contact.name


@pytest.mark.parametrize("layout", LAYOUTS)
def test_names_of_every_origin_survive_in_every_layout(layout: str) -> None:
    for person in load_data("fairness.yaml")["names"]:
        name = f"{person['first']} {person['last']}"
        assert name_of(layout.format(name=name, email="me@example.org")) == name
        assert name_of(layout.format(name=name.upper(), email="me@example.org")) == name.upper()


@pytest.mark.parametrize(
    "name",
    [
        "Eda Yılmaz",
        "Park Ji-woo",
        "Go Tanaka",
        "Lan Nguyen",
        "R Kumar",
        "Dev Patel",
        "José Ortega y Gasset",
        "Maya Swift",
        "Sage Butler",
        "Austin Baker",
        "Grace Cook",
        "Nora Field",
        "Jasmine Jenkins",
        "Kim Go",
    ],
)
def test_a_name_may_be_another_word_beside_contact_data(name: str) -> None:
    assert name_of(f"{name}\n+49 151 23456789") == name


@pytest.mark.parametrize(
    ("top", "name"),
    [
        ("Farokh Engineer\nfarokh.engineer@example.org", "Farokh Engineer"),
        ("Minnie Driver\nmdriver@example.org", "Minnie Driver"),
        ("Fernando Sales\nlinkedin.com/in/fernando-sales", "Fernando Sales"),
        ("Farokh Engineer\nhello@example.org", ""),
        ("Sales Executive\nsales.executive@example.org", ""),
        ("Acme Solutions\nacmesolutions.com", ""),
    ],
)
def test_an_address_tells_a_name_from_a_title(top: str, name: str) -> None:
    assert name_of(top) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Maria Keller (she/her)", "Maria Keller"),
        ("Maria Keller [sie/ihr]", "Maria Keller"),
        ("Maria Keller | She / Her / Hers", "Maria Keller"),
        ("Maria Keller, RN (she/her)", "Maria Keller, RN"),
        ("William “Bill” Baker", "William Baker"),
        ("Robert (Bob) Chen", "Robert Chen"),
        ("Jane Doe, PhD, PMP", "Jane Doe, PhD, PMP"),
        ("Jane Doe, Berlin", "Jane Doe"),
        ("MASTER SERGEANT (RET.) Latoya Brannigan-Oke", "Latoya Brannigan-Oke"),
        ("Lt. Col. (Retd.) Rajiv Nair", "Rajiv Nair"),
        ("Major Singh", "Major Singh"),
        ("Mr. Tom Albert Doe", "Tom Albert Doe"),
    ],
)
def test_pronouns_nicknames_and_ranks_are_no_part_of_a_name(written: str, name: str) -> None:
    resume = parse_resume(f"{written}\nme@example.org{REST}")
    assert resume.contact.contact.name == name
    assert resume.headline is None


def test_a_rank_that_the_address_spells_is_a_name() -> None:
    assert name_of("Major Singh Dhaliwal\nmajor.dhaliwal@example.org") == "Major Singh Dhaliwal"


@pytest.mark.parametrize("beside", ["", "\nme@example.org", "\n+49 151 23456789", "\nBerlin, Germany"])
@pytest.mark.parametrize(
    "text",
    [
        "Java Developer",
        "Sales Executive",
        "Pastry Baker",
        "Line Cook",
        "Truck Driver",
        "Night Porter",
        "Ruby Developer",
        "Key Accounts",
        "Core Java",
        "Scala Spark",
        "My Resume",
        "Personal Details",
        "Technical Skills",
        "Bank Teller",
        "Retail Sales",
        "Executive Summary",
        "Registered Nurse",
        "Developer (Java/SQL)",
    ],
)
def test_titles_skills_and_headings_are_no_names(text: str, beside: str) -> None:
    assert name_of(text + beside) == ""


def test_without_contact_data_a_word_with_another_meaning_is_no_name() -> None:
    assert name_of("Ruby Chen") == name_of("Gregory Baker\nWorked with many ovens in two shops.") == ""


def test_years_are_no_phone_number() -> None:
    resume = parse_resume("Jane Doe\njane@example.org\nWindows Server 2003/2008/2012\nWorked 2012 - 2016 there")
    assert resume.contact.contact.phone == ""


def test_personal_details_at_the_end_do_not_name_the_person() -> None:
    resume = parse_resume(
        "EDUCATION\nBSc, Leeds University\nPERSONAL DETAILS\n"
        "Mr. Tom Albert Doe\nDate of birth: 1993-12-20\njo@example.org"
    )
    contact = resume.contact.contact
    assert (contact.name, contact.phone, contact.email) == ("", "", "jo@example.org")


def test_the_headline_is_the_line_under_the_name() -> None:
    headline = parsed("title_first").headline
    assert headline is not None
    assert (headline.text, headline.line_nos) == ("Senior Data Engineer", (2,))
    assert parsed("pipes").headline is None
