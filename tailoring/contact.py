"""Contact data, read from the lines above the first section.

Only what is plainly there: a name is taken from the top line alone, and only when that line can be nothing else.
"""

import re
from collections.abc import Sequence

from tailoring.lines import Line
from tailoring.parsed import Item, ParsedContact
from tailoring.resume import Contact
from tailoring.skills import find_skills
from tailoring.vocabulary import is_place, word_list, words_of

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[\w-]{2,24}")
_PHONE = re.compile(r"(?<![\w/.-])(?:\+|\()?\d[\d ().\-/]{6,18}\d(?![\w/-])")
_LINK = re.compile(
    r"(?:https?://|www\.|(?:[a-z]{2,3}\.)?(?:linkedin\.com|github\.com|gitlab\.com)/)[^\s,;|•<>()]{2,200}"
    r"|(?<![\w@.-])[a-z0-9-]{2,40}\.(?:io|dev|me|com|net|org|app|co)(?:/[^\s,;|•<>()]{0,100})?(?![\w@.])",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?i)\b(?:e-?mail(?: id| address)?|phone|tel(?:ephone)?|mobile|cell|ph|contact(?: no| number)?|address|location|"
    r"linkedin|github|gitlab|website|web|portfolio|name|skype|t|m|e|p)\s*(?:no\.?)?\s*:"
)
_NAME_WORD = re.compile(r"(?:[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\W\d_]\.)+")
_PIECES = re.compile(r"\s*[|•·●▪◦]\s*|\t+| {2,}|\s+[–—-]\s+")
_MOST_LINES = 8


def parse_contact(lines: Sequence[Line]) -> tuple[ParsedContact, Item | None]:
    """The contact data at the top of a resume, and the headline beside it; `lines` are those above the first section."""
    taken: list[int] = []
    found: dict[str, str] = {"name": "", "email": "", "phone": "", "location": ""}
    links: list[str] = []
    headline: Item | None = None
    for position, line in enumerate(lines[:_MOST_LINES]):
        rest = _take_addresses(line.text, found, links)
        pieces = [piece.strip(" ,;:") for piece in _PIECES.split(rest)]
        pieces = [piece for piece in pieces if piece]
        unread = [piece for piece in pieces if not _place_piece(piece, found, top=position == 0)]
        has_contact = len(unread) < len(pieces) or rest != line.text
        if not unread or has_contact:
            taken.append(line.number)
        elif headline is None and position <= 3 and taken and _is_headline(line.text):
            headline = Item(line.text, (line.number,))
    return ParsedContact(Contact(**found, links=links), tuple(taken)), headline


def _take_addresses(text: str, found: dict[str, str], links: list[str]) -> str:
    """Reads e-mail, phone and links; returns what is left of the text."""

    def keep(field: str, match: re.Match[str]) -> str:
        found[field] = found[field] or match.group().strip()
        return " | "

    if "@" in text:
        text = _EMAIL.sub(lambda match: keep("email", match), text)
    text = _LINK.sub(lambda match: links.append(match.group().rstrip("./")) or " | ", text)
    text = _PHONE.sub(lambda match: keep("phone", match) if _is_phone(match.group()) else match.group(), text)
    return _LABEL.sub(" | ", text)


def _is_phone(text: str) -> bool:
    digits = sum(sign.isdigit() for sign in text)
    is_years = re.fullmatch(r"(?:19|20)\d\d\s*[-/ ]\s*(?:19|20)\d\d", text)
    return 8 <= digits <= 15 and not is_years


def _place_piece(piece: str, found: dict[str, str], *, top: bool) -> bool:
    """Takes the piece as name or location where it plainly is one; says whether it did."""
    if top and not found["name"] and is_name(piece):
        found["name"] = piece
        return True
    if is_place(piece) and not found["location"]:
        found["location"] = piece
        return True
    return False


def is_name(text: str) -> bool:
    """Whether the text can be nothing but a person's name: two to five capitalised words, none of them of another trade."""
    words = text.split()
    if not 2 <= len(words) <= 5 or len(text) > 50:
        return False
    if not all(_NAME_WORD.fullmatch(word) and (word[0].isupper() or word in _PARTICLES) for word in words):
        return False
    plain = words_of(text)
    other = any(word in word_list(kind) for word in plain for kind in ("title_words", "employer_words", "school_words"))
    return not other and not is_place(text) and not find_skills(text) and not _NOT_NAMES.intersection(plain)


_PARTICLES = frozenset("de da di do dos das van von der den del della la le el al bin ibn y e zu ter ten".split())
_NOT_NAMES = frozenset(
    "resume curriculum vitae cv resumé résumé skills experience education profile summary objective".split()
)


def _is_headline(text: str) -> bool:
    words = words_of(text)
    return 1 <= len(words) <= 12 and text[-1] not in ".;:" and not word_list("title_words").isdisjoint(words)
