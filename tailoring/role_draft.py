"""A role or project in the making: takes in the lines below its head.

Labelled lines fill what the head left empty or become details, the others are statements.
"""

import re
from dataclasses import dataclass, field

from tailoring.dates import DateRange, find_date_ranges
from tailoring.labels import Field, label_of
from tailoring.lines import Line
from tailoring.paragraphs import Paragraphs
from tailoring.parsed import Item, ParsedRole
from tailoring.role_head import head_dates, is_title
from tailoring.vocabulary import is_place, names_title, split_place, trimmed

_LONGEST_VALUE = 80  # characters of a title, an employer or a name
_FEWEST_WORDS = 4  # in a statement behind head words on its line; fewer in capitals are a heading
_LONGEST_LINE = 600  # characters in which a head may be followed by a statement
_LONGEST_HEAD = 12  # words
_SAME_NAME = 12  # characters by which an employer is known again
_TITLE_END = re.compile(r",|(?<=\w{4})\.\s|\s[-–—]\s")
_TABLE_LABEL = re.compile(r"^(?:role|designation|position)\s+(?=[A-Z])", re.IGNORECASE)
_WORKED_AS = re.compile(
    r"work(?:ed|ing)? as (?:an? |the )?[\"'“‘]*([^\"'”’,.]{3,60}?)[\"'”’]*(?: (?:in|at|for|with|of)\b|[.,]|$)",
    re.IGNORECASE,
)
_EDGES = " \t,;:|()[]-–—•·"


@dataclass(slots=True)
class RoleDraft:
    """A role or project while its lines are read; `own_line`: the employer has a line of its own."""

    bullets: Paragraphs
    title: str = ""
    employer: str = ""
    location: str = ""
    dates: DateRange | None = None
    own_line: bool = False
    employed: DateRange | None = None  # with this employer in all positions, where the source tells
    details: list[Item] = field(default_factory=list)
    line_nos: list[int] = field(default_factory=list)

    def take_employer(self, other: "RoleDraft", employed: DateRange | None) -> None:
        """Takes over the employer of the role above."""
        self.employer, self.own_line, self.employed = other.employer, True, employed
        self.location = self.location or other.location

    def add(self, line: Line) -> None:
        """Takes in a line below the head."""
        label = label_of(line.text)
        if label:
            self._add_labelled(line, *label)
        elif self.bullets.runs_on(line):
            self.bullets.add(line)
        else:
            self._add_statement(line, line.text)

    def _add_statement(self, line: Line, text: str) -> None:
        rest = None if line.marker else self._without_head_words(text)
        if rest is None:
            self.bullets.begin(line, text)
        elif len(rest.split()) >= _FEWEST_WORDS:
            self.bullets.begin(line, rest)
        else:
            self.line_nos.append(line.number)

    def _without_head_words(self, text: str) -> str | None:
        """What a line says behind words that only a head would say; None when it does not begin with such.

        Such words are title and dates, or `Worked as Analyst`; they fill these fields where they are empty.
        """
        if text.isupper() and len(text.split()) <= _FEWEST_WORDS:
            return ""  # a heading inside the role
        if (self.title and self.dates) or len(text) > _LONGEST_LINE:
            return None
        dates = next((found for found in find_date_ranges(text) if not found.is_lone_year), None)
        before = _TABLE_LABEL.sub("", text[: dates.span[0]] if dates else text).strip(_EDGES)
        after = text[dates.span[1] :].strip(_EDGES + ".") if dates else ""
        worked_as = _WORKED_AS.match(before)
        title = worked_as[1] if worked_as else _TITLE_END.split(before, maxsplit=1)[0]
        if len(before.split()) > _LONGEST_HEAD or (before and not is_title(title)):
            return None
        if not (dates or worked_as or self._is_own(before[len(title) :].strip(_EDGES))):
            return None
        if self.bullets and not (dates and before):
            return None
        if (self.title or not title) and (self.dates or not dates):
            return None
        self.title, self.dates = self.title or trimmed(title.rstrip(". ")), self.dates or dates
        return after

    def _is_own(self, employer: str) -> bool:
        """Whether an employer named below the label is none, or the same again."""
        return not employer or self.employer.casefold().startswith(employer.casefold()[:_SAME_NAME])

    def _add_labelled(self, line: Line, named: Field, value: str) -> None:
        if named is Field.STATEMENTS and (inner := label_of(value)):  # "description - Designation: Analyst"
            line, (named, value) = Line(line.number, line.marker, value), inner
        if named is Field.STATEMENTS and value:
            self._add_statement(line, value)
        elif self._fill(named, value):
            self.line_nos.append(line.number)
        elif value:
            self.details.append(Item(line.text, (line.number,)))
        else:
            self.line_nos.append(line.number)

    def _fill(self, named: Field, value: str) -> bool:
        """Fills an empty field; says whether it did. Behind the name of a project the labels tell of that."""
        in_project = any(item.text[:7].casefold() == "project" for item in self.details)
        if not value or len(value) > _LONGEST_VALUE or in_project:
            return False
        if named is Field.DATES and self.dates is None:
            self.dates = next(iter(find_date_ranges(value)), None)
            return self.dates is not None
        if (named is Field.TITLE or (named is Field.ROLE and names_title(value))) and not self.title:
            self.title = trimmed(value.rstrip(". "))
        elif named is Field.EMPLOYER and not self.employer:
            self._fill_employer(value, "")
        elif named is Field.CLIENT and not self.employer and not self.line_nos:
            self._fill_employer(value, "Client: ")  # an employer is not what the source calls it
        elif named is Field.LOCATION and not self.location and is_place(value):
            self.location = value
        else:
            return False
        return True

    def _fill_employer(self, value: str, kind: str) -> None:
        """Fills the employer, and the dates and the place that stand behind it."""
        self.dates = head_dates(Line(0, "", value))
        if self.dates:
            value = value[: self.dates.span[0]] + value[self.dates.span[1] :]
            name, self.location = split_place(trimmed(value))
        else:
            name = value
        self.employer = kind + trimmed(name)

    def is_empty(self) -> bool:
        """Whether it names no position and says nothing: labels without values, a gap between positions."""
        return not (self.title or self.employer or self.bullets or self.details)

    def role(self) -> ParsedRole:
        """The role, complete."""
        return ParsedRole(
            self.title,
            self.employer,
            self.location,
            self.dates,
            self.bullets.items(),
            tuple(self.details),
            tuple(self.line_nos),
        )
