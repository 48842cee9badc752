"""Grounding: what any model wrote is held against the resume that it cites, part by part.

A statement that its cited lines do not support falls back, word for word, to what those lines say, or goes when they
say nothing. Names, dates and degrees that the source does not state fall back to what the parser read there, or go.
Each correction is reported with its reason. Whether a supported sentence is true in every word is for a finer judge.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tailoring.entries import dates_text, education_entry, headline, languages, name
from tailoring.parsed import ParsedResume, ParsedRole
from tailoring.parsing import canonical_skills
from tailoring.resume import Education, Project, Role, Statement, TailoredResume
from tailoring.sections import heading
from tailoring.skills import find_skills
from tailoring.spoken_languages import find_languages, known_levels, overstated
from tailoring.stated import Stated, same_name
from tailoring.statements import Candidate, candidates, trim
from tailoring.tokens import tokenize

_SHORTEST_LINE = 3  # words; a shorter line is no statement to fall back to


_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class Finding:
    """A correction: the part of the resume, what the model wrote there, and why it could not stay."""

    part: str
    text: str
    reason: str


@dataclass(frozen=True)
class Grounded:
    """The corrected resume. `fallbacks` were replaced by the source's own words, `dropped` were left out."""

    resume: TailoredResume
    fallbacks: list[Finding]
    dropped: list[Finding]


def ground(resume: TailoredResume, source_lines: Sequence[str], parsed: ParsedResume) -> Grounded:
    """Hold a model's resume against its source; `parsed` is what the parser made of these lines."""
    return _Grounding(source_lines, parsed).of(resume)


def supported(text: str, cited_lines: Sequence[str]) -> str | None:
    """Why the cited lines do not support the text; None when they do.

    Structural: existing citations, a shared word, the same numbers, no skill of its own.
    """
    if not cited_lines:
        return "cites no line of the resume"
    cited = Stated(cited_lines)
    if not cited.shares_a_word(text):
        return "shares no word with the lines it cites"
    if number := cited.missing_number(text):
        return f"the cited lines do not hold the number {number}"
    if skill := cited.missing_skill(text):
        return f"the cited lines do not name {skill}"
    return None


class _Grounding:
    """One resume being grounded: the source, looked up in several ways, and the corrections so far."""

    def __init__(self, lines: Sequence[str], parsed: ParsedResume) -> None:
        self.lines = lines
        self.parsed = parsed
        self.skills = frozenset(canonical_skills(parsed))
        self.source = Stated(lines)
        self.by_line: defaultdict[int, list[Candidate]] = defaultdict(list)
        for candidate in candidates(parsed):
            for number in candidate.line_nos:
                self.by_line[number].append(candidate)
        self.said: set[str] = set()
        self.fallbacks: list[Finding] = []
        self.dropped: list[Finding] = []

    def of(self, resume: TailoredResume) -> Grounded:
        self.said = {statement.text for statement in resume.statements()}
        grounded = TailoredResume(
            headline=self._headline(resume.headline),
            summary=self._statements("summary", resume.summary),
            skills=[skill for skill in resume.skills if self._states_skill(skill)],
            experience=_kept(self._role, resume.experience),
            education=_kept(self._education, resume.education),
            certifications=self._statements("certifications", resume.certifications, names_only=True),
            projects=_kept(self._project, resume.projects),
            languages=_kept(self._language, resume.languages),
        )
        return Grounded(grounded, self.fallbacks, self.dropped)

    # --- statements ---

    def _statements(self, part: str, statements: Iterable[Statement], *, names_only: bool = False) -> list[Statement]:
        return _kept(lambda statement: self._statement(part, statement, names_only), statements)

    def _statement(self, part: str, statement: Statement, names_only: bool) -> Statement | None:
        """The statement, or the source's words for it. With `names_only` every word must be in the cited lines."""
        numbers = self._existing(part, statement.source_lines)
        cited = self._cited(numbers)
        reason = supported(statement.text, cited)
        if reason is None and names_only and not Stated(cited).has_words(statement.text):
            reason = "adds words to the cited lines"
        if reason is None:
            return statement.model_copy(update={"source_lines": numbers})
        instead = self._word_for_word(statement.text, numbers)
        if instead is None:
            self.dropped.append(Finding(part, statement.text, reason))
            return None
        self.said.add(instead.text)
        self.fallbacks.append(Finding(part, statement.text, reason))
        return instead

    def _existing(self, part: str, numbers: Iterable[int]) -> list[int]:
        distinct = list(dict.fromkeys(numbers))
        for number in distinct:
            if not 1 <= number <= len(self.lines):
                self.dropped.append(Finding(part, f"line {number}", "the resume has no such line"))
        return [number for number in distinct if 1 <= number <= len(self.lines)]

    def _cited(self, numbers: Iterable[int]) -> list[str]:
        return [self.lines[number - 1] for number in numbers]

    def _word_for_word(self, text: str, numbers: Sequence[int]) -> Statement | None:
        """What the cited lines say, in their own words: the statement nearest to the text that is not in use yet."""
        found = [(one.text, list(one.line_nos)) for number in numbers for one in self.by_line[number]]
        if not found:
            lines = [(trim(self.lines[number - 1]), [number]) for number in numbers]
            found = [
                (line, cited) for line, cited in lines if len(line.split()) >= _SHORTEST_LINE and not heading(line)
            ]
        unused = [each for each in found if each[0] not in self.said]
        stems = {token.stem for token in tokenize(text)}
        nearest = max(unused, key=lambda each: len(stems & {token.stem for token in tokenize(each[0])}), default=None)
        return Statement(text=nearest[0], source_lines=nearest[1]) if nearest else None

    # --- names ---

    def _headline(self, text: str) -> str:
        own = headline(self.parsed)
        if not text or text == own or self.source.has_name(text):
            return text
        self._put_back("headline", text, own, "the resume does not give this title")
        return own

    def _states_skill(self, skill: str) -> bool:
        if self.source.has_phrase(skill):
            return True
        mentions = find_skills(skill)
        rest = skill
        for mention in reversed(mentions):
            rest = rest[: mention.start] + " " + rest[mention.end :]
        known = bool(mentions) and all(mention.canonical in self.skills for mention in mentions)
        if known and (not tokenize(rest) or self.source.has_words(rest)):
            return True
        self.dropped.append(Finding("skills", skill, "the resume does not state this skill"))
        return False

    # --- languages ---

    def _language(self, said: Statement) -> Statement | None:
        """The language as the model said it, or as the resume lists it; never at a better level."""
        numbers = self._existing("languages", said.source_lines)
        reason = _unsupported_language(said.text, self._cited(numbers))
        if reason is None:
            return said.model_copy(update={"source_lines": numbers})
        named = {mention.name for mention in find_languages(said.text)}
        own = [one for one in languages(self.parsed) if named & {mention.name for mention in find_languages(one.text)}]
        instead = own[0] if len(named) == 1 and own and own[0].text not in self.said else None
        self._put_back("languages", said.text, instead.text if instead else "", reason)
        self.said.update([instead.text] if instead else [])
        return instead

    def _put_back(self, part: str, text: str, instead: str, reason: str) -> None:
        (self.fallbacks if instead else self.dropped).append(Finding(part, text, reason))

    # --- experience ---

    def _role(self, role: Role) -> Role | None:
        mates = self._mates(role)
        employer = role.employer
        if employer and not mates and not self.source.has_name(employer):
            mates = [
                one for one in self.parsed.roles if same_name(role.title, one.title) and _agree_on_dates(role, one)
            ]
            if not mates:
                self.dropped.append(
                    Finding("experience", f"{role.title} | {employer}", "the resume names no such employer")
                )
                return None
            employer = name(mates[0].employer)
            self._put_back("employer", role.employer, employer, "the resume names no such employer")
        return Role(
            title=self._of_role(
                "title", role.title, mates, lambda one: name(one.title), same_name, self.source.has_name
            ),
            employer=employer,
            location=self._of_role(
                "location", role.location, mates, lambda one: name(one.location), same_name, self.source.has_name
            ),
            dates=self._of_role(
                "dates", role.dates, mates, lambda one: dates_text(one.dates), _same_dates, self.source.has_dates
            ),
            bullets=self._statements("experience", self._own_bullets(role, mates)),
        )

    def _mates(self, role: Role) -> list[ParsedRole]:
        """The parsed roles that this one may be: those of its employer, or of its title where it names no employer."""
        if role.employer:
            return [one for one in self.parsed.roles if same_name(role.employer, one.employer)]
        return [one for one in self.parsed.roles if same_name(role.title, one.title)]

    def _others(self, mates: Iterable[ParsedRole]) -> list[ParsedRole]:
        known = set(map(id, mates))
        return [one for one in self.parsed.roles if id(one) not in known]

    def _of_role(
        self,
        part: str,
        said: str,
        mates: Sequence[ParsedRole],
        read: Callable[[ParsedRole], str],
        agree: Callable[[str, str], bool],
        stated: Callable[[str], bool],
    ) -> str:
        """A field of a role as the model said it when the source states it there, else as the parser read it there."""
        here = [value for value in map(read, mates) if value]
        if not said or any(agree(said, value) for value in here):
            return said
        elsewhere = any(agree(said, read(one)) for one in self._others(mates))
        if stated(said) and not (here and elsewhere):
            return said
        instead = next(iter(here), "")
        self._put_back(part, said, instead, "belongs to another role" if elsewhere else "the resume does not state it")
        return instead

    def _own_bullets(self, role: Role, mates: Sequence[ParsedRole]) -> Iterator[Statement]:
        """The bullets but for those whose cited lines all belong to other roles."""
        own = {number for one in mates for number in _line_nos(one)}
        others = {number for one in self._others(mates) for number in _line_nos(one)} - own
        for bullet in role.bullets:
            if mates and bullet.source_lines and others.issuperset(bullet.source_lines):
                self.dropped.append(Finding("experience", bullet.text, "cites lines of another role"))
            else:
                yield bullet

    # --- education and projects ---

    def _education(self, entry: Education) -> Education | None:
        numbers = self._existing("education", entry.source_lines)
        cited = Stated(self._cited(numbers))
        fields = (entry.degree, entry.school, entry.details)
        if numbers and all(map(cited.has_words, fields)) and (not entry.dates or cited.has_dates(entry.dates)):
            return entry.model_copy(update={"source_lines": numbers})
        said = " | ".join(filter(None, (entry.degree, entry.school, entry.dates)))
        reason = "the cited lines do not state it" if numbers else "cites no line of the resume"
        instead = next((one for one in self.parsed.education if not set(numbers).isdisjoint(one.line_nos)), None)
        if instead is None:
            self.dropped.append(Finding("education", said, reason))
            return None
        self.fallbacks.append(Finding("education", said, reason))
        return education_entry(instead)

    def _project(self, project: Project) -> Project | None:
        bullets = self._statements("projects", project.bullets)
        if not self.source.has_words(project.name):
            self.dropped.append(Finding("projects", project.name, "the resume names no such project"))
            return None
        dates = project.dates
        if dates and not self.source.has_dates(dates):
            self.dropped.append(Finding("projects", dates, "the resume does not state it"))
            dates = ""
        return Project(name=project.name, dates=dates, bullets=bullets)


def _unsupported_language(text: str, cited: Sequence[str]) -> str | None:
    """Why the cited lines do not support what is said of a language; name and level may be put in other words."""
    if not cited:
        return "cites no line of the resume"
    mentions, known = find_languages(text), known_levels("\n".join(cited))
    reason = next(filter(None, (overstated(mention, known) for mention in mentions)), None)
    if reason or (mentions and all(mention.bare for mention in mentions)):
        return reason
    return None if Stated(cited).has_words(text) else "adds words to the cited lines"


def _kept(keep: Callable[[_Part], _Part | None], parts: Iterable[_Part]) -> list[_Part]:
    return [kept for kept in map(keep, parts) if kept is not None]


def _same_dates(said: str, known: str) -> bool:
    return Stated([known]).has_dates(said)


def _agree_on_dates(role: Role, parsed: ParsedRole) -> bool:
    return not role.dates or _same_dates(role.dates, dates_text(parsed.dates))


def _line_nos(role: ParsedRole) -> Iterator[int]:
    yield from role.line_nos
    for item in (*role.bullets, *role.details):
        yield from item.line_nos
