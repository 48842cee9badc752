"""Changes whose effect on an ATS score is known beforehand: what must lower it, leave it alone, or not lower it.

Plain edits of text that know nothing of the scorer. Each takes a resume, a posting and a source of chance, and returns
the changed text, or None where the resume has nothing to change.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal

Effect = Literal["lowers", "keeps", "does not lower"]
Change = Callable[[str, str, Random], str | None]

_HEADINGS = {
    "summary": ("summary", "professional summary", "profile", "objective", "career objective"),
    "skills": ("skills", "technical skills", "key skills", "skill details", "core competencies"),
    "experience": ("experience", "work experience", "professional experience", "employment history", "company details"),
    "education": ("education", "education details", "academic background", "qualifications"),
}
_ANY_HEADING = {name: kind for kind, names in _HEADINGS.items() for name in names}
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
_BULLET = re.compile(r"^(\s*)([•●▪◦‣*–-]|\d{1,2}[.)])(\s+)", re.MULTILINE)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_POINT = rf"(?:{_MONTH}\s+)?(?:19|20)\d\d"
_DATE = re.compile(rf"\(?\b{_POINT}(?:\s*(?:-|–|—|to)\s*(?:{_POINT}|[Pp]resent|[Cc]urrent|till date))?\b\)?")
_DID = r"(?!Used|Worked|Involved|Helped|Assisted|Participated)[A-Z][a-z]+ed\b"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\(?\+?\d[\d ().-]{7,15}\d")
_PLAIN = re.compile(r"(?<![\w@./-])[a-z]{6,12}(?![\w@/-]|\.\w)")
_STOP = frozenset(
    [
        "about",
        "after",
        "their",
        "there",
        "these",
        "those",
        "which",
        "while",
        "would",
        "could",
        "should",
        "where",
        "other",
        "being",
        "with",
        "from",
        "have",
        "that",
        "this",
        "will",
        "your",
    ]
)


@dataclass(frozen=True, slots=True)
class Case:
    """One change and its expected effect."""

    name: str
    effect: Effect
    apply: Change


def _heading(line: str) -> str | None:
    name = line.strip(" :\t").lower()
    return _ANY_HEADING.get(name) or ("other" if name in _OTHER else None)


def _blocks(text: str) -> list[tuple[str, list[str]]]:
    """The text cut at headings: (section, lines with the heading first); what precedes them is "top"."""
    blocks: list[tuple[str, list[str]]] = [("top", [])]
    for line in text.split("\n"):
        kind = _heading(line)
        if kind:
            blocks.append((kind, [line]))
        else:
            blocks[-1][1].append(line)
    return blocks


def _joined(blocks: list[tuple[str, list[str]]]) -> str:
    return "\n".join(line for _, lines in blocks for line in lines)


def _without(section: str) -> Change:
    def change(text: str, posting: str, chance: Random) -> str | None:
        blocks = _blocks(text)
        kept = [block for block in blocks if block[0] != section]
        gone = [line for kind, lines in blocks if kind == section for line in lines[1:] if line.strip()]
        return _joined(kept) if gone and len(kept) > 1 else None

    return change


def _keywords(posting: str) -> list[str]:
    words = re.findall(r"\b[A-Za-z][A-Za-z+#]{4,}\b", posting)
    return list(dict.fromkeys(word for word in words if word.lower() not in _STOP and not _heading(word)))[:40]


def _append(make: Callable[[str], str]) -> Change:
    def change(text: str, posting: str, chance: Random) -> str | None:
        return f"{text.rstrip()}\n{make(posting)}\n" if len(_keywords(posting)) >= 30 else None

    return change


def _into_skills(text: str, posting: str, chance: Random) -> str | None:
    blocks = _blocks(text) if len(_keywords(posting)) >= 30 else []
    for kind, lines in blocks:
        if kind == "skills" and any(line.strip() for line in lines[1:]):
            lines.insert(2, ", ".join(_keywords(posting)))
            return _joined(blocks)
    return None


def _hammer(text: str, posting: str, chance: Random) -> str:
    return text.rstrip() + "\n" + " ".join(["python"] * 30) + "\n"


def _hammer_spread(text: str, posting: str, chance: Random) -> str | None:
    lines = text.split("\n")
    places = [at for at, line in enumerate(lines) if len(line.split()) >= 5]
    if len(places) < 5:
        return None
    for turn in range(30):
        lines[places[turn % len(places)]] += " leadership"
    return "\n".join(lines)


def _map_words(text: str, chance: Random, count: int, edit: Callable[[str, Random], str]) -> str | None:
    places = list(_PLAIN.finditer(text))
    if len(places) < 3 * count:
        return None
    for match in sorted(chance.sample(places, count), key=lambda found: -found.start()):
        text = text[: match.start()] + edit(match.group(), chance) + text[match.end() :]
    return text


def _slip(word: str, chance: Random) -> str:
    at = chance.randrange(1, len(word) - 2)
    kind = chance.randrange(3)
    if kind == 0 and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + (word[at + 1 :] if kind == 1 else word[at] + word[at] + word[at + 1 :])


def _typos(count: int) -> Change:
    return lambda text, posting, chance: _map_words(text, chance, count, _slip)


def _glue(text: str, posting: str, chance: Random) -> str | None:
    gaps = [match.end(1) for match in re.finditer(r"\b([a-z]{3,}) (?=[a-z]{3,}\b)", text)]
    if len(gaps) < 20:
        return None
    for gap in sorted(chance.sample(gaps, 10), reverse=True):
        text = text[:gap] + text[gap + 1 :]
    return text


def _glue_lines(text: str, posting: str, chance: Random) -> str | None:
    lines = text.split("\n")
    places = [at for at, line in enumerate(lines) if len(line.split()) >= 6]
    if len(places) < 4:
        return None
    for at in chance.sample(places, 3):
        lines[at] = lines[at].replace(" ", "")
    return "\n".join(lines)


def _shuffle_sections(text: str, posting: str, chance: Random) -> str | None:
    blocks = _blocks(text)
    if sum(len(lines) > 5 for kind, lines in blocks if kind == "experience") == 0:
        return None
    for _, lines in blocks:
        rest = [line for line in lines[1:] if line.strip()]
        chance.shuffle(rest)
        lines[1:] = rest
    return _joined(blocks)


def _shuffle_all(text: str, posting: str, chance: Random) -> str | None:
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 15:
        return None
    chance.shuffle(lines)
    return "\n".join(lines)


def _one_paragraph(text: str, posting: str, chance: Random) -> str | None:
    if len(_BULLET.findall(text)) < 6:
        return None
    out: list[str] = []
    for line in text.split("\n"):
        stripped = _BULLET.sub("", line)
        if stripped != line and out and out[-1].startswith("\x00"):
            out[-1] += " " + stripped.strip().rstrip(".") + "."
        else:
            out.append("\x00" + stripped.strip() if stripped != line else line)
    return "\n".join(out).replace("\x00", "")


def _on_bullets(edit: Callable[[str], str], least: int = 4) -> Change:
    def change(text: str, posting: str, chance: Random) -> str | None:
        lines = text.split("\n")
        bullets = [at for at, line in enumerate(lines) if _BULLET.match(line) and len(line.split()) >= 5]
        if len(bullets) < least:
            return None
        for at in bullets:
            sign = _BULLET.match(lines[at])
            assert sign is not None  # noqa: S101 - chosen by this pattern
            lines[at] = sign.group() + edit(lines[at][sign.end() :])
        return "\n".join(lines)

    return change


def _opened(prefix: str) -> Change:
    return _on_bullets(lambda bullet: f"{prefix} {bullet[:1].lower()}{bullet[1:]}")


def _same_verb(text: str, posting: str, chance: Random) -> str | None:
    """Every bullet that opens with a verb in the past opens with the same one."""
    changed, count = re.subn(rf"^(\s*[•●▪◦‣*–-]\s+){_DID}", r"\1Managed", text, flags=re.MULTILINE)
    return changed if count >= 5 else None


def _without_numbers(text: str, posting: str, chance: Random) -> str | None:
    return (
        _on_bullets(lambda bullet: re.sub(r"[$€£]?\d[\d,.]*\s?[%kKMx+]*", "", bullet))(text, posting, chance)
        if _counted(text) >= 2
        else None
    )


def _counted(text: str) -> int:
    return sum(
        bool(re.search(r"\d+(?:[.,]\d+)?\s?(?:%|[a-z]{3,})|[$€£]\d", line))
        for line in text.split("\n")
        if _BULLET.match(line) and len(line.split()) >= 5
    )


def _without_dates(text: str, posting: str, chance: Random) -> str | None:
    changed = _DATE.sub("", text)
    return changed if len(_DATE.findall(text)) >= 2 else None


def _mixed_dates(text: str, posting: str, chance: Random) -> str | None:
    """Every second date of the experience section in figures."""
    months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    blocks = _blocks(text)
    dated = re.compile(rf"({_MONTH})\s+((?:19|20)\d\d)")
    count = 0

    def figures(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"{months.index(match[1][:3].lower()) + 1:02}/{match[2]}" if count % 2 else match.group()

    for kind, lines in blocks:
        if kind == "experience":
            lines[:] = [dated.sub(figures, line) if not _BULLET.match(line) else line for line in lines]
    return _joined(blocks) if count >= 3 else None


def _without_contact(text: str, posting: str, chance: Random) -> str | None:
    changed = (
        _PHONE.sub("", re.sub(r"(?:https?://)?(?:www\.)?(?:linkedin|github)\.com/\S+", "", _EMAIL.sub("", text[:600])))
        + text[600:]
    )
    return changed if _EMAIL.search(text[:600]) else None


def _doubled(text: str, posting: str, chance: Random) -> str:
    return text.rstrip() + "\n" + text


def _six_pages(text: str, posting: str, chance: Random) -> str:
    lines = [line for line in text.split("\n") if line.strip()]
    while sum(len(line.split()) for line in lines) < 3200:
        lines.append(chance.choice(lines))
    return "\n".join(lines)


def _six_pages_of_prose(text: str, posting: str, chance: Random) -> str | None:
    sentences = re.split(r"(?<=[.!?])\s+", posting)
    if len(posting.split()) < 300:
        return None
    out = text.rstrip() + "\n"
    while len(out.split()) < 3200:
        out += " ".join(chance.sample(sentences, min(5, len(sentences)))) + "\n"
    return out


def _renamed_headings(text: str, posting: str, chance: Random) -> str | None:
    odd = {
        "summary": "Where I come from",
        "skills": "My toolbox",
        "experience": "The journey so far",
        "education": "Growing up",
    }
    lines = text.split("\n")
    kinds = [_heading(line) for line in lines]
    if sum(kind in odd for kind in kinds) < 2:
        return None
    return "\n".join(odd.get(kind or "", line) for kind, line in zip(kinds, lines, strict=True))


def _other_headings(text: str, posting: str, chance: Random) -> str | None:
    usual = {
        "summary": "Profile",
        "skills": "Technical Skills",
        "experience": "Work Experience",
        "education": "Academic Background",
    }
    lines = text.split("\n")
    kinds = [_heading(line) for line in lines]
    if not any(kind in usual for kind in kinds):
        return None
    return "\n".join(usual.get(kind or "", line) for kind, line in zip(kinds, lines, strict=True))


def _capital_headings(text: str, posting: str, chance: Random) -> str | None:
    lines = text.split("\n")
    return "\n".join(line.upper() if _heading(line) else line for line in lines) if any(map(_heading, lines)) else None


def _table(text: str, posting: str, chance: Random) -> str | None:
    lines = text.split("\n")
    bullets = [at for at, line in enumerate(lines) if _BULLET.match(line) and len(line.split()) >= 6]
    if len(bullets) < 6:
        return None
    for at in bullets:
        words = _BULLET.sub("", lines[at]).split()
        third = len(words) // 3
        lines[at] = "\t".join(
            (" ".join(words[:third]), " ".join(words[third : 2 * third]), " ".join(words[2 * third :]))
        )
    return "\n".join(lines)


def _mojibake(text: str, posting: str, chance: Random) -> str:
    return text.replace("fi", "ﬁ").replace(" and ", " â€“ ").replace("'", "â€™") + "\n\ufffd\ufffd"


def _letter_spaced(text: str, posting: str, chance: Random) -> str:
    return "\n".join(" ".join(line.replace(" ", "  ")) for line in text.split("\n"))


def _swapped_name(text: str, posting: str, chance: Random) -> str | None:
    first = text.lstrip().split("\n", 1)[0].strip()
    words = first.split()
    if "@" not in text[:600] or not 2 <= len(words) <= 3 or not all(word.istitle() or word.isupper() for word in words):
        return None
    return text.replace(first, "Lakisha Okonkwo-Nguyen")


def _swapped_school(text: str, posting: str, chance: Random) -> str | None:
    changed = re.sub(
        r"(?:[A-Z][\w.']+ ){1,3}(?:University|College|Institute)|University of [A-Z]\w+", "Harvard University", text
    )
    return changed if changed != text else None


def _swapped_pronouns(text: str, posting: str, chance: Random) -> str | None:
    swaps = {"he": "she", "his": "her", "him": "her", "mr": "ms"}
    changed = re.sub(r"\b(he|his|him|mr)\b", lambda match: swaps[match[1]], text)
    return changed if changed != text else None


def _glyph(sign: str) -> Change:
    def change(text: str, posting: str, chance: Random) -> str | None:
        changed = re.sub(r"^(\s*)[•●▪◦‣*–-](\s+)", rf"\1{sign}\2", text, flags=re.MULTILINE)
        inline = re.search(r"\S.*[•●▪◦‣]", text)
        return changed if changed != text and not inline else None

    return change


def _new_bullet(text: str, posting: str, chance: Random) -> str | None:
    lines = text.split("\n")
    in_experience = False
    for at, line in enumerate(lines):
        in_experience = (_heading(line) == "experience") if _heading(line) else in_experience
        if in_experience and _BULLET.match(line):
            sign = _BULLET.match(line)
            assert sign is not None  # noqa: S101 - matched a line above
            lines.insert(
                at + 1, f"{sign.group()}Cut the time to answer customer requests by 35% for 1,200 monthly users"
            )
            return "\n".join(lines)
    return None


_CLICHES = (
    "Dynamic, results-driven team player and self-starter with a proven track record, who thinks outside the box."
)
_HIDDEN = ('<span style="color:white;font-size:1px">', "</span>")

CASES = (
    *(Case(f"without {section}", "lowers", _without(section)) for section in _HEADINGS),
    Case("without contact", "lowers", _without_contact),
    Case("without dates", "lowers", _without_dates),
    Case("mixed date formats", "lowers", _mixed_dates),
    Case("without numbers", "lowers", _without_numbers),
    Case("10 glued pairs of words", "lowers", _glue),
    Case("3 glued lines", "lowers", _glue_lines),
    Case("one word 30 times at the end", "lowers", _hammer),
    Case("one word 30 times throughout", "lowers", _hammer_spread),
    Case("posting's keywords, commas", "lowers", _append(lambda posting: ", ".join(_keywords(posting)))),
    Case(
        "posting's keywords, labelled", "lowers", _append(lambda posting: "Keywords: " + ", ".join(_keywords(posting)))
    ),
    Case("posting's keywords, spaces", "lowers", _append(lambda posting: " ".join(_keywords(posting)))),
    Case("posting's keywords, one a line", "lowers", _append(lambda posting: "\n".join(_keywords(posting)))),
    Case(
        "posting's keywords, hidden",
        "lowers",
        _append(lambda posting: _HIDDEN[0] + ", ".join(_keywords(posting)) + _HIDDEN[1]),
    ),
    Case(
        "posting's keywords, in a comment",
        "lowers",
        _append(lambda posting: f"<!-- {' '.join(_keywords(posting))} -->"),
    ),
    Case("posting's keywords, in skills", "lowers", _into_skills),
    Case("the whole posting", "lowers", _append(lambda posting: posting)),
    Case("doubled", "lowers", _doubled),
    Case("six pages of repeats", "lowers", _six_pages),
    Case("six pages of prose", "lowers", _six_pages_of_prose),
    Case("all capitals", "lowers", lambda text, posting, chance: text.upper()),
    Case("4 typos", "lowers", _typos(4)),
    Case("12 typos", "lowers", _typos(12)),
    Case("buzzwords", "lowers", lambda text, posting, chance: f"{text.rstrip()}\n{_CLICHES}\n"),
    Case("pronouns", "lowers", _opened("I")),
    Case("weak verbs", "lowers", _opened("Was responsible for")),
    Case("helping verbs", "lowers", _opened("Helped to")),
    Case("the same verb", "lowers", _same_verb),
    Case("one paragraph", "lowers", _one_paragraph),
    Case("lines shuffled within sections", "lowers", _shuffle_sections),
    Case("all lines shuffled", "lowers", _shuffle_all),
    Case("odd headings", "lowers", _renamed_headings),
    Case("bullets in a table", "lowers", _table),
    Case("broken characters", "lowers", _mojibake),
    Case("letter-spaced", "lowers", _letter_spaced),
    Case(
        "first third only",
        "lowers",
        lambda text, posting, chance: text[: len(text) // 3] if 900 < len(text) < 5000 else None,
    ),
    Case("a quantified bullet", "does not lower", _new_bullet),
    *(Case(f"bullet sign {sign}", "keeps", _glyph(sign)) for sign in "-*▪•"),
    Case("other standard headings", "keeps", _other_headings),
    Case("headings in capitals", "keeps", _capital_headings),
    Case("trailing spaces", "keeps", lambda text, posting, chance: text.replace("\n", "  \n") + "   "),
    Case("Windows line ends", "keeps", lambda text, posting, chance: text.replace("\n", "\r\n")),
    Case("more blank lines", "keeps", lambda text, posting, chance: text.replace("\n\n", "\n\n\n")),
    Case("another name", "keeps", _swapped_name),
    Case("another school", "keeps", _swapped_school),
    Case("other pronouns", "keeps", _swapped_pronouns),
)
