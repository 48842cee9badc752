"""What a resume is made of for the ATS changes: headings, blocks of lines under them, bullets."""

import re
from collections.abc import Callable
from random import Random

Change = Callable[[str, str, Random], str | None]

HEADINGS = {
    "summary": ("summary", "professional summary", "profile", "objective", "career objective"),
    "skills": ("skills", "technical skills", "key skills", "skill details", "core competencies"),
    "experience": ("experience", "work experience", "professional experience", "employment history", "company details"),
    "education": ("education", "education details", "academic background", "qualifications"),
}

_ANY_HEADING = {name: kind for kind, names in HEADINGS.items() for name in names}
_OTHER = (
    "projects",
    "certifications",
    "languages",
    "interests",
    "volunteering",
    "publications",
    "awards",
    "references",
)

BULLET = re.compile(r"^(\s*)([•●▪◦‣*–-]|\d{1,2}[.)])(\s+)", re.MULTILINE)


def heading_of(line: str) -> str | None:
    name = line.strip(" :\t").lower()
    return _ANY_HEADING.get(name) or ("other" if name in _OTHER else None)


def blocks_of(text: str) -> list[tuple[str, list[str]]]:
    """The text cut at headings: (section, lines with the heading first); what precedes them is "top"."""
    blocks: list[tuple[str, list[str]]] = [("top", [])]
    for line in text.split("\n"):
        kind = heading_of(line)
        if kind:
            blocks.append((kind, [line]))
        else:
            blocks[-1][1].append(line)
    return blocks


def joined(blocks: list[tuple[str, list[str]]]) -> str:
    return "\n".join(line for _, lines in blocks for line in lines)


def on_bullets(edit: Callable[[str], str], least: int = 4) -> Change:
    def change(text: str, posting: str, chance: Random) -> str | None:
        lines = text.split("\n")
        bullets = [at for at, line in enumerate(lines) if BULLET.match(line) and len(line.split()) >= 5]
        if len(bullets) < least:
            return None
        for at in bullets:
            sign = BULLET.match(lines[at])
            assert sign is not None  # noqa: S101 - chosen by this pattern
            lines[at] = sign.group() + edit(lines[at][sign.end() :])
        return "\n".join(lines)

    return change
