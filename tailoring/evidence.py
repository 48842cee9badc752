"""The source resume, indexed once so that claims can be looked up in it: words, numbers, dates, credentials, jobs.

Answers "does the source say this, and where"; what to ask, and what an answer is worth, is the truth check's business.
"""

import re
from functools import lru_cache

from tailoring.lines import source_lines
from tailoring.source_credentials import SourceCredentials
from tailoring.source_figures import SourceFigures
from tailoring.source_jobs import SourceJobs
from tailoring.source_languages import SourceLanguages
from tailoring.source_words import SourceWords
from tailoring.tokens import Token, abbreviations, plain_spaces, tokenize

_GLUED = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")


class Evidence(SourceWords, SourceFigures, SourceCredentials, SourceJobs, SourceLanguages):
    """What a source resume says; make one with `evidence_of`."""


@lru_cache(maxsize=16)  # of half a MB each
def evidence_of(source: str) -> Evidence:
    """The index of a source resume; the last ones are kept, since one source is checked against more than once."""
    lines = tuple(source_lines(source))
    text = plain_spaces("\n".join(lines))
    tokens = tokenize(text, cut_at_bullets=False)
    places: dict[str, list[int]] = {}
    for at, token in enumerate(tokens):
        places.setdefault(token.stem, []).append(at)
        for part in _parts(token):
            places.setdefault(part.stem, []).append(at)
    present = {token.text.lower().replace(".", "") for token in tokens}
    for short, stems in abbreviations().items():
        if short in present:
            for stem in stems:
                places.setdefault(stem, places.get(short, []))
        elif all(stem in places for stem in stems):
            places.setdefault(short, places[stems[0]])
    return Evidence(lines, text, tokens, places)


def _parts(token: Token) -> list[Token]:
    """The words of a phrase ("carried out") or of a glued word ("monthsCompany"); none of any other token."""
    if "_" in token.stem:
        return tokenize(token.text.replace(" ", "\n"))
    if token.text[1:].islower() or not _GLUED.search(token.text):
        return []
    return tokenize(_GLUED.sub("\n", token.text))
