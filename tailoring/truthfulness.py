"""The truth check: traces every claim of a generated resume to its source, and reports those without support.

`check` cuts the generated text into lines, lets through what the source says word for word, and asks of the rest what
each kind of claim must answer for. The posting never excuses a claim: it only tells where one may have come from.
Reading text (tokens, numbers, dates, verbs, titles, degrees) and looking things up in the source are other modules'.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from tailoring.claims import Claim, Kind, TruthReport
from tailoring.credentials import find_degrees, find_titles, supports_degree, title_form, words_of
from tailoring.dates import DateRange, YearMonth, find_date_ranges
from tailoring.degeneracy import is_empty, leak, loop
from tailoring.evidence import Evidence, evidence_of, line_key
from tailoring.numbers import Quantity, find_quantities
from tailoring.sections import Section, heading, heading_with_content
from tailoring.skills import find_skills, skill_category
from tailoring.tokens import Token, inflations, is_generic, stakes, synonyms, tokenize
from tailoring.verb_strength import deeds, is_weighed

__all__ = ["Claim", "Kind", "TruthReport", "check"]

_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|\b(?:linkedin|github)\.com\S*|\+?\(?\d[\d() -]{8,}\d")
_LIST_SIGN = re.compile(r",(?!\d)|[;|•/]")
_LONGEST_HEADER = 14  # tokens


# Skills whose names are ordinary words, so that in a sentence they are judged as those.
_WORDY_SKILLS = frozenset((
    "soft skills", "human resources and training", "hospitality and service", "methods and management",
    "sales and marketing", "supply chain and logistics", "finance and accounting", "legal and compliance",
))  # fmt: skip


@dataclass(frozen=True)
class _Line:
    """One line of the generated text: its tokens, its section, and whether it lists short items or heads an entry."""

    tokens: list[Token]
    section: Section | None
    lists: bool
    header: bool

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end


@dataclass(frozen=True)
class _Text:
    """The generated text, cut up; `lines` are only those that the source does not have word for word."""

    text: str
    tokens: list[Token]
    lines: list[_Line]


def check(source: str, generated: str, posting: str | None = None) -> TruthReport:
    """Which claims of `generated` the resume `source` does not support.

    `posting` is used in explanations only. Deterministic; the cost grows linearly with the lengths of the texts, and the
    reading of a source is kept for the next call with it.
    """
    evidence = evidence_of(source)
    tokens = tokenize(generated)
    degenerate = _degenerate(tokens, generated, evidence, source)
    text = _Text(generated, tokens, list(_changed_lines(tokens, generated, evidence)))
    claims = [] if is_empty(tokens) else list(_unsupported(text, evidence))
    if degenerate:
        claims.insert(0, degenerate)
    offered = frozenset(token.stem for token in tokenize(posting)) if posting else frozenset()
    reported = [_explained(claim, tokens, evidence, offered) for claim in _without_overlaps(claims)]
    return TruthReport(not reported, reported, degenerate.why if degenerate else None)


def _degenerate(tokens: list[Token], generated: str, evidence: Evidence, source: str) -> Claim | None:
    if is_empty(tokens):
        return Claim(generated[:80], Kind.DEGENERATE, 0, min(80, len(generated)), "there is nothing in it but headings")
    leaked = leak(generated, source)
    if leaked:
        return Claim(generated[slice(*leaked)], Kind.DEGENERATE, *leaked, "this is no part of a resume but of a prompt")
    looped = loop(tokens, evidence.trigrams)
    if looped:
        start, end = tokens[looped[0]].start, tokens[looped[1]].end
        return Claim(generated[start:end], Kind.DEGENERATE, start, end, "it says this over and over")
    return None


def _changed_lines(tokens: list[Token], text: str, evidence: Evidence) -> Iterator[_Line]:
    section: Section | None = None
    for _, group in groupby(tokens, key=lambda token: token.line):
        line = list(group)
        written = text[line[0].start : line[-1].end]
        opened = heading(written)
        if opened:
            section = opened
            continue
        with_content = heading_with_content(written)
        here = with_content[1] if with_content else section
        if line_key(line) in evidence.line_keys or all(
            line_key(sentence) in evidence.line_keys for sentence in _sentences(line, text)
        ):
            continue
        signs = len(_LIST_SIGN.findall(written))
        lists = (signs >= 3 and len(line) <= 3 * (signs + 1)) or (here is Section.SKILLS and len(line) <= 3 * (signs + 1) + 2)
        header = len(line) <= _LONGEST_HEADER and not written.endswith(".")
        yield _Line(line, here, lists, header)


def _unsupported(text: _Text, evidence: Evidence) -> Iterator[Claim]:
    dates = find_date_ranges(text.text)
    addresses = [match.span() for match in _ADDRESS.finditer(text.text)]
    apart = sorted([*(date.span for date in dates), *addresses])
    figures = [*_dates(dates, text, evidence), *_numbers(text, evidence, apart)]
    yield from figures
    for line in text.lines:
        claims = [
            *_certificates(line, text.text, evidence),
            *_degrees(line, text.text, evidence),
            *_titles(line, text.text, evidence),
            *_schools(line, text.text, evidence),
            *_skills(line, text.text, evidence),
            *_verbs(line, text.text, evidence),
            *_inflations(line, text.text, evidence),
        ]
        yield from claims
        found = [(c.start, c.end) for c in (*claims, *figures) if line.start <= c.start < line.end]
        yield from _words(line, text.text, evidence, apart, found)


# --- dates and numbers ----------------------------------------------------------------------------------------


def _dates(dates: list[DateRange], text: _Text, evidence: Evidence) -> Iterator[Claim]:
    spans = [(line.start, line.end) for line in text.lines]
    for date in dates:
        if not any(start <= date.span[0] < end for start, end in spans):
            continue
        why = _date_fault(date, evidence)
        if why:
            yield Claim(date.text, Kind.DATE, *date.span, why)


def _date_fault(date: DateRange, evidence: Evidence) -> str:
    points = [point for known in evidence.dates for point in (known.start, known.end) if point]
    years = evidence.surfaces
    for point in (date.start, date.end):
        if point and not any(_may_be(point, known) for known in points) and not (point.month is None and str(point.year) in years):
            return "the source does not name this date"
    if date.start == date.end:
        return ""
    for known in evidence.dates:
        if _may_be(date.start, known.start) and date.present == known.present:
            if date.end is None or (known.end and _may_be(date.end, known.end)):
                return ""
    return "the source does not name this period"


def _may_be(told: YearMonth, known: YearMonth) -> bool:
    return told.year == known.year and told.month in (None, known.month)


def _numbers(text: _Text, evidence: Evidence, apart: list[tuple[int, int]]) -> Iterator[Claim]:
    for line in text.lines:
        for quantity in find_quantities(line.tokens, text.text):
            start, end = line.tokens[quantity.first].start, line.tokens[quantity.last].end
            if any(first <= start < last for first, last in apart):
                continue
            why = _number_fault(quantity, line.tokens, evidence)
            if why:
                kind = Kind.DURATION if quantity.unit in ("months", "weeks", "days") else Kind.NUMBER
                start -= text.text[max(0, start - 1) : start] in ("$", "€", "£", "₹")
                end += text.text[end : end + 1] == "%"
                yield Claim(text.text[start:end], kind, start, end, why)


def _number_fault(quantity: Quantity, tokens: list[Token], evidence: Evidence) -> str:
    same = [known for known in evidence.quantities if quantity.same_as(known)]
    if not same:
        return "the source has no such number"
    context = _context(quantity, tokens)
    if not context:
        return ""
    support = max(_overlap(context, evidence.around(known.first, known.last)) for known in same[:100])
    if support == 0:
        return "the source says this number of something else"
    if _counts_other(quantity, same, tokens, evidence):
        return "the source counts another number of these"
    rivals = _rivals(quantity, context, evidence)
    if rivals >= support + 2:
        return "the source has another number here"
    return ""


def _counts_other(quantity: Quantity, same: list[Quantity], tokens: list[Token], evidence: Evidence) -> bool:
    """Whether the source counts what follows the number, but only with other numbers: 28 beds and 8 patients, not 28."""
    counted = _counted(quantity, tokens)
    if not counted or any(counted & _counted(known, evidence.tokens) for known in same[:100]):
        return False
    lines = {evidence.line_of(place) for stem in counted for place in evidence.places.get(stem, ())[:24]}
    others = (other for line in lines for other in evidence.quantities_by_line.get(line, ())[:20])
    return any(other.unit == quantity.unit and counted & _counted(other, evidence.tokens) for other in others)


def _counted(quantity: Quantity, tokens: list[Token]) -> frozenset[str]:
    """Stems that may stand for the noun right behind a bare number."""
    after = tokens[quantity.last + 1 : quantity.last + 2]
    if quantity.unit or not after or after[0].line != tokens[quantity.last].line or after[0].is_number or len(after[0].text) < 4:
        return frozenset()
    return synonyms(after[0].stem)


def _context(quantity: Quantity, tokens: list[Token]) -> list[tuple[frozenset[str], int]]:
    """The words around a number, each with the stems that may stand for it and its weight."""
    found = []
    for at in range(max(0, quantity.first - 6), min(len(tokens), quantity.last + 7)):
        token = tokens[at]
        if quantity.first <= at <= quantity.last or token.is_number or len(token.text) < 3 or token.text.lower() in _GLUE:
            continue
        distance = quantity.first - at if at < quantity.first else at - quantity.last
        found.append((synonyms(token.stem), 2 if distance <= 2 else 1))
    return found


_GLUE = frozenset("the and for with from that this our are was were has have had been into over per than more".split())


def _overlap(context: list[tuple[frozenset[str], int]], near: frozenset[str]) -> int:
    return sum(weight for stems, weight in context if not stems.isdisjoint(near))


def _rivals(quantity: Quantity, context: list[tuple[frozenset[str], int]], evidence: Evidence) -> int:
    """The best overlap of the context with a place of the source where another number of this unit stands."""
    lines = {
        evidence.line_of(place) for stems, _ in context for stem in stems for place in evidence.places.get(stem, ())[:24]
    }
    best = 0
    for line in lines:
        known = evidence.quantities_by_line.get(line, ())
        if any(quantity.same_as(other) for other in known):
            continue
        for other in known[:20]:
            if other.unit == quantity.unit:
                best = max(best, _overlap(context, evidence.around(other.first, other.last)))
    return best


# --- credentials ----------------------------------------------------------------------------------------------


def _degrees(line: _Line, text: str, evidence: Evidence) -> Iterator[Claim]:
    for degree in find_degrees(line.tokens, text):
        if not supports_degree(_degrees_here(line, evidence), degree.name):
            start, end = line.tokens[degree.first].start, line.tokens[degree.last].end
            yield Claim(text[start:end], Kind.DEGREE, start, end, "the source names no such degree")


def _degrees_here(line: _Line, evidence: Evidence) -> frozenset[str]:
    """The degrees of the source line that this line retells, if it names any; else of the whole source."""
    content = [token for token in line.tokens if not is_generic(token.stem) and not token.is_number]
    nearest = evidence.nearest_line(content)
    if nearest is None:
        return evidence.degrees
    stems = frozenset(evidence.stems_of_line(nearest))
    shared = sum(not synonyms(token.stem).isdisjoint(stems) for token in content)
    return (shared >= max(3, 0.6 * len(content)) and evidence.degrees_by_line.get(nearest)) or evidence.degrees


def _certificates(line: _Line, text: str, evidence: Evidence) -> Iterator[Claim]:
    """A certificate, told by its section or its words, of which the source lacks a word or does not say it as one."""
    marks = words_of("certificates")
    at = next((n for n, token in enumerate(line.tokens) if token.text.lower() in marks), None)
    if not line.header or (at is None and line.section is not Section.CERTIFICATIONS):
        return
    if find_degrees(line.tokens, text):
        return  # "Secondary School Certificate"
    first, last = _whole_name([at], line.tokens, text) if at is not None else (0, len(line.tokens) - 1)
    words = [n for n in range(first, last + 1) if line.tokens[n].text[0].isupper()]
    missing = [n for n in words if not _known(n, line.tokens, evidence)]
    if missing or (len(words) > 1 and not evidence.near_each_other([title_form(line.tokens[n].text) for n in words])):
        start, end = line.tokens[first].start, line.tokens[last].end
        yield Claim(text[start:end], Kind.CERTIFICATION, start, end, "the source names no such certificate")


def _titles(line: _Line, text: str, evidence: Evidence) -> Iterator[Claim]:
    for title in find_titles(line.tokens, text):
        words, first = title.words, title.first
        known = _supported_skills(line, text, evidence)
        inside = {title_form(t.text) for t in line.tokens[first : title.last + 1] if _inside(t, known)}
        words = tuple(word for word in words if word in evidence.title_places or word not in inside)
        if not words or evidence.near_each_other(words, own=first == 0):
            continue
        opener = line.tokens[first]
        if first == 0 and len(words) > 1 and opener.text.lower().endswith(("ed", "ing")) and evidence.near_each_other(words[1:], own=True):
            continue
        start, end = line.tokens[first].start, line.tokens[title.last].end
        yield Claim(text[start:end], Kind.TITLE, start, end, "the source gives no such title")


def _schools(line: _Line, text: str, evidence: Evidence) -> Iterator[Claim]:
    """Names with the word for a school in them, put together of words that the source does not have together."""
    tokens = line.tokens
    last = -1
    for at, token in enumerate(tokens):
        if at <= last or token.text.lower() not in words_of("schools") or not token.text[0].isupper():
            continue
        first = last = at
        while first > 0 and _in_name(tokens[first - 1], tokens[first], text):
            first -= 1
        while last + 1 < len(tokens) and _in_name(tokens[last + 1], tokens[last], text):
            last += 1
        words = [title_form(t.text) for t in tokens[first : last + 1] if t.text[0].isupper()]
        if len(words) > 1 and not evidence.near_each_other(words):
            start, end = tokens[first].start, tokens[last].end
            yield Claim(text[start:end], Kind.SCHOOL, start, end, "the source names no such school")


def _in_name(token: Token, neighbour: Token, text: str) -> bool:
    between = text[min(token.end, neighbour.end) : max(token.start, neighbour.start)]
    return between in (" ", ". ", "-", " & ") and (token.text[0].isupper() or token.text in ("of", "and", "for", "the"))


def _skills(line: _Line, text: str, evidence: Evidence) -> Iterator[Claim]:
    offset = line.start
    for mention in find_skills(text[offset : line.end]):
        if mention.text.islower() and skill_category(mention.canonical) in _WORDY_SKILLS:
            continue  # ordinary words, judged as such
        if mention.canonical in evidence.skills or mention.text.lower() in evidence.surfaces:
            continue
        inside = [t for t in line.tokens if t.start < offset + mention.end and t.end > offset + mention.start]
        if all(evidence.says(token) for token in inside) and inside:
            continue
        start, end = offset + mention.start, offset + mention.end
        yield Claim(text[start:end], Kind.SKILL, start, end, "the source names no such skill")


# --- verbs ----------------------------------------------------------------------------------------------------


def _verbs(line: _Line, text: str, evidence: Evidence) -> Iterator[Claim]:
    for sentence in _sentences(line.tokens, text):
        found = deeds(sentence)
        for number, (at, strength) in enumerate(found):
            until = next((n for n, _ in found[number + 1 :] if sentence[n].text.lower().endswith("ed")), len(sentence))
            objects = [t for t in sentence[at + 1 : until][:10] if _counts(t)]
            told = _told_strength(objects, evidence)
            if told is not None and strength - told > 0.99:
                token = sentence[at]
                yield Claim(token.text, Kind.VERB_STRENGTH, token.start, token.end, "the source claims less of this")


def _inflations(line: _Line, text: str, evidence: Evidence) -> Iterator[Claim]:
    """Phrases that widen what was done, where the source does not."""
    stems = [token.stem for token in line.tokens]
    for at, first in enumerate(stems):
        for phrase in inflations().get(first, ()):
            if tuple(stems[at : at + len(phrase)]) == phrase and not evidence.says_phrase(phrase):
                start, end = line.tokens[at].start, line.tokens[at + len(phrase) - 1].end
                yield Claim(text[start:end], Kind.STATEMENT, start, end, "the source does not say this")


def _sentences(tokens: list[Token], text: str) -> Iterator[list[Token]]:
    begin = 0
    for at in range(1, len(tokens) + 1):
        if at == len(tokens) or any(sign in text[tokens[at - 1].end : tokens[at].start] for sign in (". ", ";", "\n", "•", "! ")):
            yield tokens[begin:at]
            begin = at


def _counts(token: Token) -> bool:
    return not token.is_number and (len(token.text) > 2 or token.text.isupper()) and token.text.lower() not in _GLUE


def _told_strength(objects: list[Token], evidence: Evidence) -> float | None:
    """The strongest verb that the source has for these objects; None when it does not speak of them in one sentence."""
    if not objects:
        return None
    votes: dict[int, set[int]] = {}
    for number, token in enumerate(objects):
        for place in evidence.places_of(token):
            votes.setdefault(evidence.sentence_of(place), set()).add(number)
    if not votes:
        return None
    most = max(map(len, votes.values()))
    if most < max(1, 0.6 * len(objects)):
        return None
    strongest = 0.0
    for sentence, shared in votes.items():
        if len(shared) == most:
            levels = [strength for _, strength in deeds(evidence.sentence(sentence))]
            strongest = max(strongest, max(levels, default=2.0))
    return strongest


# --- words ----------------------------------------------------------------------------------------------------


def _words(
    line: _Line, text: str, evidence: Evidence, apart: list[tuple[int, int]], found: list[tuple[int, int]]
) -> Iterator[Claim]:
    """Words that the source does not have: names and skills at once, ordinary words when several stand together.

    In a line that has claims already (`found`, their places), every other such word is named.
    """
    tokens = line.tokens
    numbers = {at for quantity in find_quantities(tokens, text) for at in range(quantity.first, quantity.last + 1)}
    skills = _supported_skills(line, text, evidence)
    content = [
        at
        for at, token in enumerate(tokens)
        if at not in numbers and not token.is_number and not is_generic(token.stem) and not _inside(token, apart)
    ]
    skills += [(tokens[d.first].start, tokens[d.last].end) for d in find_degrees(tokens, text)]  # judged apart
    novel = [at for at in content if not _inside(tokens[at], skills + found) and not _known(at, tokens, evidence)]
    if not novel:
        return
    share = len(novel) / len(content)
    hard = {at for at in novel if _is_hard(at, tokens, line, text) and not _same_matter(at, line, evidence)}
    novel = [at for at in novel if at in hard or not evidence.has_prefix(tokens[at].text.lower()[:6])]
    runs = _runs(novel, tokens, text)
    many = share >= 0.5 and len(content) <= 3 or share >= 0.4 and len(novel) >= 3
    suspect = [run for run in runs if many or len(run) > 1 or not hard.isdisjoint(run) or _is_fact(run[0], tokens)]
    for run in runs if found or suspect else ():
        kind = _kind(run, tokens, line, not hard.isdisjoint(run))
        first, last = _whole_name(run, tokens, text) if not line.lists else (run[0], run[-1])
        start, end = tokens[first].start, tokens[last].end
        yield Claim(text[start:end], kind, start, end, "the source does not say this")


def _whole_name(run: list[int], tokens: list[Token], text: str) -> tuple[int, int]:
    """The tokens (first, last) of the name that these words belong to: "Bluepeak Software", though Software is known."""
    first, last = run[0], run[-1]
    while tokens[first].text[0].isupper() and first > 0 and _continues(tokens[first - 1], tokens[first], text):
        first -= 1
    while tokens[last].text[0].isupper() and last + 1 < len(tokens) and _continues(tokens[last + 1], tokens[last], text):
        last += 1
    return first, last


def _continues(token: Token, neighbour: Token, text: str) -> bool:
    between = text[min(token.end, neighbour.end) : max(token.start, neighbour.start)]
    return between == " " and token.text[0].isupper() and (token.start > neighbour.start or not is_generic(token.stem))


def _same_matter(at: int, line: _Line, evidence: Evidence) -> bool:
    """Whether the nearest source line has another word on the same matter: `recognised` for `won ... award`."""
    about = stakes().get(line.tokens[at].stem)
    if about not in ("recognition", "outcome"):
        return False
    nearest = evidence.nearest_line(line.tokens)
    return nearest is not None and any(stakes().get(stem) == about for stem in evidence.stems_of_line(nearest))


_LOOSE_ENDINGS = ("ly", "ed", "ing", "ive", "ous", "ful", "able", "ible")  # of verbs, adverbs and adjectives: how, not what


def _is_fact(at: int, tokens: list[Token]) -> bool:
    """Whether a single ordinary word may be a thing of its own that the source does not know: a noun, and no variant."""
    word = tokens[at].text.lower()
    opens = at == 0
    return not (opens or len(word) < 4 or word.endswith(_LOOSE_ENDINGS))


def _inside(token: Token, spans: list[tuple[int, int]]) -> bool:
    return any(first <= token.start < last for first, last in spans)


def _supported_skills(line: _Line, text: str, evidence: Evidence) -> list[tuple[int, int]]:
    """Where the line names a skill that the source has, under whatever name."""
    mentions = find_skills(text[line.start : line.end])
    return [(line.start + m.start, line.start + m.end) for m in mentions if m.canonical in evidence.skills]


def _known(at: int, tokens: list[Token], evidence: Evidence) -> bool:
    token = tokens[at]
    if evidence.says(token) or (token.stem not in stakes() and is_weighed(token.stem)):
        return True
    if at and evidence.says_joined(tokens[at - 1], token):
        return True
    if at + 1 < len(tokens) and evidence.says_joined(token, tokens[at + 1]):
        return True
    return _spelt_out(at, tokens, evidence)


def _spelt_out(at: int, tokens: list[Token], evidence: Evidence) -> bool:
    """Whether this word is part of what an abbreviation of the source stands for."""
    for size in (3, 4, 5):
        for first in range(max(0, at - size + 1), min(at, len(tokens) - size) + 1):
            if "".join(token.text[0] for token in tokens[first : first + size]).lower() in evidence.capitals:
                return True
    return False


def _runs(novel: list[int], tokens: list[Token], text: str) -> list[list[int]]:
    """Novel words that stand together, with nothing but small words between them."""
    runs: list[list[int]] = []
    for at in novel:
        if runs and all(is_generic(t.stem) for t in tokens[runs[-1][-1] + 1 : at]) and at - runs[-1][-1] <= 4:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


_OPENERS = (".", ":", "!", ";", "•", "-", "–")


def _is_hard(at: int, tokens: list[Token], line: _Line, text: str) -> bool:
    """Whether one such word is a claim by itself: a name, a skill, or a word that always states a fact."""
    token = tokens[at]
    word = token.text
    if token.stem in stakes() or line.lists or title_form(word) in words_of("titles"):
        return True
    if any(sign.isupper() or sign.isdigit() or sign in "+#" for sign in word[1:]):
        return True
    opens = at == 0 or text[tokens[at - 1].end : token.start].strip(" \"'(") in _OPENERS
    opens = opens and not (line.header and at and text[token.start - 2 : token.start] in ("- ", "– "))
    return word[0].isupper() and not opens


def _kind(run: list[int], tokens: list[Token], line: _Line, hard: bool) -> Kind:
    words = {token.text.lower().strip(".") for token in tokens[max(0, run[0] - 3) : run[-1] + 4]}
    forms = {title_form(tokens[at].text) for at in run}
    if words & words_of("certificates") or line.section is Section.CERTIFICATIONS:
        return Kind.CERTIFICATION
    if words & words_of("schools") or line.section is Section.EDUCATION:
        return Kind.SCHOOL
    if words & words_of("employers"):
        return Kind.EMPLOYER
    if forms & words_of("titles"):
        return Kind.TITLE
    if line.section is Section.PROJECTS:
        return Kind.PROJECT
    if not hard or any(tokens[at].stem in stakes() for at in run):
        return Kind.STATEMENT
    if line.lists or line.section is Section.SKILLS:
        return Kind.SKILL
    if line.header and line.section is not None and any(char.isdigit() for t in tokens for char in t.text):
        return Kind.EMPLOYER
    return Kind.SKILL


# --- reporting ------------------------------------------------------------------------------------------------


def _without_overlaps(claims: Iterable[Claim]) -> list[Claim]:
    """Of claims that overlap, the first that was made; in order of place."""
    kept: list[Claim] = []
    for claim in claims:
        if all(claim.end <= other.start or claim.start >= other.end for other in kept):
            kept.append(claim)
    return sorted(kept, key=lambda claim: claim.start)


def _explained(claim: Claim, tokens: list[Token], evidence: Evidence, offered: frozenset[str]) -> Claim:
    """The claim with the source line that comes nearest, and a word on the posting where it may come from there."""
    inside = [token for token in tokens if claim.start <= token.start < claim.end]
    why = claim.why
    if any(token.stem in offered and not is_generic(token.stem) and not evidence.says(token) for token in inside):
        why += "; the posting does"
    same_line = [token for token in tokens if inside and token.line == inside[0].line]
    line = evidence.nearest_line(same_line)
    if line is None:
        return replace(claim, why=why)
    return replace(claim, why=why, source_line=line + 1, nearest=evidence.lines[line] if line < len(evidence.lines) else "")
