"""Which job a line of a source resume is about, and which one a line of a generated resume stands under."""

from collections.abc import Sequence
from functools import cached_property

from tailoring.credentials import title_form
from tailoring.parsed import ParsedResume
from tailoring.parsing import parse_resume
from tailoring.sections import heading
from tailoring.source_text import SourceText
from tailoring.tokens import Token, tokenize

LONGEST_HEAD = 14  # tokens
HEADS = 24  # short lines that are searched for an employer


class SourceJobs(SourceText):
    """The jobs of a source resume."""

    def role_of_line(self, line: int) -> int | None:
        """The number of the job that a source line (by its index) is about; None when it is about none."""
        return self._role_lines.get(line)

    def role_under(self, heads: Sequence[Sequence[Token]]) -> int | None:
        """The number of the job that lines stand under which have these heads before them, the nearest last.

        None when no head names the employer of just one job, or when the source itself cannot be read in this way.
        """
        return self._role_named(heads) if self._roles_are_clear else None

    @cached_property
    def _roles_are_clear(self) -> bool:
        """Whether each line of the source with a number has its job's employer named in the nearest head."""
        heads: list[list[Token]] = []
        for first, end in map(self.line_tokens, self._line_starts):
            line = self.tokens[first:end]
            if heading(self.lines[line[0].line]):
                heads = []
            elif is_head(line):
                heads.append(line)
            role = self.role_of_line(line[0].line)
            has_number = any(token.is_number for token in line)
            if has_number and role is not None and self._role_named(heads[-HEADS:]) != role:
                return False
        return True

    def _role_named(self, heads: Sequence[Sequence[Token]]) -> int | None:
        for head in reversed(heads):
            words = {title_form(token.text) for token in head}
            found = {number for number, employer in enumerate(self._employers) if employer and employer <= words}
            if len(found) == 1:
                return found.pop()
        return None

    @cached_property
    def _parsed(self) -> ParsedResume:
        return parse_resume(self.text)

    @cached_property
    def _employers(self) -> list[set[str]]:
        return [{title_form(token.text) for token in tokenize(role.employer)} for role in self._parsed.roles]

    @cached_property
    def _role_lines(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for number, role in enumerate(self._parsed.roles):
            for lines in (role.line_nos, *(item.line_nos for item in (*role.bullets, *role.details))):
                found.update((line - 1, number) for line in lines)
        return found


def is_head(tokens: Sequence[Token]) -> bool:
    """Whether a line may be the head of an entry: short, and with a capital."""
    return len(tokens) <= LONGEST_HEAD and tokens[0].text[0].isupper()
