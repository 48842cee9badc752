"""What a parsed resume is made of. Plain frozen values; how they are found is told in `tailoring.parsing`.

Every part carries the 1-based numbers of the source lines that it came from. No line is in two parts, and none is lost:
what fits nowhere is in `ParsedResume.unplaced`.
"""

from dataclasses import dataclass

from tailoring.dates import DateRange
from tailoring.resume import Contact


@dataclass(frozen=True, slots=True)
class Item:
    """A statement without its bullet sign; more than one line where the source wraps it."""

    text: str
    line_nos: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ParsedContact:
    """The contact data and the lines that hold it."""

    contact: Contact
    line_nos: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ParsedSkills:
    """The skills section: its lines, and the single entries as written."""

    lines: tuple[Item, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParsedRole:
    """One position. `line_nos` are its head lines; `details` are labelled facts (client, environment, team size)."""

    title: str
    employer: str
    location: str
    dates: DateRange | None
    bullets: tuple[Item, ...]
    details: tuple[Item, ...]
    line_nos: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ParsedEducation:
    """One degree or course; `details` is what its lines say beyond degree, school and dates."""

    degree: str
    school: str
    dates: DateRange | None
    details: str
    line_nos: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ParsedProject:
    """One project; `line_nos` are its head lines, `details` labelled facts."""

    name: str
    dates: DateRange | None
    bullets: tuple[Item, ...]
    details: tuple[Item, ...]
    line_nos: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OtherSection:
    """A section that a tailored resume has no field for: awards, interests, personal details."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class ParsedResume:
    """A resume taken apart; `lines` are its source lines, the first of them number 1."""

    lines: tuple[str, ...]
    contact: ParsedContact
    headline: Item | None
    summary: tuple[Item, ...]
    skills: ParsedSkills
    roles: tuple[ParsedRole, ...]
    education: tuple[ParsedEducation, ...]
    certifications: tuple[Item, ...]
    projects: tuple[ParsedProject, ...]
    languages: tuple[Item, ...]
    other: tuple[OtherSection, ...]
    headings: tuple[Item, ...]
    unplaced: tuple[Item, ...]

    def placed_line_nos(self) -> list[int]:
        """The line numbers of every part, `unplaced` among them, in no particular order."""
        items: list[Item] = [
            *self.summary,
            *self.skills.lines,
            *self.certifications,
            *self.languages,
            *(item for section in self.other for item in section.items),
            *self.headings,
            *self.unplaced,
            *([self.headline] if self.headline else []),
        ]
        for role in self.roles:
            items += [*role.bullets, *role.details]
        for project in self.projects:
            items += [*project.bullets, *project.details]
        numbers = [number for item in items for number in item.line_nos]
        numbers += self.contact.line_nos
        numbers += [number for role in self.roles for number in role.line_nos]
        numbers += [number for project in self.projects for number in project.line_nos]
        numbers += [number for entry in self.education for number in entry.line_nos]
        return numbers
