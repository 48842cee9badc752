"""A resume that a model wrote as plain text instead of JSON: parsed like any resume, its statements cited afterwards.

A statement cites the source line that shares most of its words. Whether that line supports it is for grounding to say.
"""

from collections.abc import Iterable, Sequence

from tailoring.entries import dates_text, education_entry, headline, languages, name
from tailoring.parsed import Item, ParsedResume
from tailoring.parsing import parse_resume, source_lines
from tailoring.resume import Project, Role, Statement, TailoredResume
from tailoring.tokens import tokenize

_FEWEST_WORDS = 40
_JSON_SIGNS = ('":', '{"')


def read_free_text(text: str, source: str) -> TailoredResume | None:
    """The resume in the text, citing lines of the source; None where the text is no resume, or broken JSON."""
    if any(sign in text for sign in _JSON_SIGNS) or len(text.split()) < _FEWEST_WORDS:
        return None
    parsed = parse_resume(text)
    if not any(role.bullets for role in parsed.roles):
        return None
    return _Citing(source_lines(source)).resume(parsed)


class _Citing:
    """Finds the source line of each statement."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._stems = [frozenset(token.stem for token in tokenize(line)) for line in lines]

    def resume(self, parsed: ParsedResume) -> TailoredResume:
        return TailoredResume(
            headline=headline(parsed),
            summary=self._statements(parsed.summary),
            skills=list(parsed.skills.terms),
            experience=[
                Role(
                    title=name(role.title),
                    employer=name(role.employer),
                    location=name(role.location),
                    dates=dates_text(role.dates),
                    bullets=self._statements(role.bullets),
                )
                for role in parsed.roles
            ],
            education=[
                entry.model_copy(update={"source_lines": self._cited(f"{entry.degree} {entry.school}")})
                for entry in map(education_entry, parsed.education)
            ],
            certifications=self._statements(parsed.certifications),
            projects=[
                Project(
                    name=name(project.name),
                    dates=dates_text(project.dates),
                    bullets=self._statements(project.bullets),
                )
                for project in parsed.projects
            ],
            languages=[Statement(text=entry.text, source_lines=self._cited(entry.text)) for entry in languages(parsed)],
        )

    def _statements(self, items: Iterable[Item]) -> list[Statement]:
        return [Statement(text=item.text, source_lines=self._cited(item.text)) for item in items]

    def _cited(self, text: str) -> list[int]:
        stems = {token.stem for token in tokenize(text)}
        shared = [len(stems & line) for line in self._stems]
        most = max(shared, default=0)
        return [shared.index(most) + 1] if most else []
