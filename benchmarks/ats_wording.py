"""Changes of wording that must lower an ATS score: keywords stuffed, words glued or misspelt, weak verbs, repeats."""

import re
from collections.abc import Callable
from random import Random

from ats_parts import Change, blocks_of, heading_of, joined, on_bullets

_DID = r"(?!Used|Worked|Involved|Helped|Assisted|Participated)[A-Z][a-z]+ed\b"
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


def keywords_of(posting: str) -> list[str]:
    words = re.findall(r"\b[A-Za-z][A-Za-z+#]{4,}\b", posting)
    return list(dict.fromkeys(word for word in words if word.lower() not in _STOP and not heading_of(word)))[:40]


def append(make: Callable[[str], str]) -> Change:
    def change(text: str, posting: str, chance: Random) -> str | None:
        return f"{text.rstrip()}\n{make(posting)}\n" if len(keywords_of(posting)) >= 30 else None

    return change


def into_skills(text: str, posting: str, chance: Random) -> str | None:
    blocks = blocks_of(text) if len(keywords_of(posting)) >= 30 else []
    for kind, lines in blocks:
        if kind == "skills" and any(line.strip() for line in lines[1:]):
            lines.insert(2, ", ".join(keywords_of(posting)))
            return joined(blocks)
    return None


def hammer(text: str, posting: str, chance: Random) -> str:
    return text.rstrip() + "\n" + " ".join(["python"] * 30) + "\n"


def hammer_spread(text: str, posting: str, chance: Random) -> str | None:
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


def typos(count: int) -> Change:
    return lambda text, posting, chance: _map_words(text, chance, count, _slip)


def glue(text: str, posting: str, chance: Random) -> str | None:
    gaps = [match.end(1) for match in re.finditer(r"\b([a-z]{3,}) (?=[a-z]{3,}\b)", text)]
    if len(gaps) < 20:
        return None
    for gap in sorted(chance.sample(gaps, 10), reverse=True):
        text = text[:gap] + text[gap + 1 :]
    return text


def glue_lines(text: str, posting: str, chance: Random) -> str | None:
    lines = text.split("\n")
    places = [at for at, line in enumerate(lines) if len(line.split()) >= 6]
    if len(places) < 4:
        return None
    for at in chance.sample(places, 3):
        lines[at] = lines[at].replace(" ", "")
    return "\n".join(lines)


def opened(prefix: str) -> Change:
    return on_bullets(lambda bullet: f"{prefix} {bullet[:1].lower()}{bullet[1:]}")


def same_verb(text: str, posting: str, chance: Random) -> str | None:
    """Every bullet that opens with a verb in the past opens with the same one."""
    changed, count = re.subn(rf"^(\s*[•●▪◦‣*–-]\s+){_DID}", r"\1Managed", text, flags=re.MULTILINE)
    return changed if count >= 5 else None


def doubled(text: str, posting: str, chance: Random) -> str:
    return text.rstrip() + "\n" + text


def six_pages(text: str, posting: str, chance: Random) -> str:
    lines = [line for line in text.split("\n") if line.strip()]
    while sum(len(line.split()) for line in lines) < 3200:
        lines.append(chance.choice(lines))
    return "\n".join(lines)


def six_pages_of_prose(text: str, posting: str, chance: Random) -> str | None:
    sentences = re.split(r"(?<=[.!?])\s+", posting)
    if len(posting.split()) < 300:
        return None
    out = text.rstrip() + "\n"
    while len(out.split()) < 3200:
        out += " ".join(chance.sample(sentences, min(5, len(sentences)))) + "\n"
    return out


def mojibake(text: str, posting: str, chance: Random) -> str:
    return text.replace("fi", "ﬁ").replace(" and ", " â€“ ").replace("'", "â€™") + "\n\ufffd\ufffd"


def letter_spaced(text: str, posting: str, chance: Random) -> str:
    return "\n".join(" ".join(line.replace(" ", "  ")) for line in text.split("\n"))


CLICHES = "Dynamic, results-driven team player and self-starter with a proven track record, who thinks outside the box."
HIDDEN = ('<span style="color:white;font-size:1px">', "</span>")
