"""The languages that a source resume says the person knows, and how well."""

from functools import cached_property

from tailoring.source_text import SourceText
from tailoring.spoken_languages import known_levels


class SourceLanguages(SourceText):
    """The languages of a source resume."""

    @cached_property
    def languages(self) -> dict[str, int]:
        """By the English name of each, the best level that is told (0 where none is; see `spoken_languages`)."""
        return known_levels("\n".join(self.lines))
