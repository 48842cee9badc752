"""The word lists in `tailoring/data`, loaded once and only when needed, and simple questions about words and places."""

import re
from functools import cache
from importlib import resources
from typing import Any

import yaml

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_LONGEST_ABBREVIATION = 8  # characters; a longer run of dots is glued words: "L.N.College"
_EDGES = " \t\n,;:|()[]-–—•·/"
_LONGEST_PLACE = 60  # characters
_MOST_PLACE_PARTS = 4
_POSTCODE = re.compile(r"\b(?:\d{4,6}(?:-\d{4})?|[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2})\b")


@cache
def load_data(name: str) -> dict[str, Any]:
    """The YAML file `tailoring/data/<name>`, by the C loader where there is one (ten times as fast)."""
    text = resources.files("tailoring").joinpath("data", name).read_text("utf-8")
    data: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return data


@cache
def word_list(*path: str) -> frozenset[str]:
    """One list of `resume_words.yaml`, in lower case: `word_list("places", "cities")`; empty when the file has none."""
    found: Any = load_data("resume_words.yaml")
    for key in path:
        found = found.get(key, "") if found else ""
    return frozenset(word.replace("_", " ") for word in found.split())


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without the dots of abbreviations (`B.Tech` is `btech`)."""
    words: list[str] = []
    for word in _WORD.findall(text.casefold()):
        if "." not in word:
            words.append(word)
        elif len(word) <= _LONGEST_ABBREVIATION:
            words.append(word.replace(".", ""))
        else:
            words += word.split(".")
    return words


def trimmed(text: str) -> str:
    """The text without separators at its ends, and with the bracket closed that this may have opened."""
    bare = text.strip(_EDGES)
    for opening, closing in ("()", "[]"):
        if bare.count(opening) > bare.count(closing):
            bare += closing
    return bare


def names_title(text: str) -> bool:
    """Whether a word of the text names a position."""
    return any(map(is_title_word, words_of(text)))


def is_title_word(word: str) -> bool:
    """Whether the word, in lower case, names a position: `manager`, `Entwicklungsingenieur`."""
    return word in word_list("title_words") or (len(word) > 8 and word.endswith(_title_endings()))


@cache
def _title_endings() -> tuple[str, ...]:
    return tuple(word_list("title_endings"))


def is_place(text: str) -> bool:
    """Whether the text is nothing but a place: `Berlin`, `Austin, TX`, `Springfield, Illinois`, `Remote`."""
    parts = _place_parts(text)
    if not parts or not all(is_known_place(part, alone=False) for part in parts[1:]):
        return False
    if is_known_place(parts[0], alone=True):
        return True
    return len(parts) > 1 and _is_region(parts[1]) and _may_be_town(parts[0])


def _place_parts(text: str) -> list[str]:
    if len(text) > _LONGEST_PLACE:
        return []
    parts = [_POSTCODE.sub("", part).strip(" .()") for part in text.split(",")]
    return [part for part in parts if part] if len(parts) <= _MOST_PLACE_PARTS else []


def _may_be_town(part: str) -> bool:
    words = words_of(part)
    other = any(word in word_list(kind) for word in words for kind in ("employer_words", "legal_forms", "school_words"))
    return part[0].isupper() and len(words) <= 3 and "".join(words).isalpha() and not other and not names_title(part)


def split_place(text: str) -> tuple[str, str]:
    """The text without the place at its end, and that place: `Acme Ltd, Austin, TX` is ("Acme Ltd", "Austin, TX")."""
    if is_place(text):
        return "", text
    found = find_place(text)
    if found and not text[found[1] :].strip(" .") and is_known_place(text[found[0] :].partition(",")[0], alone=True):
        return text[: found[0]].strip(), text[slice(*found)]  # columns that lost the space between them
    parts = text.split(",")
    for count in (3, 2, 1):
        place = ",".join(parts[-count:]).strip()
        if len(parts) > count and is_place(place):
            return ",".join(parts[:-count]).strip(), place
    return text, ""


def find_place(text: str) -> tuple[int, int] | None:
    """Where `City, Region` stands inside a text that goes on behind it: `B.Sc Pune, Maharashtra Pune University`.

    A town that is not in the lists counts only where the region does not begin the name of a school: `Science, Oregon
    State`.
    """
    comma = text.find(",")
    region = _REGION.match(text, comma + 1) if comma > 0 else None
    if region is None:
        return None
    end = next((region.end(count) for count in (2, 1) if region[count] and _is_region(region[count])), None)
    before = [match.start() for match in _WORD.finditer(text, 0, comma)][-3:]
    if end is None or not before:
        return None
    known = next((start for start in before if text[start:comma].casefold() in word_list("places", "cities")), None)
    if known is None and _SCHOOL_OF_REGION.match(text, end):
        return None
    country = _COUNTRY_CODE.match(text, end)
    return before[-1] if known is None else known, country.end() if country else end


_SCHOOL_OF_REGION = re.compile(r"\s+(?:State|University|College|Institute|Tech|School|Polytechnic|Board)\b")
_REGION = re.compile(r"\s*(?=([^\W\d_]+))(?=([^\W\d_]+ [^\W\d_]+)?)")
_COUNTRY_CODE = re.compile(r",\s*[A-Z]{2}(?=\s)")


def _is_region(text: str) -> bool:
    name = text.casefold()
    return (
        name in word_list("places", "regions")
        or name in word_list("places", "countries")
        or (text.isupper() and name in word_list("places", "region_codes"))
    )


def is_known_place(part: str, *, alone: bool) -> bool:
    """Whether a name without commas is in the lists; a code like `TX` counts only behind a comma (not `alone`)."""
    name = part.casefold()
    if not alone and part.isupper() and name in word_list("places", "region_codes"):
        return True
    return any(name in word_list("places", kind) for kind in ("cities", "countries", "regions", "anywhere"))
