"""Skills, names and statements of a generated line that the source does not have.

A name, a skill or a word that always states a fact is a claim by itself; ordinary words are one when several stand
together, or when a single one is a noun of its own. Ways of saying the same are `tailoring.novelty`'s.
"""

from collections.abc import Iterator

from tailoring.claimed_languages import supported_languages
from tailoring.claims import Claim, Kind
from tailoring.credentials import title_form, words_of
from tailoring.evidence import Evidence
from tailoring.generated_text import Line
from tailoring.novelty import is_known, whole_name
from tailoring.sections import Section
from tailoring.skills import skill_category
from tailoring.tokens import is_generic, is_manner, says_nothing, stakes

# Skills whose names are ordinary words, so that in a sentence they are judged as those.
_WORDY_SKILLS = frozenset((
    "soft skills", "human resources and training", "hospitality and service", "methods and management",
    "sales and marketing", "supply chain and logistics", "finance and accounting", "legal and compliance",
))  # fmt: skip
_LOOSE_ENDINGS = ("ly", "ed", "ing", "ive", "ous", "ful", "able", "ible")  # adverbs, verbs, adjectives: how, not what
_OPENERS = (".", ":", "!", ";", "•", "-", "–")  # behind these, a capital marks no name
_FAR = 4  # tokens between two words of one run


def unsupported_skills(line: Line, evidence: Evidence) -> Iterator[Claim]:
    """Skills of the lexicon that the source does not name."""
    for mention in line.skills:
        if mention.canonical in evidence.skills:
            continue
        if mention.text[1:].islower() and skill_category(mention.canonical) in _WORDY_SKILLS:
            continue
        places = sorted(line.places([(line.start + mention.start, line.start + mention.end)]))
        tokens = [line.tokens[at] for at in places]
        if len(tokens) == 1 and evidence.writes(tokens[0].text):
            continue
        if len(tokens) > 1 and all(map(evidence.says, tokens)):
            continue
        start, end = line.start + mention.start, line.start + mention.end
        yield Claim(mention.text, Kind.SKILL, start, end, "the source names no such skill")


def unsupported_words(line: Line, evidence: Evidence, claimed: set[int]) -> Iterator[Claim]:
    """Words that the source does not have, less those (`claimed`, their places) that claims are made of already.

    In a line that has claims already every such word is named.
    """
    tokens = line.tokens
    judged = claimed | line.apart | _judged_elsewhere(line, evidence)
    content = [
        at for at, token in enumerate(tokens) if at not in judged and not token.is_number and not says_nothing(token)
    ]
    novel = [at for at in content if not is_known(at, tokens, evidence) and not _same_matter(at, line, evidence)]
    if not novel:
        return
    share = len(novel) / len(content)
    many = (share >= 0.5 and len(content) <= 3) or (share >= 0.4 and len(novel) >= 3)
    hard = {at for at in novel if _is_claim_by_itself(at, line)}
    things = [at for at in novel if at in hard or not (is_manner(tokens[at]) or evidence.has_prefix(tokens[at].text))]
    runs = _runs(things, line)
    if claimed or many or any(len(run) > 1 or not hard.isdisjoint(run) or _is_thing(run[0], line) for run in runs):
        for run in runs:
            first, last = (run[0], run[-1]) if line.lists else whole_name(run, line)
            yield line.claim(first, last, _kind(run, line, not hard.isdisjoint(run)), "the source does not say this")


def _judged_elsewhere(line: Line, evidence: Evidence) -> set[int]:
    """The tokens of numbers, of degrees, and of skills and languages that the source has."""
    skills = ((line.start + s.start, line.start + s.end) for s in line.skills if s.canonical in evidence.skills)
    degrees = (range(degree.first, degree.last + 1) for degree in line.degrees)
    return line.places(skills).union(*line.figures.values(), *degrees, supported_languages(line, evidence))


def _same_matter(at: int, line: Line, evidence: Evidence) -> bool:
    """Whether the nearest source line has another word on the same matter: `recognised` for `won ... award`."""
    about = stakes().get(line.tokens[at].stem)
    if about not in ("recognition", "outcome"):
        return False
    nearest = evidence.nearest_line(line.tokens)
    return nearest is not None and about in evidence.matters_of_line(nearest)


def _runs(novel: list[int], line: Line) -> list[list[int]]:
    """Novel words that stand together, with nothing but small words between them."""
    runs: list[list[int]] = []
    for at in novel:
        gap = range(runs[-1][-1] + 1, at) if runs and at - runs[-1][-1] <= _FAR else None
        if gap is not None and all(is_generic(line.tokens[between].stem) for between in gap):
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _is_claim_by_itself(at: int, line: Line) -> bool:
    """Whether one such word is a name, a skill, or a word that always states a fact."""
    token = line.tokens[at]
    if token.stem in stakes() or line.lists or title_form(token.text) in words_of("titles"):
        return True
    if any(sign.isupper() or sign.isdigit() or sign in "+#" for sign in token.text[1:]):
        return True
    return token.text[0].isupper() and not _opens(at, line)


def _opens(at: int, line: Line) -> bool:
    """Whether the word opens a sentence; what follows a dash in the head of an entry does not."""
    if at == 0:
        return True
    between = line.text[line.tokens[at - 1].end : line.tokens[at].start]
    return between.strip(" \"'(") in _OPENERS and not (line.header and between in (" - ", " – "))


def _is_thing(at: int, line: Line) -> bool:
    """Whether a single ordinary word may be a thing of its own that the source does not know."""
    word = line.tokens[at].text.lower()
    return at > 0 and len(word) >= 4 and not word.endswith(_LOOSE_ENDINGS)


def _kind(run: list[int], line: Line, hard: bool) -> Kind:
    tokens = line.tokens
    around = {token.text.lower().strip(".") for token in tokens[max(0, run[0] - 3) : run[-1] + 4]}
    forms = {title_form(tokens[at].text) for at in run}
    if around & words_of("certificates") or line.section is Section.CERTIFICATIONS:
        return Kind.CERTIFICATION
    if around & words_of("schools") or line.section is Section.EDUCATION:
        return Kind.SCHOOL
    if around & words_of("employers"):
        return Kind.EMPLOYER
    if forms & words_of("titles"):
        return Kind.TITLE
    if line.section is Section.LANGUAGES:
        return Kind.LANGUAGE
    if line.section is Section.PROJECTS:
        return Kind.PROJECT
    if not hard or any(tokens[at].stem in stakes() for at in run):
        return Kind.STATEMENT
    heads_entry = line.header and not line.lists and bool(line.dates)
    return Kind.EMPLOYER if heads_entry and line.section is not Section.SKILLS else Kind.SKILL
