"""Contact data, read from the lines above the first section and from a contact section.

Only what is plainly there: a name counts only at the top, where it can be nothing else, and beside other contact data.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from tailoring.dates import parse_date_range
from tailoring.lines import Line
from tailoring.names import read_name, stated_pronouns
from tailoring.parsed import Item, ParsedContact
from tailoring.resume import Contact
from tailoring.vocabulary import is_place, names_title, split_place

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[^\W\d_]{2,24}")
_PHONE = re.compile(r"(?<![\w/.-])(?:\+|\()?\d[\d ().\-/]{6,18}\d(?![\w/-])")
_LINK = re.compile(
    r"(?:https?://|www\.|(?:[a-z]{2,3}\.)?(?:linkedin\.com|github\.com|gitlab\.com)/)[^\s,;|•<>()]{2,200}"
    r"|(?<![\w@./-])[a-z0-9][a-z0-9-]{1,40}\.(?:io|dev|me|com|net|org|app)(?:/[^\s,;|•<>()]{0,100})?(?![\w@.-])",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?i)(?<![\w])(?:e-?mail(?: id| address)?|phone|tel(?:ephone)?|mobile|cell|ph|contact(?: no| number)?|"
    r"address|location|pronouns|linked-?in|github|gitlab|website|web|portfolio|name|skype|t|m|e|p)(?: ?no\.?)? ?:"
)
_PIECES = re.compile(r"\s*[|•·●▪◦]\s*|\t+| {2,}|\s+[–—-]\s+")
_TITLE_LINE = re.compile(r"(?:resume|résumé|curriculum vitae|cv|lebenslauf)\W*(?:of\b)?\W*", re.IGNORECASE)
_NAME_LABEL = re.compile(r"(?:full )?name ?: ?", re.IGNORECASE)
_NAMES_OF_LINKS = frozenset(
    {"linkedin", "github", "portfolio", "personal", "mobile", "home", "work", "blog", "website"}
)
_LONGEST_LINE = 300  # characters
_LONGEST_ADDRESS = 80  # characters
_LONGEST_HEADLINE = 10  # words
_FIRST_BELOW_HEADING = 2  # line number
_MOST_LINES = 8
_NEAR = 4  # lines in which contact data stands beside a name or just below it


@dataclass(slots=True)
class _Found:
    name: str = ""
    email: str = ""
    phone: str = ""
    location: str = ""
    links: list[str] = field(default_factory=list)
    line_nos: list[int] = field(default_factory=list)
    headline: Item | None = None

    def has_data(self) -> bool:
        """Whether there is any way to reach the person."""
        return bool(self.email or self.phone or self.location or self.links)

    def is_sure(self) -> bool:
        """Whether anything stands beside the name that shows the top lines to be a resume's head."""
        return self.has_data() or (self.headline is not None and names_title(self.headline.text))


def parse_contact(above: Sequence[Line], section: Sequence[Line]) -> tuple[ParsedContact, Item | None]:
    """The contact data and the headline.

    `above` are the lines over the first heading; `section` those of a contact section, which stand in for the former in
    resumes that begin with that section.
    """
    found = _Found()
    if not above and section and section[0].number == _FIRST_BELOW_HEADING:
        above, section = section[:_MOST_LINES], section[_MOST_LINES:]
    top = above[:_MOST_LINES]
    below = section if section and above and section[0].number == above[-1].number + _FIRST_BELOW_HEADING else ()
    head = [*top, *below][:_MOST_LINES]
    for at, line in enumerate(top):
        if len(line.text) > _LONGEST_LINE:
            break  # a text has begun
        above_all = found.line_nos == [line.number for line in top[: len(found.line_nos)]]
        _read_top_line(line, found, head[at : at + _NEAR] if above_all else ())
    if not found.is_sure() and not (found.name and _data_of(below).has_data()):
        found = _Found()
    for line in section:
        if len(line.text) <= _LONGEST_LINE and not _read_pieces(line.text, found):
            found.line_nos.append(line.number)
    contact = Contact(name=found.name, email=found.email, phone=found.phone, location=found.location, links=found.links)
    return ParsedContact(contact, tuple(found.line_nos)), found.headline


def _read_top_line(line: Line, found: _Found, near: Sequence[Line]) -> None:
    """Reads one of the first lines; `near` are it and those below while nothing but contact data stands above it."""
    text = line.text
    if _TITLE_LINE.fullmatch(text):
        found.line_nos.append(line.number)
        return
    if near and not found.name and not line.marker:
        found.name, text = _split_name(text, _data_of(near))
    unread = _read_pieces(text, found)
    if not unread:
        found.line_nos.append(line.number)
    elif found.headline is None and found.name and not line.marker and _may_be_headline(line.text, unread):
        found.headline = Item(" | ".join(unread), (line.number,))
    elif _signs(" ".join(unread)) != _signs(line.text):
        found.line_nos.append(line.number)


def _data_of(lines: Sequence[Line]) -> _Found:
    """The contact data in some lines, as far as a text begins."""
    found = _Found()
    for line in takewhile(lambda line: len(line.text) <= _LONGEST_LINE, lines):
        _read_pieces(line.text, found)
    return found


def _signs(text: str) -> str:
    """The letters and digits of a text."""
    return "".join(filter(str.isalnum, text))


def _split_name(text: str, near: _Found) -> tuple[str, str]:
    """The name that the text begins with ("" if none), and the rest."""
    text = _NAME_LABEL.sub("", text, count=1)
    addresses = [near.email, *near.links] if near.has_data() else None
    data = (pattern.search(text) for pattern in (_PIECES, _EMAIL, _PHONE, _LINK, _LABEL))
    end = min((match.start() for match in data if match), default=len(text))
    for piece in (text[:end], text[:end].partition(",")[0]):
        name = read_name(piece, addresses)
        if name:
            return name, text[len(piece) :]
    return "", text


def _read_pieces(text: str, found: _Found) -> list[str]:
    """Reads addresses and places out of a text; returns the pieces that are neither."""

    def keep(match: re.Match[str], name: str) -> str:
        setattr(found, name, getattr(found, name) or match.group().strip())
        return " | "

    if "@" in text:
        text = _EMAIL.sub(lambda match: keep(match, "email"), text)
    found.links += [match.group().rstrip("./") for match in _LINK.finditer(text)]
    text = stated_pronouns().sub(" | ", _LINK.sub(" | ", text))
    text = _PHONE.sub(lambda match: keep(match, "phone") if _is_phone(match.group()) else match.group(), text)
    unread = []
    for piece in _PIECES.split(_LABEL.sub(" | ", text)):
        bare = piece.strip(" ,;:/()-–—|.")
        has_number = any(sign.isdigit() for sign in bare)  # a street and its place, or a place and its postcode
        place = split_place(bare)[1] if has_number and len(bare) <= _LONGEST_ADDRESS else bare if is_place(bare) else ""
        found.location = found.location or place
        if bare and not place and bare.casefold() not in _NAMES_OF_LINKS:
            unread.append(bare)
    return unread


def _is_phone(text: str) -> bool:
    digits = sum(sign.isdigit() for sign in text)
    years = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)
    return 8 <= digits <= 15 and len(years) < 2 and parse_date_range(text) is None


def _may_be_headline(text: str, pieces: Sequence[str]) -> bool:
    """Whether a line right under the name is what the person calls himself: a few words, neither sentence nor dates."""
    is_short = all(len(piece.split()) <= _LONGEST_HEADLINE for piece in pieces)
    return is_short and text[0].isupper() and text[-1] not in ".;:" and not any(map(str.isdigit, text))
