"""JSON Resume out and in: fields of schema 1.0.0, ISO dates where they are clear, nothing told that was not there."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailoring.documents import UnreadableDocumentError, read_document
from tailoring.json_resume import JsonResumeError, read_json_resume, to_json_resume
from tailoring.parsing import parse_resume
from tailoring.resume import Education, Role
from tests.unit.test_rendering import ADA, EMPTY, FULL, NOBODY, said

ISO = re.compile(r"([1-2]\d{3}-[0-1]\d-[0-3]\d|[1-2]\d{3}-[0-1]\d|[1-2]\d{3})")  # the schema's own `iso8601`, in full


def written(**changes: Any) -> Any:
    return json.loads(to_json_resume(FULL.model_copy(update=changes), ADA))


def read(document: Any) -> str:
    found = read_document(json.dumps(document).encode())
    assert found.kind == "json"
    return found.text


def role_dated(dates: str) -> Any:
    role = Role(title="Cook", employer="Inn", location="", dates=dates, bullets=[])
    return written(experience=[role])["work"][0]


def test_a_resume_fills_the_fields_of_the_schema() -> None:
    document = written()
    assert document["basics"] == {
        "name": "Ada Böhme",
        "label": "Senior Data Engineer",
        "email": "ada@example.com",
        "phone": "+49 30 5550 1234",
        "url": "https://ada.example.com",
        "summary": "Data engineer with nine years in logistics. Built three platforms from nothing.",
        "location": {"city": "Berlin", "region": "Germany"},
    }
    assert document["work"][1] == {
        "name": "Hanse Logistik GmbH",
        "position": "Data Analyst",
        "location": "Hamburg, Germany",
        "startDate": "2015-06",
        "endDate": "2020-02",
        "highlights": ["Wrote the first weekly delay report"],
    }
    assert document["education"] == [{"studyType": "MSc Computer Science", "endDate": "2015", "score": "Grade 1.3"}]
    assert document["skills"] == [{"name": "Python"}, {"name": "Apache Kafka"}, {"name": "C++"}]
    assert document["certificates"] == [{"name": "Confluent Certified Developer, 2021", "date": "2021"}]
    assert document["projects"][0]["highlights"] == ["Published delays of 300 ferries"]
    assert document["languages"] == [
        {"language": "German", "fluency": "native"},
        {"language": "English", "fluency": "C1"},
        {"language": "Sorbian"},
    ]


@pytest.mark.parametrize(
    ("dates", "start", "end"),
    [
        ("March 2020 - Present", "2020-03", None),
        ("Jan 2019 – Mar 2021", "2019-01", "2021-03"),
        ("2013 - 2015", "2013", "2015"),
        ("06/2018", None, "2018-06"),
        ("", None, None),
    ],
)
def test_clear_dates_are_iso(dates: str, start: str | None, end: str | None) -> None:
    work = role_dated(dates)
    assert (work.get("startDate"), work.get("endDate"), work.get("dates")) == (start, end, None)


def test_unclear_dates_are_kept_as_they_are_and_claimed_to_be_none() -> None:
    work = role_dated("two summers before the flood")
    assert work["dates"] == "two summers before the flood"
    assert "startDate" not in work
    assert "endDate" not in work


def test_links_to_networks_are_profiles() -> None:
    contact = ADA.model_copy(update={"links": ["linkedin.com/in/ada", "ada.example.com", "https://github.com/ada"]})
    basics = json.loads(to_json_resume(EMPTY, contact))["basics"]
    assert basics["url"] == "https://ada.example.com"
    assert basics["profiles"] == [
        {"network": "LinkedIn", "username": "ada", "url": "https://linkedin.com/in/ada"},
        {"network": "GitHub", "username": "ada", "url": "https://github.com/ada"},
    ]


def test_details_of_a_degree_have_their_places() -> None:
    def study(details: str) -> Any:
        entry = Education(degree="BSc", school="Uni", dates="", details=details, source_lines=[1])
        return written(education=[entry])["education"][0]

    assert study("GPA 3.8/4.0")["score"] == "GPA 3.8/4.0"
    assert study("Thesis on ferries")["courses"] == ["Thesis on ferries"]
    assert study("Berlin, Germany")["location"] == "Berlin, Germany"


def test_what_is_empty_is_left_out() -> None:
    assert set(json.loads(to_json_resume(EMPTY, NOBODY))) == {"$schema", "meta"}


@given(st.text(max_size=30))
def test_every_written_date_has_the_schemas_form(dates: str) -> None:
    work = role_dated(dates)
    assert all(ISO.fullmatch(work[name]) for name in ("startDate", "endDate") if name in work)


def test_our_own_resumes_are_read_back() -> None:
    text = read(json.loads(to_json_resume(FULL, ADA)))
    found = parse_resume(text)
    assert found.contact.contact == ADA
    assert [(role.title, role.employer, role.location) for role in found.roles] == [
        (role.title, role.employer, role.location) for role in FULL.experience
    ]
    assert "Senior Data Engineer | Nordfracht GmbH | Berlin, Germany | March 2020 - Present" in text
    assert list(found.skills.terms) == FULL.skills


def test_anybodys_sections_are_all_told() -> None:
    text = read(
        {
            "basics": {"name": "Bo Vik", "location": {"city": "Oslo", "countryCode": "NO"}, "phone": 4722555000},
            "work": [
                {
                    "company": "Fjord AS",
                    "position": "Pilot",
                    "startDate": "2019-05-01",
                    "summary": "Guides ships.",
                    "highlights": ["Guided 300 ships"],
                }
            ],
            "volunteer": [{"organization": "Red Cross", "position": "Driver", "endDate": "2018"}],
            "education": [
                {"institution": "NTNU", "area": "Nautics", "studyType": "BSc", "gpa": "3.9", "courses": ["Tides"]}
            ],
            "skills": [{"name": "Ships", "keywords": ["Radar", "Sonar"]}, {"name": "Norwegian law", "level": "Expert"}],
            "languages": [{"language": "Norwegian", "fluency": "native"}],
            "certificates": [{"name": "STCW", "issuer": "NMA", "date": "2020-02-03"}],
            "awards": [{"title": "Golden Buoy", "awarder": "Port of Oslo", "date": "2021"}],
            "publications": [{"name": "On tides", "publisher": "Sea Press", "releaseDate": "2017"}],
            "interests": [{"name": "Sailing", "keywords": ["knots"]}],
            "references": [{"name": "Siv", "reference": "A safe pair of hands"}],
            "projects": [{"name": "Chart", "description": "A map", "keywords": ["GIS"], "highlights": ["Drew it"]}],
        }
    )  # fmt: skip
    assert text == (
        """\
Bo Vik
4722555000 | Oslo, NO

SKILLS
Norwegian law (Expert)

Ships: Radar, Sonar

EXPERIENCE
Pilot | Fjord AS | May 2019 - Present
Guides ships.
- Guided 300 ships

EDUCATION
BSc in Nautics | NTNU
Score: 3.9; Tides

CERTIFICATIONS
- STCW, NMA, February 2020

PROJECTS
Chart
A map
GIS
- Drew it

VOLUNTEER EXPERIENCE
Driver | Red Cross | 2018

AWARDS
- Golden Buoy, Port of Oslo, 2021

PUBLICATIONS
- On tides, Sea Press, 2017

LANGUAGES
Norwegian (native)

INTERESTS
Sailing: knots

REFERENCES
- Siv, A safe pair of hands
"""
    )


@pytest.mark.parametrize("text", ["{broken}", "{}", '{"a": 1}', '{"work": []}', "{" * 5000 + "}"])
def test_what_is_no_json_resume_says_so(text: str) -> None:
    with pytest.raises(UnreadableDocumentError, match="JSON"):
        read_document(text.encode())
    with pytest.raises(JsonResumeError):
        read_json_resume(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=5), values, max_size=3),
    max_leaves=8,
)
SECTIONS = ("basics", "work", "education", "skills", "projects", "certificates", "languages", "interests", "awards")


@given(
    st.dictionaries(
        st.sampled_from(SECTIONS),
        json_values
        | st.lists(
            st.fixed_dictionaries(
                {},
                optional=dict.fromkeys(
                    ("name", "highlights", "keywords", "startDate", "location", "courses"), json_values
                ),
            )
        ),
    )
)
def test_fields_of_wrong_types_count_as_empty(document: dict[str, Any]) -> None:
    try:
        page = read_json_resume(json.dumps(document))
    except JsonResumeError:
        assert not any(document.get(name) for name in ("basics", "work", "education", "skills", "projects"))
    else:
        assert all(isinstance(section.heading, str) for section in page.sections)


def test_what_a_field_says_is_not_read_as_layout() -> None:
    text = read({"work": [{"position": "Cook\nEDUCATION", "name": "Inn", "highlights": ["Made\nsoup"]}]})
    assert text == "\n\nEXPERIENCE\nCook EDUCATION | Inn\n- Made soup\n".lstrip("\n")


def test_certificates_written_by_us_say_their_date_once() -> None:
    document = written(certifications=said("AWS Architect, March 2021"))
    assert document["certificates"] == [{"name": "AWS Architect, March 2021", "date": "2021-03"}]
    assert "- AWS Architect, March 2021\n" in read(document)


def test_languages_written_by_us_come_back_with_their_levels() -> None:
    assert "LANGUAGES\nGerman (native), English (C1), Sorbian\n" in read(written())
