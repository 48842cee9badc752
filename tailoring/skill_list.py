"""The skills section: every skill that the resume states, the posting's first, none added.

Skills of the lexicon stand under their canonical name; other entries of the resume's own skills section as written.
"""

import re
from collections.abc import Sequence

from tailoring.lines import split_marker
from tailoring.parsed import ParsedResume
from tailoring.skills import SOFT_SKILLS, find_skills, skill_category
from tailoring.statements import is_debris
from tailoring.vocabulary import is_place, word_list, words_of
from tailoring.wording import function_words, opening

MOST = 25
_MOST_SOFT = 4
_LONGEST_TERM = 4  # words; longer entries are sentences
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LEVEL = re.compile(r"\s*\([^()]*\)?\s*$|^(?:and|&|or|etc\.?|e\.g\.?)\s+|\s+etc\.?$", re.IGNORECASE)


def skill_list(parsed: ParsedResume, wanted: Sequence[str]) -> list[str]:
    """At most 25 skills: those in `wanted` in its order, then the others in the resume's order, soft skills last."""
    place = {skill: number for number, skill in enumerate(wanted)}
    stated = [*(skill for term in parsed.skills.terms for skill in _skills_of(term)), *parsed.skills.canonical]
    distinct = list({_key(skill): skill for skill in reversed(stated)}.values())[::-1]
    ordered = sorted(distinct, key=lambda skill: place.get(skill, len(place)))
    soft = [skill for skill in ordered if _is_soft(skill)]
    return [*(skill for skill in ordered if skill not in soft), *soft[:_MOST_SOFT]][:MOST]


def _is_soft(skill: str) -> bool:
    known = find_skills(skill)
    return bool(known) and all(skill_category(mention.canonical) == SOFT_SKILLS for mention in known)


def _skills_of(term: str) -> list[str]:
    """The skills that an entry of the skills section names: known ones by their canonical names, else the entry."""
    known = [mention.canonical for mention in find_skills(term)]
    name = _term(term)
    return known or ([name] if name else [])


def _term(written: str) -> str:
    """An entry of a skills section that the lexicon does not know; "" for what is no short name of a skill."""
    term = " ".join(_LEVEL.sub("", split_marker(written)[1]).split()).strip(" .,:;-–*•")
    words = term.split()
    if (
        not 1 <= len(words) <= _LONGEST_TERM
        or len(term) < 2
        or is_debris(term)
        or not function_words().isdisjoint(term.lower().split())
        or (len(words) > 1 and opening(term)[0] in ("action", "weak"))
        or not term[0].isalnum()
        or _YEAR.search(term)
        or is_place(term)
        or not word_list("school_words").isdisjoint(words_of(term))
    ):
        return ""
    return " ".join(word.capitalize() if word.isupper() and len(word) > 5 else word for word in words)


def _key(skill: str) -> str:
    return "".join(filter(str.isalnum, skill.casefold())) or skill
