"""A tailored resume as plain text that an ATS reads line by line.

One column, standard headings, one line per bullet however long, plain ASCII punctuation. Letters keep their accents:
they are part of names. Other formats (DOCX, PDF, JSON Resume) and all choice of content stay out of here.
"""

from collections.abc import Iterable

from tailoring.resume import Contact, Education, Project, Role, Statement, TailoredResume
from tailoring.vocabulary import is_place

_ASCII = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´`", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
        "…": "...",
        "•": "-",
        "·": "-",
    }
)


def to_text(resume: TailoredResume, contact: Contact) -> str:
    """The resume as plain text, ending with a line break; what is empty leaves no trace."""
    blocks = [
        _block(
            [contact.name, resume.headline, _fields(contact.email, contact.phone, contact.location, *contact.links)]
        ),
        _section("SUMMARY", [_joined(" ", (statement.text for statement in resume.summary))]),
        _section("SKILLS", [_joined(", ", resume.skills)]),
        _section("EXPERIENCE", map(_role, resume.experience)),
        _section("EDUCATION", ["\n".join(filter(None, map(_education, resume.education)))]),
        _section("CERTIFICATIONS", [_bullets(resume.certifications)]),
        _section("PROJECTS", map(_project, resume.projects)),
    ]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _section(heading: str, entries: Iterable[str]) -> str:
    body = "\n\n".join(filter(None, entries))
    return f"{heading}\n{body}" if body else ""


def _role(role: Role) -> str:
    return _block([_fields(role.title, role.employer, role.location, role.dates), _bullets(role.bullets)])


def _education(entry: Education) -> str:
    place, details = (entry.details, "") if is_place(entry.details) else ("", entry.details)
    return _block([_fields(entry.degree, entry.school, place, entry.dates), details])


def _project(project: Project) -> str:
    return _block([_fields(project.name, project.dates), _bullets(project.bullets)])


def _bullets(statements: Iterable[Statement]) -> str:
    return "\n".join(f"- {text}" for statement in statements if (text := _plain(statement.text)))


def _fields(*fields: str) -> str:
    return _joined(" | ", fields)


def _joined(separator: str, texts: Iterable[str]) -> str:
    return separator.join(filter(None, map(_plain, texts)))


def _block(lines: Iterable[str]) -> str:
    return "\n".join(filter(None, (line.strip() for line in lines)))


def _plain(text: str) -> str:
    """The text on one line, with plain quotes, dashes and spaces."""
    return " ".join(text.translate(_ASCII).split())
