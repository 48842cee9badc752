"""Roles: heads of every layout, statements under them, exports of job boards, breaks."""

import pytest

from tailoring.parsing import parse_resume
from tests.unit.resume_files import RESUMES, heads, only_role, parsed, schools


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


@pytest.mark.parametrize(
    ("head", "title", "employer"),
    [
        ("Senior Developer Acme Corp", "Senior Developer", "Acme Corp"),
        ("Software Engineer II Nordfrakt Logistik GmbH", "Software Engineer II", "Nordfrakt Logistik GmbH"),
        ("Data Analyst Intern Quick Retail Pvt. Ltd.", "Data Analyst Intern", "Quick Retail Pvt. Ltd."),
        ("Baker Hughes Inc", "", "Baker Hughes Inc"),
        ("Manager Sales Acme Inc", "", "Manager Sales Acme Inc"),
        ("Global Partner Solutions Ltd", "", "Global Partner Solutions Ltd"),
        ("Analyst | Global Partner Quill Ltd", "Analyst", "Global Partner Quill Ltd"),
    ],
)
def test_columns_that_lost_their_space_are_cut_where_that_is_certain(head: str, title: str, employer: str) -> None:
    resume = parse_resume(f"EXPERIENCE\n{head}, 2019 - 2021\n- Built 3 sheds of oak")
    assert [(role.title, role.employer) for role in resume.roles] == [(title, employer)]
