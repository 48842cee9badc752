"""Fairness: do the judges answer the same when a person's name, pronouns or the standing of the school are others?

Swaps these in the resume and the generated text alike, and compares what the three judges say before and after. The
names and schools are in `data/fairness.yaml`. What the judges look at is their own business.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tailoring.ats_score import score
from tailoring.fit import job_fit
from tailoring.parsing import parse_resume
from tailoring.resume import Contact
from tailoring.skills import find_skills
from tailoring.truthfulness import check
from tailoring.vocabulary import load_data
from tailoring.wording import function_words


class Swap(StrEnum):
    """What was swapped."""

    NAME = "name"
    PRONOUNS = "pronouns"
    SCHOOL = "school"


@dataclass(frozen=True, slots=True)
class Judgements:
    """What the three judges say of a document: totals and points by part, skills found, unsupported claims by kind.

    `unsupported` is None where nothing was generated, so that there was nothing to trace.
    """

    ats_score: float
    ats_checks: dict[str, float]
    job_fit: float
    fit_parts: dict[str, float]
    matched_skills: tuple[str, ...]
    unsupported: dict[str, int] | None


@dataclass(frozen=True, slots=True)
class Change:
    """One swap of `was` for `became`, and the judgements on either side of it."""

    swap: Swap
    was: str
    became: str
    before: Judgements
    after: Judgements

    def differences(self) -> list[str]:
        """What changed, for people: `ats spelling: 3.2 -> 2.9`; empty where nothing did."""
        before, after = _by_name(self.before), _by_name(self.after)
        pairs = ((name, before.get(name, 0), after.get(name, 0)) for name in dict.fromkeys((*before, *after)))
        return [f"{name}: {old} -> {new}" for name, old, new in pairs if old != new]


@dataclass(frozen=True, slots=True)
class FairnessReport:
    """Every swap that was tried; none of schools where the resume names no school."""

    changes: tuple[Change, ...]


def fairness_report(resume: str, posting: str, generated: str | None = None) -> FairnessReport:
    """Judges the document, `generated` or else the resume itself, again after each swap.

    A resume without a name gets one on top, to be swapped; one that speaks of no he or she states pronouns behind the
    name. The posting is left alone.
    """
    texts = _Texts(resume, generated)
    contact = parse_resume(resume).contact.contact
    if not contact.name:
        added = _names()[0]
        contact = Contact(name=added.full, email=added.address, phone="", location="", links=[])
        texts = texts.changed(lambda text: f"{contact.name}\n{contact.email}\n{text}")
    as_written = texts.judged(posting)
    changes = [
        Change(swap, was, became, as_written, changed.judged(posting))
        for swap, was, became, changed in (*_renamings(texts, contact, posting), *_regenderings(texts, contact))
    ]
    schools = _schools(texts)
    for was, became in _pairs_of_schools() if schools else ():
        before, after = (texts.changed(_replacing(schools, to)) for to in (was, became))
        changes.append(Change(Swap.SCHOOL, was, became, before.judged(posting), after.judged(posting)))
    return FairnessReport(tuple(changes))


def unfair(report: FairnessReport) -> list[Change]:
    """The swaps that changed any judgement at all."""
    return [change for change in report.changes if change.before != change.after]


@dataclass(frozen=True, slots=True)
class _Texts:
    """The source and what was generated from it."""

    resume: str
    generated: str | None

    def changed(self, change: Callable[[str], str]) -> "_Texts":
        return _Texts(change(self.resume), None if self.generated is None else change(self.generated))

    def judged(self, posting: str) -> Judgements:
        document = self.resume if self.generated is None else self.generated
        ats, fit = score(document), job_fit(document, posting)
        claims = None if self.generated is None else check(self.resume, self.generated, posting).unsupported
        return Judgements(
            ats_score=ats.total,
            ats_checks={each.name: each.points for each in ats.checks},
            job_fit=fit.score,
            fit_parts={part.name: part.points for part in fit.parts},
            matched_skills=fit.matched,
            unsupported=None if claims is None else dict(Counter(claim.kind.value for claim in claims)),
        )


def _by_name(judgements: Judgements) -> dict[str, float | str]:
    return {
        "ats score": judgements.ats_score,
        **{f"ats {name}": points for name, points in judgements.ats_checks.items()},
        "job fit": judgements.job_fit,
        **{f"fit {name}": points for name, points in judgements.fit_parts.items()},
        "matched skills": ", ".join(judgements.matched_skills),
        **{f"unsupported {kind}": count for kind, count in (judgements.unsupported or {}).items()},
    }


# --- names -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Name:
    first: str
    last: str

    @property
    def full(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def address(self) -> str:
        return f"{_ascii(self.first)}.{_ascii(self.last)}@example.org"


def _names() -> list[_Name]:
    return [_Name(entry["first"], entry["last"]) for entry in load_data("fairness.yaml")["names"]]


def _ascii(name: str) -> str:
    """The name as addresses spell it: `José` is "jose"."""
    plain = unicodedata.normalize("NFKD", name.casefold()).translate({ord("ı"): "i", ord("ø"): "o", ord("ł"): "l"})
    return "".join(sign for sign in plain if sign.isascii() and sign.isalnum())


def _renamings(texts: _Texts, contact: Contact, posting: str) -> Iterator[tuple[Swap, str, str, _Texts]]:
    written = contact.name.partition(",")[0].split()  # without the degrees behind it
    was = _Name(written[0], written[-1])
    alone = [part for part in (was.first, was.last) if not _means_more(part, (texts.resume, posting))]
    for name in _names():
        spellings = {" ".join(written): name.full, was.full: name.full}
        for address in (contact.email, *contact.links):
            spellings[address] = _readdressed(address, was, name)
        parts = {part: to for part, to in ((was.first, name.first), (was.last, name.last)) if part in alone}
        yield Swap.NAME, contact.name, name.full, texts.changed(_replacing_name(spellings, parts))


def _means_more(part: str, texts: tuple[str, ...]) -> bool:
    """Whether a part of a name is a word besides (Will, Ruby, May), so that only the whole name can be told apart."""
    as_word = re.compile(rf"(?<![\w.@/-]){re.escape(part.lower())}(?![\w@/]|[.-]\w)")
    return len(part) < 3 or bool(find_skills(part)) or any(as_word.search(text) for text in texts)


def _readdressed(address: str, was: _Name, name: _Name) -> str:
    parts = {_ascii(was.first): _ascii(name.first), _ascii(was.last): _ascii(name.last)}
    start, at, host = address.partition("@")
    pattern = re.compile("|".join(map(re.escape, sorted(filter(None, parts), key=len, reverse=True))), re.IGNORECASE)
    return pattern.sub(lambda found: parts[found[0].lower()], start) + at + host if any(parts) else address


def _replacing_name(spellings: dict[str, str], parts: dict[str, str]) -> Callable[[str], str]:
    """Replaces whole names and addresses in any case, single parts only where they are capitalised."""
    new = {old.casefold(): to for old, to in (*parts.items(), *spellings.items()) if old}
    alone = {part.casefold() for part in parts}
    pattern = _any_of(new)

    def replaced(found: re.Match[str]) -> str:
        old = found[0]
        if old.islower() and old in alone:
            return old
        to = new[old.casefold()]
        return to.upper() if old.isupper() else to

    return lambda text: pattern.sub(replaced, text)


def _any_of(spellings: dict[str, str]) -> re.Pattern[str]:
    longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


# --- pronouns --------------------------------------------------------------------------------------------------------

_SPOKEN = {
    "he": re.compile(
        r"\b(?:(?P<subject>he)|(?P<object>him)|(?P<possessive>his)|(?P<reflexive>himself))\b", re.IGNORECASE
    ),
    "she": re.compile(
        r"\b(?:(?P<subject>she)|her\b(?=\s+(?P<owned>\w+))|(?P<object>her)|(?P<reflexive>herself))\b", re.IGNORECASE
    ),
}


def _regenderings(texts: _Texts, contact: Contact) -> Iterator[tuple[Swap, str, str, _Texts]]:
    """He and she become each of the others; where there is neither, the pronouns are stated behind the name."""
    spoken = next((word for word, pattern in _SPOKEN.items() if pattern.search(texts.resume)), None)
    for pronouns in load_data("fairness.yaml")["pronouns"]:
        if spoken is None:
            yield Swap.PRONOUNS, "none stated", pronouns["stated"], texts.changed(_stating(contact.name, pronouns))
        elif spoken != pronouns["subject"]:
            yield Swap.PRONOUNS, spoken, pronouns["subject"], texts.changed(_speaking(_SPOKEN[spoken], pronouns))


def _stating(name: str, pronouns: dict[str, str]) -> Callable[[str], str]:
    return lambda text: text.replace(name, f"{name} ({pronouns['stated']})", 1)


def _speaking(pattern: re.Pattern[str], pronouns: dict[str, str]) -> Callable[[str], str]:
    return lambda text: pattern.sub(lambda found: _pronoun(found, pronouns), text)


def _pronoun(found: re.Match[str], pronouns: dict[str, str]) -> str:
    kind = found.lastgroup or "subject"
    if kind == "owned":
        kind = "object" if found["owned"].lower() in function_words() else "possessive"
    new = pronouns[kind]
    return new.capitalize() if found[0][0].isupper() else new


# --- schools ---------------------------------------------------------------------------------------------------------


def _pairs_of_schools() -> list[tuple[str, str]]:
    return [(known, unknown) for known, unknown in load_data("fairness.yaml")["schools"]]


def _schools(texts: _Texts) -> list[str]:
    """The schools of the resume and of what was generated, as written."""
    written = (texts.resume, texts.generated or "")
    found = (entry.school for text in written for entry in parse_resume(text).education)
    return list(dict.fromkeys(filter(None, found)))


def _replacing(spellings: list[str], to: str) -> Callable[[str], str]:
    pattern = _any_of(dict.fromkeys(spellings, to))
    return lambda text: pattern.sub(to, text)
