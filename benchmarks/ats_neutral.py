"""Changes that must leave an ATS score alone or not lower it: names, schools, headings, bullet signs, a new bullet."""

import re
from random import Random

from ats_parts import BULLET, Change, heading_of


def other_headings(text: str, posting: str, chance: Random) -> str | None:
    usual = {
        "summary": "Profile",
        "skills": "Technical Skills",
        "experience": "Work Experience",
        "education": "Academic Background",
    }
    lines = text.split("\n")
    kinds = [heading_of(line) for line in lines]
    if not any(kind in usual for kind in kinds):
        return None
    return "\n".join(usual.get(kind or "", line) for kind, line in zip(kinds, lines, strict=True))


def capital_headings(text: str, posting: str, chance: Random) -> str | None:
    lines = text.split("\n")
    return (
        "\n".join(line.upper() if heading_of(line) else line for line in lines) if any(map(heading_of, lines)) else None
    )


def swapped_name(text: str, posting: str, chance: Random) -> str | None:
    first = text.lstrip().split("\n", 1)[0].strip()
    words = first.split()
    if "@" not in text[:600] or not 2 <= len(words) <= 3 or not all(word.istitle() or word.isupper() for word in words):
        return None
    return text.replace(first, "Lakisha Okonkwo-Nguyen")


def swapped_school(text: str, posting: str, chance: Random) -> str | None:
    changed = re.sub(
        r"(?:[A-Z][\w.']+ ){1,3}(?:University|College|Institute)|University of [A-Z]\w+", "Harvard University", text
    )
    return changed if changed != text else None


def swapped_pronouns(text: str, posting: str, chance: Random) -> str | None:
    swaps = {"he": "she", "his": "her", "him": "her", "mr": "ms"}
    changed = re.sub(r"\b(he|his|him|mr)\b", lambda match: swaps[match[1]], text)
    return changed if changed != text else None


def glyph(sign: str) -> Change:
    def change(text: str, posting: str, chance: Random) -> str | None:
        changed = re.sub(r"^(\s*)[•●▪◦‣*–-](\s+)", rf"\1{sign}\2", text, flags=re.MULTILINE)
        inline = re.search(r"\S.*[•●▪◦‣]", text)
        return changed if changed != text and not inline else None

    return change


def new_bullet(text: str, posting: str, chance: Random) -> str | None:
    lines = text.split("\n")
    in_experience = False
    for at, line in enumerate(lines):
        in_experience = (heading_of(line) == "experience") if heading_of(line) else in_experience
        if in_experience and BULLET.match(line):
            sign = BULLET.match(line)
            assert sign is not None  # noqa: S101 - matched a line above
            lines.insert(
                at + 1, f"{sign.group()}Cut the time to answer customer requests by 35% for 1,200 monthly users"
            )
            return "\n".join(lines)
    return None
