"""Languages of a generated line that the source does not name, or does not say are known so well."""

from collections.abc import Iterator
from dataclasses import replace

from tailoring.claims import Claim, Kind
from tailoring.evidence import Evidence
from tailoring.generated_text import Line
from tailoring.sections import Section
from tailoring.spoken_languages import Mention, overstated


def unsupported_languages(line: Line, evidence: Evidence) -> Iterator[Claim]:
    """Languages in a list of them, and anywhere those with a level: each must be in the source, at that level or above.

    Of any other text only the words are judged: "German customers" says of nobody that he speaks German.
    """
    for mention in _claimed(line):
        why = overstated(mention, evidence.languages)
        if why:
            at = sorted(line.places(_in_text(mention, line)))
            yield _closed(line.claim(at[0], at[-1], Kind.LANGUAGE, why), line.text)


def _closed(claim: Claim, text: str) -> Claim:
    """The claim with the bracket closed that it opens: `Welsh (fluent)`."""
    if "(" not in claim.text or text[claim.end : claim.end + 1] != ")":
        return claim
    return replace(claim, text=f"{claim.text})", end=claim.end + 1)


def supported_languages(line: Line, evidence: Evidence) -> set[int]:
    """The tokens of names and levels that the source supports, maybe in other words ("Deutsch", "mother tongue")."""
    supported = (mention for mention in _claimed(line) if overstated(mention, evidence.languages) is None)
    return line.places(span for mention in supported for span in _in_text(mention, line))


def _claimed(line: Line) -> Iterator[Mention]:
    listed = line.section is Section.LANGUAGES
    return (one for one in line.languages if listed or (one.level and not one.of_a_thing))


def _in_text(mention: Mention, line: Line) -> list[tuple[int, int]]:
    return [(line.start + start, line.start + end) for start, end in mention.spans]
