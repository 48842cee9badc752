"""JSON Resume (jsonresume.org, schema 1.0.0): a tailored resume written as one, and anybody's read as a page.

A date that is clear is written as ISO 8601. What the schema has no field for (another date, the place of a school) is
kept beside the others, which the schema allows.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from tailoring.dates import YearMonth, find_date_ranges, parse_date_range
from tailoring.layout import Entry, Page, Section, plain
from tailoring.resume import Contact, Education, Project, Role, TailoredResume
from tailoring.spoken_languages import language_and_level
from tailoring.vocabulary import is_place

_SCHEMA = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"
_NETWORKS = {"linkedin.com": "LinkedIn", "github.com": "GitHub", "gitlab.com": "GitLab"}
_LINK = re.compile(r"(?:https?://)?(?:www\.)?(?P<host>[^/\s]+)(?:/(?P<path>\S*))?", re.IGNORECASE)
_GRADE = re.compile(r"\b(?:c?gpa|grade|score|marks?|percentage)\b|\d ?%|\d ?/ ?\d", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_SECTIONS = ("basics", "work", "education", "skills", "projects", "volunteer")

Fields: TypeAlias = dict[str, Any]


class JsonResumeError(ValueError):
    """The text is JSON, or meant to be, but no JSON Resume; the message says why."""


# --- Writing ---------------------------------------------------------------------------------------------------------


def to_json_resume(resume: TailoredResume, contact: Contact) -> str:
    """The resume as a JSON Resume, ending with a line break; what is empty is left out."""
    document = {
        "$schema": _SCHEMA,
        "basics": _basics(resume, contact),
        "work": [_work(role) for role in resume.experience],
        "education": [_study(entry) for entry in resume.education],
        "skills": [{"name": skill} for skill in resume.skills],
        "projects": [_project(project) for project in resume.projects],
        "certificates": [_certificate(statement.text) for statement in resume.certifications],
        "languages": [_language(statement.text) for statement in resume.languages],
        "meta": {"version": "v1.0.0"},
    }
    return json.dumps(_filled(document), ensure_ascii=False, indent=2) + "\n"


def _basics(resume: TailoredResume, contact: Contact) -> Fields:
    city, _, region = contact.location.partition(",")
    links = [(link, network) for link in map(plain, contact.links) if (network := _network(link)) or link]
    own = next((link for link, network in links if not network), "")
    return {
        "name": contact.name,
        "label": resume.headline,
        "email": contact.email,
        "phone": contact.phone,
        "url": _url(own),
        "summary": " ".join(statement.text for statement in resume.summary),
        "location": {"city": city, "region": region},
        "profiles": [_profile(link, network) for link, network in links if link != own],
    }


def _network(link: str) -> str:
    match = _LINK.fullmatch(link)
    host = match["host"].lower() if match else ""
    return next((name for domain, name in _NETWORKS.items() if host == domain or host.endswith("." + domain)), "")


def _profile(link: str, network: str) -> Fields:
    match = _LINK.fullmatch(link)
    host, path = (match["host"], match["path"] or "") if match else ("", "")
    return {"network": network or host, "username": path.rstrip("/").rpartition("/")[2], "url": _url(link)}


def _url(link: str) -> str:
    return link if not link or "://" in link else f"https://{link}"


def _work(role: Role) -> Fields:
    return {
        "name": role.employer,
        "position": role.title,
        "location": role.location,
        **_dates(role.dates),
        "highlights": [statement.text for statement in role.bullets],
    }


def _study(entry: Education) -> Fields:
    details = "location" if is_place(entry.details) else "score" if _GRADE.search(entry.details) else "courses"
    return {
        "institution": entry.school,
        "studyType": entry.degree,
        **_dates(entry.dates),
        details: [entry.details] if details == "courses" else entry.details,
    }


def _project(project: Project) -> Fields:
    return {
        "name": project.name,
        **_dates(project.dates),
        "highlights": [statement.text for statement in project.bullets],
    }


def _certificate(text: str) -> Fields:
    found = find_date_ranges(text)
    is_one = len(found) == 1 and found[0].start == found[0].end
    return {"name": text, "date": _iso(found[0].start) if is_one else ""}


def _language(text: str) -> Fields:
    language, fluency = language_and_level(text)
    return {"language": language, "fluency": fluency}


def _dates(text: str) -> Fields:
    """Start and end; a single date is the end, and the start of what is over too."""
    found = parse_date_range(plain(text))
    if found is None:
        return {"dates": text}
    if found.end is None:
        return {"startDate": _iso(found.start)}
    start = {} if found.start == found.end else {"startDate": _iso(found.start)}
    return {**start, "endDate": _iso(found.end)}


def _iso(date: YearMonth) -> str:
    return f"{date.year:04}" if date.month is None else f"{date.year:04}-{date.month:02}"


def _filled(value: Any) -> Any:
    """The value with its texts made plain and everything empty left out."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        filled = {key: _filled(part) for key, part in value.items()}
        return {key: part for key, part in filled.items() if part}
    return list(filter(None, map(_filled, value)))


# --- Reading ---------------------------------------------------------------------------------------------------------


def read_json_resume(text: str) -> Page:
    """The page that a JSON Resume describes, all of its sections told. Fields of a wrong type count as empty.

    Raises:
        JsonResumeError: the text is no JSON, or describes no resume.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise JsonResumeError(f"the JSON is broken: {error}") from None
    if not isinstance(document, dict) or not any(document.get(name) for name in _SECTIONS):
        raise JsonResumeError(f"the JSON is no JSON Resume: it has none of {', '.join(_SECTIONS)}")
    basics = _dict(document.get("basics"))
    sections = {
        "SUMMARY": [Entry(text=_text(basics.get("summary")))],
        "SKILLS": _skills(_dicts(document, "skills")),
        "EXPERIENCE": [_read_work(each) for each in _dicts(document, "work")],
        "EDUCATION": [_read_study(each) for each in _dicts(document, "education")],
        "CERTIFICATIONS": [_bullets(document, "certificates", "name", "issuer", "date")],
        "PROJECTS": [_read_project(each) for each in _dicts(document, "projects")],
        "VOLUNTEER EXPERIENCE": [_read_work(each) for each in _dicts(document, "volunteer")],
        "AWARDS": [_bullets(document, "awards", "title", "awarder", "date", "summary")],
        "PUBLICATIONS": [_bullets(document, "publications", "name", "publisher", "releaseDate", "summary")],
        "LANGUAGES": [Entry(terms=_qualified(_dicts(document, "languages"), "language", "fluency"))],
        "INTERESTS": [Entry(text=_labelled(each, "name", "keywords")) for each in _dicts(document, "interests")],
        "REFERENCES": [_bullets(document, "references", "name", "reference")],
    }
    filled = {heading: tuple(filter(any, entries)) for heading, entries in sections.items()}
    return Page(
        name=_text(basics.get("name")),
        headline=_text(basics.get("label")),
        contact=tuple(_contact(basics)),
        sections=tuple(Section(heading, entries) for heading, entries in filled.items() if entries),
    )


def _contact(basics: Fields) -> Iterator[str]:
    place = _dict(basics.get("location"))
    parts = [_text(place.get(name)) for name in ("city", "region", "countryCode")]
    profiles = [_text(profile.get("url")) for profile in _dicts(basics, "profiles")]
    texts = [_text(basics.get("email")), _text(basics.get("phone")), ", ".join(filter(None, parts))]
    yield from filter(None, [*texts, _text(basics.get("url")), *profiles])


def _skills(skills: list[Fields]) -> list[Entry]:
    """The groups of skills, a line each, below the single skills."""
    single = [skill for skill in skills if not skill.get("keywords")]
    groups = [Entry(text=_labelled(skill, "name", "keywords")) for skill in skills if skill.get("keywords")]
    return [Entry(terms=_qualified(single, "name", "level")), *groups]


def _read_work(work: Fields) -> Entry:
    employer = next(filter(None, (_text(work.get(name)) for name in ("name", "organization", "company"))), "")
    fields = [_text(work.get("position")), employer, _text(work.get("location")), _read_dates(work)]
    return Entry(
        tuple(filter(None, fields)),
        " ".join(filter(None, [_text(work.get("description")), _text(work.get("summary"))])),
        bullets=_texts(work.get("highlights")),
    )


def _read_study(study: Fields) -> Entry:
    degree = " in ".join(filter(None, [_text(study.get("studyType")), _text(study.get("area"))]))
    fields = [degree, _text(study.get("institution")), _text(study.get("location")), _read_dates(study)]
    score = _text(study.get("score") or study.get("gpa"))
    named = f"Score: {score}" if score and not any(map(str.isalpha, score)) else score
    return Entry(tuple(filter(None, fields)), "; ".join(filter(None, [named, *_texts(study.get("courses"))])))


def _read_project(project: Fields) -> Entry:
    fields = [_text(project.get("name")), _read_dates(project)]
    return Entry(
        tuple(filter(None, fields)),
        _text(project.get("description")),
        _texts(project.get("keywords")),
        _texts(project.get("highlights")),
    )


def _read_dates(part: Fields) -> str:
    """The dates of a part; one that has begun and not ended goes on, by the schema's custom."""
    start, end = _date(part.get("startDate")), _date(part.get("endDate"))
    if start:
        return f"{start} - {end or 'Present'}"
    return end or _text(part.get("dates"))


def _date(value: object) -> str:
    """A date as people write it: `2020-03-15` is March 2020."""
    text = _text(value)
    found = parse_date_range(text) if _ISO.fullmatch(text) else None
    return f"{_MONTHS[found.start.month - 1]} {found.start.year}" if found and found.start.month else text


def _bullets(document: Fields, section: str, name: str, *details: str) -> Entry:
    """A bullet for each part of a section: its name, and the details that the name does not hold already."""
    told = []
    for part in _dicts(document, section):
        first = _text(part.get(name))
        others = (_date(part.get(detail)) for detail in details)
        told.append(", ".join(filter(None, [first, *(text for text in others if text[-4:] not in first)])))
    return Entry(bullets=tuple(filter(None, told)))


def _qualified(parts: list[Fields], name: str, qualifier: str) -> tuple[str, ...]:
    pairs = ((_text(part.get(name)), _text(part.get(qualifier))) for part in parts)
    return tuple(f"{what} ({how})" if how else what for what, how in pairs if what)


def _labelled(part: Fields, name: str, items: str) -> str:
    return ": ".join(filter(None, [_text(part.get(name)), ", ".join(_texts(part.get(items)))]))


def _text(value: object) -> str:
    return plain(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(filter(None, map(_text, value))) if isinstance(value, list) else ()


def _dict(value: object) -> Fields:
    return value if isinstance(value, dict) else {}


def _dicts(document: Fields, name: str) -> list[Fields]:
    value = document.get(name)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []
