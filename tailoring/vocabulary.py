"""The word lists that the parser and the skills lexicon read from `tailoring/data`, loaded once and only when needed."""

import re
from functools import cache
from importlib import resources
from typing import Any

import yaml

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_POSTCODE = re.compile(r"\b(?:\d{4,6}(?:-\d{4})?|[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2})\b")


@cache
def load_data(name: str) -> dict[str, Any]:
    """The YAML file `tailoring/data/<name>`, by the C loader where there is one (ten times as fast)."""
    text = resources.files("tailoring").joinpath("data", name).read_text("utf-8")
    data: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return data


def _split(words: str) -> frozenset[str]:
    return frozenset(word.replace("_", " ") for word in words.split())


@cache
def word_list(name: str) -> frozenset[str]:
    """One list of `resume_words.yaml`, in lower case."""
    return _split(load_data("resume_words.yaml")[name])


@cache
def _places(kind: str) -> frozenset[str]:
    return _split(load_data("resume_words.yaml")["places"][kind])


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without the dots of abbreviations (`B.Tech` is `btech`)."""
    return [match.group().casefold().replace(".", "") for match in _WORD.finditer(text)]


def is_place(text: str) -> bool:
    """Whether the text is nothing but a place: `Berlin`, `Austin, TX`, `Springfield, Illinois`, `Remote`."""
    parts = [_POSTCODE.sub("", part).strip(" .()") for part in text.split(",")]
    parts = [part for part in parts if part]
    if not 1 <= len(parts) <= 4 or len(text) > 60:
        return False
    known = [_is_known_place(part, alone=number == 0) for number, part in enumerate(parts)]
    if all(known):
        return True
    named = all(part[:1].isupper() and len(part.split()) <= 3 and part.replace(" ", "").isalpha() for part in parts)
    return named and len(parts) > 1 and known[-1]


def _is_known_place(part: str, *, alone: bool) -> bool:
    name = part.casefold()
    if part.isupper() and not alone and name in _places("region_codes"):
        return True
    return any(name in _places(kind) for kind in ("cities", "countries", "regions", "anywhere"))
