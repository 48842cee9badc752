"""The skills section: every skill that the resume states, the posting's first, none added.

A skill stands under its canonical name only where the resume uses that name: the resume's "Oracle" stays "Oracle",
since "Oracle Database" may be more than the person meant.
"""

import re
from collections.abc import Container, Sequence

from tailoring.lines import split_marker
from tailoring.parsed import ParsedResume
from tailoring.parsing import canonical_skills
from tailoring.skills import SOFT_SKILLS, find_skills, skill_category
from tailoring.statements import is_debris
from tailoring.vocabulary import is_place, word_list, words_of
from tailoring.wording import function_words, opening

MOST = 25
_MOST_SOFT = 4
_LONGEST_TERM = 4  # words; longer entries are sentences
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LEVEL = re.compile(r"\s*\([^()]*\)?\s*$|^(?:and|&|or|etc\.?|e\.g\.?)\s+|(?:^|\s+)etc\.?$", re.IGNORECASE)


def skill_list(parsed: ParsedResume, wanted: Sequence[str]) -> list[str]:
    """At most 25 skills: those in `wanted` in its order, then the others in the resume's order, soft skills last."""
    text = "\n".join(parsed.lines)
    written: dict[str, str] = {}  # canonical name -> first mention
    for mention in find_skills(text):
        written.setdefault(mention.canonical, mention.text)
    listed = (skill for term in parsed.skills.terms for skill in _skills_of(term, written))
    stated = list(dict.fromkeys([*listed, *canonical_skills(parsed)]))
    place = {skill: number for number, skill in enumerate(wanted)}
    ordered = sorted(stated, key=lambda skill: place.get(skill, len(place)))
    soft = [skill for skill in ordered if skill in written and skill_category(skill) == SOFT_SKILLS]
    hard = [skill for skill in ordered if skill not in soft]
    best = [*hard, *soft[:_MOST_SOFT]][: 2 * MOST]  # some may turn out to be spelled the same
    spelled = [_spelled(skill, written.get(skill, skill), text) for skill in best]
    distinct = {_key(skill): skill for skill in reversed(spelled)}
    return list(reversed(distinct.values()))[:MOST]


def _skills_of(term: str, known: Container[str]) -> list[str]:
    """The skills that an entry of the skills section names: known ones by their canonical names, else the entry."""
    named = [mention.canonical for mention in find_skills(term) if mention.canonical in known]
    name = _term(term)
    return named or ([name] if name else [])


def _spelled(canonical: str, written: str, text: str) -> str:
    """The canonical name where the resume uses it, in whatever case and punctuation, else the resume's own name."""
    used = re.search(rf"(?<!\w){re.escape(canonical)}(?!\w)", text, re.IGNORECASE)
    if used or _key(canonical) == _key(written):
        return canonical
    own = " ".join(written.split())
    return own[0].upper() + own[1:] if own.islower() else own


def _term(written: str) -> str:
    """An entry of a skills section that the lexicon does not know; "" for what is no short name of a skill."""
    term = " ".join(_LEVEL.sub("", split_marker(written)[1]).split()).strip(" ,:;-–*•").rstrip(".")
    if term.count("(") != term.count(")"):
        term = term.strip("() ")
    words = term.split()
    if (
        not 1 <= len(words) <= _LONGEST_TERM
        or len(term) < 2
        or is_debris(term)
        or not function_words().isdisjoint(term.lower().split())
        or (len(words) > 1 and opening(term)[0] == "weak")
        or not term[0].isalnum()
        or _YEAR.search(term)
        or is_place(term)
        or not word_list("school_words").isdisjoint(words_of(term))
    ):
        return ""
    return " ".join(word.capitalize() if word.isupper() and len(word) > 5 else word for word in words)


def _key(skill: str) -> str:
    return "".join(filter(str.isalnum, skill.casefold())) or skill
