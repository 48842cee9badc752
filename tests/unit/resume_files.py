"""The well-kept resumes in `resumes/`, parsed, and short views of what was found."""

from pathlib import Path

from tailoring.parsed import ParsedResume, ParsedRole
from tailoring.parsing import parse_resume

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
