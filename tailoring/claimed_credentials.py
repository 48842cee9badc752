"""Certificates, degrees, titles and schools of a generated line that the source does not support.

A title may be shortened, not promoted: its words must stand together in the source. So must those of a school's name.
"""

from collections.abc import Iterator

from tailoring.claims import Claim, Kind
from tailoring.credentials import find_titles, supports_degree, title_form, words_of
from tailoring.evidence import Evidence
from tailoring.generated_text import Line
from tailoring.novelty import is_known, whole_name
from tailoring.sections import Section
from tailoring.tokens import Token, is_generic

_SAME_ENTRY = 0.75  # of its words a line shares with the source line that it retells


def unsupported_certificates(line: Line, evidence: Evidence) -> Iterator[Claim]:
    """A certificate, told by its section or its words, of which the source lacks a word or does not say it as one."""
    marks = words_of("certificates")
    at = next((n for n, token in enumerate(line.tokens) if token.text.lower() in marks), None)
    if not line.header or (at is None and line.section is not Section.CERTIFICATIONS):
        return
    if line.degrees:
        return  # "Secondary School Certificate"
    first, last = whole_name([at], line) if at is not None else (0, len(line.tokens) - 1)
    words = [n for n in range(first, last + 1) if line.tokens[n].text[0].isupper()]
    forms = [title_form(line.tokens[n].text) for n in words]
    if not all(is_known(n, line.tokens, evidence) for n in words) or (
        len(words) > 1 and not evidence.near_each_other(forms)
    ):
        yield line.claim(first, last, Kind.CERTIFICATION, "the source names no such certificate")


def unsupported_degrees(line: Line, evidence: Evidence) -> Iterator[Claim]:
    """Degrees that the source does not name, or not in the entry that this line retells."""
    has = _degrees_here(line, evidence) if len(line.degrees) == 1 else evidence.degrees
    for degree in line.degrees:
        if not supports_degree(has, degree.name):
            yield line.claim(degree.first, degree.last, Kind.DEGREE, "the source names no such degree")


def _degrees_here(line: Line, evidence: Evidence) -> frozenset[str]:
    content = [token for token in line.tokens if not is_generic(token.stem) and not token.is_number]
    nearest, shared = evidence.nearest_lines(content)
    if shared < max(3, _SAME_ENTRY * len(content)):
        return evidence.degrees
    return frozenset().union(*(evidence.degrees_by_line.get(each, ()) for each in nearest)) or evidence.degrees


def unsupported_titles(line: Line, evidence: Evidence) -> Iterator[Claim]:
    """Titles whose words the source does not have together, or only with a word that makes them a lower rank."""
    titles = find_titles(line.tokens, line.text)
    lower = words_of("lower_ranks") - {title_form(token.text) for token in line.tokens} if titles else frozenset[str]()
    skilled = line.places(_supported_skills(line, evidence)) if titles else frozenset[int]()
    for title in titles:
        inside = {title_form(line.tokens[at].text) for at in range(title.first, title.last + 1) if at in skilled}
        words = tuple(word for word in title.words if word in evidence.title_places or word not in inside)
        told = lower if len(words) > 1 or line.dates else frozenset[str]()  # "manager" alone may be any
        if not words or evidence.near_each_other(words, own=title.first == 0, lower=told):
            continue
        opener = line.tokens[title.first].text.lower()
        opens_with_verb = title.first == 0 and opener.endswith(("ed", "ing")) and opener not in evidence.title_places
        if opens_with_verb and len(words) > 1 and evidence.near_each_other(words[1:]):
            continue  # "Assisted project managers"
        yield line.claim(title.first, title.last, Kind.TITLE, "the source gives no such title")


def _supported_skills(line: Line, evidence: Evidence) -> Iterator[tuple[int, int]]:
    return ((line.start + s.start, line.start + s.end) for s in line.skills if s.canonical in evidence.skills)


def unsupported_schools(line: Line, evidence: Evidence) -> Iterator[Claim]:
    """Names with the word for a school in them, put together of words that the source does not have together."""
    tokens = line.tokens
    last = -1
    for at, token in enumerate(tokens):
        if at <= last or token.text.lower() not in words_of("schools") or not token.text[0].isupper():
            continue
        first = last = at
        while first > 0 and _in_name(tokens[first - 1], tokens[first], line.text):
            first -= 1
        while last + 1 < len(tokens) and _in_name(tokens[last + 1], tokens[last], line.text):
            last += 1
        words = [title_form(each.text) for each in tokens[first : last + 1] if each.text[0].isupper()]
        if len(words) > 1 and not evidence.near_each_other(words):
            yield line.claim(first, last, Kind.SCHOOL, "the source names no such school")


def _in_name(token: Token, neighbour: Token, text: str) -> bool:
    between = text[min(token.end, neighbour.end) : max(token.start, neighbour.start)]
    return between in (" ", ". ", "-", " & ") and (token.text[0].isupper() or token.text in ("of", "and", "for", "the"))
