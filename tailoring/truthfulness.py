"""The truth check: traces every claim of a generated resume to its source, and reports those without support.

`check` lets through what the source says word for word, and asks of each other line what each kind of claim must answer
for. The posting never excuses a claim: it only tells where one may have come from. What supports a claim is decided in
the `claimed_*` modules, one for each family of claims.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from tailoring.claimed_credentials import (
    unsupported_certificates,
    unsupported_degrees,
    unsupported_schools,
    unsupported_titles,
)
from tailoring.claimed_deeds import inflated_reach, inflated_verbs
from tailoring.claimed_figures import unsupported_dates, unsupported_numbers
from tailoring.claimed_languages import unsupported_languages
from tailoring.claimed_words import unsupported_skills, unsupported_words
from tailoring.claims import Claim, Kind, TruthReport
from tailoring.copied_parts import copied
from tailoring.degeneracy import is_empty, leak, loop, repeated_line
from tailoring.evidence import Evidence, evidence_of
from tailoring.generated_text import Line, WrittenLine, cut_into_lines, lines_to_check
from tailoring.tokens import Token, is_generic, plain_spaces, tokenize

__all__ = ["Claim", "Kind", "TruthReport", "check"]

_NEAREST_BY = 60  # tokens of a line that choose the source line nearest to it


def check(source: str, generated: str, posting: str | None = None) -> TruthReport:
    """Which claims of `generated` the resume `source` does not support.

    `posting` is used in explanations only. Deterministic; the cost grows linearly with the lengths of the texts, and
    what was read of a source is kept for the next call with it.
    """
    evidence = evidence_of(source)
    spaced = plain_spaces(generated)
    tokens = tokenize(spaced)
    lines = cut_into_lines(tokens)
    degenerate = _degenerate(lines, tokens, spaced, evidence)
    claims = [degenerate] if degenerate else []
    if not is_empty(tokens, evidence.tokens):
        for line in lines_to_check(lines, spaced, evidence):
            claims += _unsupported(line, evidence)
    if not claims:
        return TruthReport(truthful=True, unsupported=[])
    offered = _stems(posting) if posting else frozenset[str]()
    reported = [_explained(claim, tokens, evidence, offered) for claim in _without_overlaps(claims, len(generated))]
    reported = [replace(claim, text=generated[claim.start : claim.end]) for claim in reported]  # with its own spaces
    return TruthReport(False, reported, degenerate.why if degenerate else None)


def _degenerate(lines: list[WrittenLine], tokens: list[Token], generated: str, evidence: Evidence) -> Claim | None:
    if is_empty(tokens, evidence.tokens):
        return Claim(generated[:80], Kind.DEGENERATE, 0, min(80, len(generated)), "there is nothing in it but headings")
    leaked = leak(generated, evidence.text)
    if leaked:
        return Claim(generated[slice(*leaked)], Kind.DEGENERATE, *leaked, "this is no part of a resume but of a prompt")
    repeated = repeated_line([line.key for line in lines], evidence.line_counts)
    looped = loop(tokens, evidence.trigrams)
    if repeated is None and looped is None:
        return None
    span = lines[repeated].tokens if repeated is not None else tokens[looped[0] : looped[1] + 1] if looped else tokens
    start, end = span[0].start, span[-1].end
    return Claim(generated[start:end], Kind.DEGENERATE, start, end, "it says this over and over")


def _unsupported(line: Line, evidence: Evidence) -> Iterator[Claim]:
    everything = frozenset(range(len(line.tokens)))
    own = everything if line.verbatim else copied(line, evidence)
    if own == everything:
        yield from unsupported_numbers(line, evidence, own)  # they may be another job's
        if not line.verbatim:
            yield from unsupported_languages(line, evidence)  # copied, with another one's level
        if line.header and not line.verbatim:
            yield from unsupported_titles(line, evidence)  # they may be somebody else's
        return
    claims = [
        *unsupported_dates(line, evidence),
        *unsupported_numbers(line, evidence, own),
        *unsupported_certificates(line, evidence),
        *unsupported_degrees(line, evidence),
        *unsupported_titles(line, evidence),
        *unsupported_schools(line, evidence),
        *unsupported_languages(line, evidence),
        *unsupported_skills(line, evidence),
        *inflated_verbs(line, evidence, own),
        *inflated_reach(line, evidence),
    ]
    yield from claims
    yield from unsupported_words(line, evidence, line.places((claim.start, claim.end) for claim in claims))


@lru_cache(maxsize=256)  # many resumes are tailored to one posting
def _stems(posting: str) -> frozenset[str]:
    return frozenset(token.stem for token in tokenize(posting))


def _without_overlaps(claims: Iterable[Claim], length: int) -> list[Claim]:
    """Of claims that overlap, the first that was made; in order of place."""
    taken = bytearray(length)
    kept = []
    for claim in claims:
        if not any(taken[claim.start : claim.end]):
            taken[claim.start : claim.end] = b"\1" * (claim.end - claim.start)
            kept.append(claim)
    return sorted(kept, key=lambda claim: claim.start)


def _explained(claim: Claim, tokens: list[Token], evidence: Evidence, offered: frozenset[str]) -> Claim:
    """The claim with the source line that comes nearest, and a word on the posting where it may come from there."""
    at = bisect_left(tokens, claim.start, key=lambda token: token.start)
    around = tokens[max(0, at - _NEAREST_BY // 2) : at + _NEAREST_BY // 2]
    inside = [token for token in around if claim.start <= token.start < claim.end]
    from_posting = any(t.stem in offered and not is_generic(t.stem) and not evidence.says(t) for t in inside)
    why = claim.why + ("; the posting does" if from_posting else "")
    line = evidence.nearest_line(token for token in around if inside and token.line == inside[0].line)
    if line is None:
        return replace(claim, why=why)
    return replace(claim, why=why, source_line=line + 1, nearest=evidence.lines[line])
