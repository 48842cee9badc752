"""The resume parser: the numbering of lines, sections, contact data, roles, education, skills."""

import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tailoring.lines import split_marker
from tailoring.parsed import ParsedResume, ParsedRole
from tailoring.parsing import canonical_skills, parse_lines, parse_resume, source_lines
from tailoring.sections import Section, heading
from tailoring.vocabulary import is_place, load_data, split_place

RESUMES = Path(__file__).parent / "resumes"


def parsed(name: str) -> ParsedResume:
    """One of the well-kept resumes beside this file."""
    return parse_resume((RESUMES / f"{name}.txt").read_text("utf-8"))


def heads(resume: ParsedResume) -> list[tuple[str, str, str, str]]:
    return [(role.title, role.employer, role.location, role.dates.text if role.dates else "") for role in resume.roles]


def schools(resume: ParsedResume) -> list[tuple[str, str, str]]:
    return [(entry.degree, entry.school, entry.dates.text if entry.dates else "") for entry in resume.education]


def only_role(text: str) -> ParsedRole:
    (role,) = parse_resume(f"EXPERIENCE\n{text}\n- Did the work").roles
    return role


# Lines


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


# Headings


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
    assert [section.title for section in resume.other] == ["Languages"]


# Contact data


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


# Roles


@pytest.mark.parametrize(
    ("resume", "roles"),
    [
        (
            "title_first",
            [
                ("Senior Data Engineer", "Mercado Azul", "Lisbon", "March 2019 – Present"),
                ("Data Engineer", "Banco do Norte", "Porto", "June 2014 – February 2019"),
            ],
        ),
        (
            "pipes",
            [
                ("Senior Project Manager", "Lone Star Builders, Inc.", "Austin, TX", "Jan 2018 – Present"),
                ("Project Manager", "Hill Country Software LLC", "San Antonio, TX", "06/2013 - 12/2017"),
                ("Business Analyst", "Hill Country Software LLC", "San Antonio, TX", "08/2010 - 05/2013"),
            ],
        ),
        (
            "employer_first_columns",
            [
                (
                    "Lead Software Engineer",
                    "Infocrest Technologies Pvt. Ltd.",
                    "Bengaluru, India",
                    "Apr 2020 - Present",
                ),
                ("Software Engineer", "Infocrest Technologies Pvt. Ltd.", "Bengaluru, India", "Jul 2016 - Mar 2020"),
                ("Junior Software Engineer", "Blue Lotus Systems", "Chennai, India", "Jun 2014 - Jun 2016"),
            ],
        ),
        (
            "dates_first",
            [
                ("Projektleiter Fertigung", "Bayerische Antriebe GmbH", "München", "03/2017 – heute"),
                ("Entwicklungsingenieur", "Isar Maschinenbau AG", "Augsburg, Germany", "09/2011 – 02/2017"),
            ],
        ),
        (
            "linkedin",
            [
                (
                    "Registered Nurse, Intensive Care Unit",
                    "Riverside General Hospital",
                    "Columbus, Ohio, United States",
                    "March 2018 - Present",
                ),
                ("Staff Nurse", "St. Anne Medical Center", "Dayton, Ohio", "June 2015 - February 2018"),
            ],
        ),
        (
            "no_headings",
            [
                ("Electrical Supervisor", "Northern Grid Contractors Ltd", "Manchester, UK", "May 2016 to date"),
                ("Electrician", "Peak Maintenance Ltd", "Sheffield, UK", "Sept 2011 to April 2016"),
            ],
        ),
        (
            "french",
            [
                ("Responsable réseaux sociaux", "Maison Bellecour SARL", "Lyon", "janvier 2020 – aujourd'hui"),
                ("Assistante communication", "Agence Presqu'île", "Lyon", "septembre 2016 – décembre 2019"),
            ],
        ),
        ("undated_waiter", [("Waiter", "Café Habana", "", ""), ("Barista", "Sunrise Coffee House", "", "")]),
        (
            "one_line_sections",
            [
                ("Front-End Developer", "Pixel Harbor", "", "Jan '21 - Present"),
                ("Web Developer", "Fogline Studio", "", "Aug '18 - Dec '20"),
            ],
        ),
        (
            "sales_paragraphs",
            [
                ("REGIONAL SALES MANAGER", "Prairie Medical Supply Co.", "Springfield, IL", "2015 to Present"),
                ("SALES REPRESENTATIVE", "Midwest Office Products", "Peoria, IL", "2009 to 2015"),
            ],
        ),
    ],
)
def test_heads_of_roles_in_many_layouts(resume: str, roles: list[tuple[str, str, str, str]]) -> None:
    assert heads(parsed(resume)) == roles


def test_columns_are_told_apart_when_the_space_between_them_is_lost() -> None:
    text = (RESUMES / "employer_first_columns.txt").read_text("utf-8")
    assert heads(parse_resume(" ".join(text.split(" ")))) == heads(parse_resume(text))
    squeezed = "\n".join(" ".join(line.split()) for line in text.splitlines())
    assert heads(parse_resume(squeezed)) == heads(parse_resume(text))


def test_wrapped_statements_are_put_together_and_cite_all_their_lines() -> None:
    resume = parsed("title_first")
    wrapped = resume.roles[0].bullets[1]
    assert wrapped.text.endswith("with contract tests for every source.")
    assert [resume.lines[number - 1] for number in wrapped.line_nos] == [
        "- Wrote the ingestion library in Python that eleven teams use, with",
        "contract tests for every source.",
    ]
    assert len(resume.roles[0].bullets) == 3


def test_statements_without_final_stops_do_not_swallow_the_next_head() -> None:
    long = "- Facilitated 140 retrospectives and tracked the actions to a completion rate of 81 percent"
    resume = parse_resume(
        f"EXPERIENCE\nKite Labs, Boston, MA\nScrum Master  2020 - 2022\n{long}\nKudzu Interactive, Decatur, GA\n"
        f"Developer  2018 - 2020\n{long}"
    )
    assert [(role.title, role.employer) for role in resume.roles] == [
        ("Scrum Master", "Kite Labs"),
        ("Developer", "Kudzu Interactive"),
    ]


@pytest.mark.parametrize(
    ("line", "title", "employer", "location"),
    [
        ("Nurse, St. Mary Hospital, 2019 – 2020", "Nurse", "St. Mary Hospital", ""),
        ("St. Mary Hospital, Nurse, 2019 – 2020", "Nurse", "St. Mary Hospital", ""),
        ("Software Engineer at Stripe (2019 – 2020)", "Software Engineer", "Stripe", ""),
        ("2019 – 2020 | Stripe | Software Engineer", "Software Engineer", "Stripe", ""),
        ("Bank Manager – Lloyds, London – 2019 – 2020", "Bank Manager", "Lloyds", "London"),
        ("Analyst II, Infosys, India, 2019 – 2020", "Analyst II", "Infosys", "India"),
        ("Project Director (Contract) — Acme, Inc. — 2019 – 2020", "Project Director (Contract)", "Acme, Inc.", ""),
        ("**Team Lead, Web** | Fjordbyte AS, Bergen | Aug 2019 – today", "Team Lead, Web", "Fjordbyte AS", "Bergen"),
        ("Acme GmbH · Full-time · Jan 2019 - Mar 2021 · 2 yrs 3 mos", "", "Acme GmbH", ""),
    ],
)
def test_the_fields_of_a_head(line: str, title: str, employer: str, location: str) -> None:
    role = only_role(line)
    assert (role.title, role.employer, role.location) == (title, employer, location)


def test_a_line_for_the_employer_may_stand_over_several_titles() -> None:
    resume = parse_resume(
        "EXPERIENCE\nBrandywine Biologics, Boston, MA | 2018 – Present\nDirector, Drug Safety (2022 – Present)\n"
        "• Led\nSenior Project Manager (2018 – 2022)\n• Planned\nGuitar Teacher (2010 – 2012)\n• Taught"
    )
    assert [(role.title, role.employer) for role in resume.roles] == [
        ("Director, Drug Safety", "Brandywine Biologics"),
        ("Senior Project Manager", "Brandywine Biologics"),
        ("Guitar Teacher", ""),
    ]


def test_a_gap_between_positions_is_no_position() -> None:
    resume = parse_resume(
        "Jo Doe\njo@example.org\nBaker, Bun Ltd, 2019 – 2022\n- Baked\n"
        "2014-2019 Cared for my kids\nCook, Inn Ltd, 2010 – 2014"
    )
    assert [role.title for role in resume.roles] == ["Baker", "Cook"]


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("Career break, full-time carer\n2019 - 2021", "Career break, full-time carer"),
        ("Career Break | Full-time parent | 2019 – 2021", "Career Break, Full-time parent"),
        ("Sabbatical, 2019 – 2021", "Sabbatical"),
        ("Elternzeit\n2019 – 2021", "Elternzeit"),
    ],
)
def test_a_break_is_a_line_of_its_own_and_no_job(head: str, title: str) -> None:
    resume = parse_resume(
        "Jo Doe\njo@example.org\nExperience\nCity Hospital, Leeds\nNurse\n2021 - 2024\n- Nursed on a ward\n"
        f"{head}\nCook, Inn Ltd, 2010 – 2014\n- Cooked"
    )
    positions = [(role.title, role.employer) for role in resume.roles]
    assert positions == [("Nurse", "City Hospital"), (title, ""), ("Cook", "Inn Ltd")]
    assert resume.roles[1].dates is not None


def test_a_title_with_the_word_for_a_break_is_a_job() -> None:
    role = only_role("Sabbatical Officer, Leeds Students Union, 2019 – 2021")
    assert (role.title, role.employer) == ("Sabbatical Officer", "Leeds Students Union")


EXPORT = """\
Total experience of 15 years in web projects for Asian clients.Education Details
May 2006 MCA Computer Applications Nagpur, Maharashtra Nagpur University
 B.E Information Technology  Example Institute of Technology
Project Manager

Project Manager - Knoll Infotech Pvt. Ltd.
Skill Details
PHP- Exprience - 120 months
Scrum- Exprience - Less than 1 year monthsCompany Details
company - Knoll Infotech Pvt. Ltd.
description - • Client interaction
• Tracks projects from the first talk to the handing over of the finished and accepted system
and supports them afterwards
Project Undertaken : Internal ERP
company - Vento International
description - Designation: Team Lead
Duration: Jan 2010 to March 2012
Responsibilities: • Manage the workload
company -
description -
"""


def test_the_export_of_a_job_board_is_read() -> None:
    resume = parse_resume(EXPORT)
    assert [item.text for item in resume.summary] == ["Total experience of 15 years in web projects for Asian clients."]
    assert resume.headline is not None
    assert resume.headline.text == "Project Manager"
    assert schools(resume) == [
        ("MCA Computer Applications", "Nagpur University", "May 2006"),
        ("B.E Information Technology", "Example Institute of Technology", ""),
    ]
    assert resume.skills.terms == ("PHP", "Scrum")
    assert heads(resume) == [
        ("Project Manager", "Knoll Infotech Pvt. Ltd.", "", ""),
        ("Team Lead", "Vento International", "", "Jan 2010 to March 2012"),
    ]
    assert [item.text for item in resume.roles[0].bullets] == [
        "Client interaction",
        "Tracks projects from the first talk to the handing over of the finished and accepted system "
        "and supports them afterwards",
    ]
    assert [item.text for item in resume.roles[0].details] == ["Project Undertaken : Internal ERP"]
    assert [item.text for item in resume.unplaced] == ["company - description -"]


def test_a_client_is_not_called_an_employer() -> None:
    resume = parse_resume(
        "EXPERIENCE\nClient: Carolina Bank, Charlotte, NC Jan 2022 to Present\nRole: Java Developer\n"
        "Responsibilities:\nSplit a monolith into twelve services.\nEnvironment: Java 17, Kafka"
    )
    (role,) = resume.roles
    assert (role.title, role.employer, role.location) == ("Java Developer", "Client: Carolina Bank", "Charlotte, NC")
    assert [item.text for item in role.details] == ["Environment: Java 17, Kafka"]


# Education, skills, projects


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


# What holds for every text

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
    items = [*resume.summary, *resume.certifications, *resume.unplaced]
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


def test_a_resume_is_parsed_in_milliseconds() -> None:
    text = ((RESUMES / "title_first.txt").read_text("utf-8") * 4)[:4096]
    parse_resume(text)
    best = min(_seconds(text) for _ in range(5))
    assert best < 0.02  # about 3 ms on a quiet machine


def _seconds(text: str) -> float:
    start = time.process_time()
    parse_resume(text)
    return time.process_time() - start
