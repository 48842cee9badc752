"""Labelled lines: `company - X`, `Designation: Analyst`, `Responsibilities:`, and the field that each label fills."""

import re
from enum import StrEnum
from functools import cache

from tailoring.dates import DateRange, find_date_ranges
from tailoring.lines import split_marker
from tailoring.vocabulary import word_list


class Field(StrEnum):
    """What a labelled line tells about a role or project."""

    EMPLOYER = "employer"
    TITLE = "title"
    ROLE = "role"  # a title, or a part played in a project
    DATES = "dates"
    LOCATION = "location"
    PROJECT = "project"  # the name of a project
    STATEMENTS = "statements"  # what was done: the value, or the lines below
    CLIENT = "client"  # for whom, where a role names no employer
    DETAIL = "detail"  # a fact beside: client, environment, team size


_LABELLED = re.compile(r"([^\W\d_][\w &/()'.]{1,35}?)\s*(?::[-–]?|:?\s?[-–](?=\s|$))\s*")
_SIGN = re.compile(r"[:–-]")
_LONGEST_LABEL = 48  # characters, with its number and its sign
_NOTHING = frozenset({"none", "na", "n/a", "nil", "-"})
_NUMBERED = re.compile(r"#?\s?\d{1,2}[.):]?\s+|#\s?")


@cache
def _field_of() -> dict[str, Field]:
    return {label: field for field in Field for label in word_list("labels", field)}


def label_of(text: str) -> tuple[Field, str] | None:
    """The field that a labelled line fills, and its value: `Designation: Analyst` is (TITLE, "Analyst")."""
    if not _SIGN.search(text, 0, _LONGEST_LABEL):
        alone = _field_of().get(_plain(text)) if len(text) <= _LONGEST_LABEL else None
        return (alone, "") if alone in (Field.STATEMENTS, Field.DETAIL) else None
    numbered = _NUMBERED.match(text)
    match = _LABELLED.match(text, numbered.end() if numbered else 0)
    if match is None:
        return None
    field = _field_of().get(_plain(match[1]))
    if field is Field.ROLE and numbered:  # "#1 Title: Shop" numbers a project
        field = Field.PROJECT
    value = split_marker(text[match.end() :].strip())[1]
    return (field, "" if value.casefold() in _NOTHING else value) if field else None


def _plain(label: str) -> str:
    return " ".join(label.casefold().replace("&", " and ").replace("/", " and ").split())


def opens_role(text: str) -> bool:
    """Whether the line opens a role by a label: `company - X`, or `Client: X` with the dates of the engagement."""
    label = label_of(text)
    if label is None:
        return False
    return label[0] is Field.EMPLOYER or (label[0] is Field.CLIENT and any(map(_is_range, find_date_ranges(label[1]))))


def _is_range(dates: DateRange) -> bool:
    return dates.present or dates.start != dates.end
