"""Changes of layout and contents that must lower an ATS score: parts left out, shuffled, torn or put into tables."""

import re
from random import Random

from ats_parts import BULLET, Change, blocks_of, heading_of, joined, on_bullets

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_POINT = rf"(?:{_MONTH}\s+)?(?:19|20)\d\d"
_DATE = re.compile(rf"\(?\b{_POINT}(?:\s*(?:-|–|—|to)\s*(?:{_POINT}|[Pp]resent|[Cc]urrent|till date))?\b\)?")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\(?\+?\d[\d ().-]{7,15}\d")


def without(section: str) -> Change:
    def change(text: str, posting: str, chance: Random) -> str | None:
        blocks = blocks_of(text)
        kept = [block for block in blocks if block[0] != section]
        gone = [line for kind, lines in blocks if kind == section for line in lines[1:] if line.strip()]
        return joined(kept) if gone and len(kept) > 1 else None

    return change


def shuffle_sections(text: str, posting: str, chance: Random) -> str | None:
    blocks = blocks_of(text)
    if sum(len(lines) > 5 for kind, lines in blocks if kind == "experience") == 0:
        return None
    for _, lines in blocks:
        rest = [line for line in lines[1:] if line.strip()]
        chance.shuffle(rest)
        lines[1:] = rest
    return joined(blocks)


def shuffle_all(text: str, posting: str, chance: Random) -> str | None:
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 15:
        return None
    chance.shuffle(lines)
    return "\n".join(lines)


def one_paragraph(text: str, posting: str, chance: Random) -> str | None:
    if len(BULLET.findall(text)) < 6:
        return None
    out: list[str] = []
    for line in text.split("\n"):
        stripped = BULLET.sub("", line)
        if stripped != line and out and out[-1].startswith("\x00"):
            out[-1] += " " + stripped.strip().rstrip(".") + "."
        else:
            out.append("\x00" + stripped.strip() if stripped != line else line)
    return "\n".join(out).replace("\x00", "")


def without_numbers(text: str, posting: str, chance: Random) -> str | None:
    return (
        on_bullets(lambda bullet: re.sub(r"[$€£]?\d[\d,.]*\s?[%kKMx+]*", "", bullet))(text, posting, chance)
        if _counted(text) >= 2
        else None
    )


def _counted(text: str) -> int:
    return sum(
        bool(re.search(r"\d+(?:[.,]\d+)?\s?(?:%|[a-z]{3,})|[$€£]\d", line))
        for line in text.split("\n")
        if BULLET.match(line) and len(line.split()) >= 5
    )


def without_dates(text: str, posting: str, chance: Random) -> str | None:
    changed = _DATE.sub("", text)
    return changed if len(_DATE.findall(text)) >= 2 else None


def mixed_dates(text: str, posting: str, chance: Random) -> str | None:
    """Every second date of the experience section in figures."""
    months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    blocks = blocks_of(text)
    dated = re.compile(rf"({_MONTH})\s+((?:19|20)\d\d)")
    count = 0

    def figures(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"{months.index(match[1][:3].lower()) + 1:02}/{match[2]}" if count % 2 else match.group()

    for kind, lines in blocks:
        if kind == "experience":
            lines[:] = [dated.sub(figures, line) if not BULLET.match(line) else line for line in lines]
    return joined(blocks) if count >= 3 else None


def without_contact(text: str, posting: str, chance: Random) -> str | None:
    changed = (
        _PHONE.sub("", re.sub(r"(?:https?://)?(?:www\.)?(?:linkedin|github)\.com/\S+", "", _EMAIL.sub("", text[:600])))
        + text[600:]
    )
    return changed if _EMAIL.search(text[:600]) else None


def renamed_headings(text: str, posting: str, chance: Random) -> str | None:
    odd = {
        "summary": "Where I come from",
        "skills": "My toolbox",
        "experience": "The journey so far",
        "education": "Growing up",
    }
    lines = text.split("\n")
    kinds = [heading_of(line) for line in lines]
    if sum(kind in odd for kind in kinds) < 2:
        return None
    return "\n".join(odd.get(kind or "", line) for kind, line in zip(kinds, lines, strict=True))


def table(text: str, posting: str, chance: Random) -> str | None:
    lines = text.split("\n")
    bullets = [at for at, line in enumerate(lines) if BULLET.match(line) and len(line.split()) >= 6]
    if len(bullets) < 6:
        return None
    for at in bullets:
        words = BULLET.sub("", lines[at]).split()
        third = len(words) // 3
        lines[at] = "\t".join(
            (" ".join(words[:third]), " ".join(words[third : 2 * third]), " ".join(words[2 * third :]))
        )
    return "\n".join(lines)
