"""Resumes ranked against a set of postings: one score for each pair, from titles, wording, skills and levels.

Resumes and postings meet in one space of three parts: what their titles say (for a resume, the titles that it states
and the role labels that came with it), their wording (TF-IDF) and the skills that they name. The parts are weighted
and put side by side, so that one sparse product finds the best postings of a resume. Nothing is learned but the
frequencies of words and skills in the postings; a resume's scores do not depend on other resumes. Where a model of
sentences is at hand and has a weight, it puts the list of a resume's best postings in a new order.
"""

import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt
import polars as pl
from pydantic import BaseModel, ConfigDict, Field, model_validator

from tailoring.assignment import Ranked
from tailoring.meaning import Embed, Meanings
from tailoring.mentions import skill_mentions
from tailoring.resume_titles import stated_titles
from tailoring.terms import chunks, cut, learn_terms
from tailoring.titles import LEVELS, Title, level_of_years, parse_title, title_vector

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_HEAVIEST = 64  # terms kept of a text
_COMMON = 0.3  # share of the postings; words in more of them tell nothing
_ALIKE = 0.35  # cosine of two texts about the same work: from here on, wording counts in full
_UNNAMED_SKILLS = 4.0  # that a posting asks for besides those it names, so that one shared skill is not everything
# By how many levels the resume is above the posting: from six below to six above.
_AGREEMENT = np.array([0, 0, 0, 0, 0.2, 0.6, 1, 0.8, 0.4, 0.1, 0, 0, 0], np.float32)
_UNKNOWN_AGREEMENT = 0.6
_FIRST_TITLES = 3  # of a resume, the most telling first, that may tell its level
_SUMMED_UP = 5  # skills of a text that a model of sentences is told
_NO_TRADE = 0.4  # what a title that names no trade ("Manager") tells, compared with one that does
_YEARS = r"([0-9]+)[ +]{0,3}(?:[Yy]ears|[Yy]rs)"
_YEARS_PATTERN = re.compile(_YEARS)
_MOST_YEARS = 45
_NO_LEVEL = -1
_THREADS = 2
_FEW = 20  # postings; among so few, a word that only one of them has tells something

_SKILL_AXES = {"skill": pl.String, "axis": pl.Int32}

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


class MatchWeights(BaseModel):
    """What counts in a match. The first five count relative to their sum, so that scores stay between 0 and 1."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    title: float = Field(
        0.6, ge=0, description="nearness of the resume's titles and role labels to the posting's title"
    )
    wording: float = Field(0.2, ge=0, description="nearness of the two texts (TF-IDF)")
    skills: float = Field(
        0.15, ge=0, description="share of the posting's skills that the resume names, rarer ones more"
    )
    seniority: float = Field(0.05, ge=0, description="agreement of the levels")
    meaning: float = Field(0, ge=0, description="nearness of titles and skills by a model of sentences; 0: not asked")
    role_labels: float = Field(0.6, ge=0, le=1, description="share of the role labels in what a resume is called")
    least: float = Field(0.1, ge=0, le=1, description="the lowest score of a pair that makes sense")

    @model_validator(mode="after")
    def _some_weight(self) -> Self:
        if not self.title + self.wording + self.skills > 0:
            raise ValueError("one of title, wording and skills must be above 0")
        return self


@dataclass(frozen=True, slots=True)
class Profile:
    """What was read of a text for matching: its titles, the most telling first, its level, its skills."""

    titles: tuple[str, ...]
    level: int | None
    skills: tuple[str, ...]

    @property
    def summary(self) -> str:
        """The titles and skills in a line, for a model of sentences; "" when there are none."""
        parts = "; ".join(self.titles[:_FIRST_TITLES]), ", ".join(self.skills[:_SUMMED_UP])
        return ". ".join(filter(None, parts))


class PostingIndex:
    """Postings prepared for ranking; needs the columns title, description, skills_desc and experience_level.

    Raises ValueError where meaning has a weight and `embed`, which gives the vectors, is missing.
    """

    def __init__(self, postings: pl.DataFrame, weights: MatchWeights, embed: Embed | None = None) -> None:
        from scipy.sparse import csr_matrix, vstack

        if weights.meaning and not embed:
            raise ValueError("meaning has a weight, and no model of sentences is given")
        self.meanings = Meanings(embed) if embed and weights.meaning else None

        total = weights.title + weights.wording + weights.skills + weights.seniority
        texts = postings.select(
            pl.concat_str("title", "title", "description", "skills_desc", separator="\n", ignore_nulls=True)
        ).to_series()
        titles = [parse_title(title) for title in postings["title"]]
        skills: list[tuple[str, ...]] = []
        wording = []
        self._terms = learn_terms(texts, least=1 if len(texts) < _FEW else 2, most=_COMMON, heaviest=_HEAVIEST)
        for chunk in chunks(texts):
            words = cut(texts[chunk])
            skills += _by_row(skill_mentions(words), chunk.stop - chunk.start)
            wording.append(self._terms.vectors(words, chunk.stop - chunk.start))
        levels = [_posting_level(*row) for row in zip(titles, postings["experience_level"], texts, strict=True)]
        self.profiles = [
            Profile((title.text,), level, named) for title, level, named in zip(titles, levels, skills, strict=True)
        ]
        self._levels = np.array([_NO_LEVEL if level is None else level for level in levels])
        self._role_labels = weights.role_labels
        self._least = weights.least
        self._seniority = weights.seniority / total
        self._meaning = weights.meaning / (total + weights.meaning)
        self._title_axes = _axes(axis for title in titles for axis in title_vector(title))
        skill_axes = _axes(skill for named in skills for skill in named)
        self._skill_axes = pl.DataFrame({"skill": skill_axes.keys(), "axis": skill_axes.values()}, _SKILL_AXES)
        self._postings = csr_matrix(
            vstack(
                [
                    _matrix([title_vector(title) for title in titles], self._title_axes).T * (weights.title / total),
                    vstack(wording).T * (weights.wording / total / _ALIKE),
                    _matrix(_asked(skills), skill_axes).T * (weights.skills / total),
                ]
            )
        )

    def rank(self, texts: pl.Series, roles: pl.Series, many: int) -> Iterator[tuple[Profile, Ranked]]:
        """For each resume, what was read of it and its `many` best postings, those without anything in common left out.

        `roles` holds each resume's role labels, joined by ";", or "".
        """
        with ThreadPoolExecutor(_THREADS) as pool:  # polars and the product work outside Python's lock
            for ranked in pool.map(lambda chunk: self._rank_chunk(texts[chunk], roles[chunk], many), chunks(texts)):
                yield from self._by_meaning(ranked, self.meanings) if self.meanings else ranked

    def _by_meaning(
        self, ranked: Sequence[tuple[Profile, Ranked]], meanings: Meanings
    ) -> Iterator[tuple[Profile, Ranked]]:
        """The same candidates, in the order of their scores with meaning."""
        wanted = {posting for _, (_, postings) in ranked for posting in postings.tolist()}
        meanings.learn(
            [
                profile.summary
                for profile in (*(each for each, _ in ranked), *(self.profiles[at] for at in sorted(wanted)))
            ]
        )
        for profile, (scores, postings) in ranked:
            near = meanings.nearness(profile.summary, [self.profiles[at].summary for at in postings])
            yield profile, _in_order((1 - self._meaning) * scores + self._meaning * near, postings)

    def _rank_chunk(self, texts: pl.Series, labels: pl.Series, many: int) -> list[tuple[Profile, Ranked]]:
        from scipy.sparse import csr_matrix, hstack
        from sparse_dot_topn import sp_matmul_topn

        words = cut(texts)
        roles = list(map(_labels, labels))
        stated = stated_titles(texts, words)
        mentions = skill_mentions(words)
        skills = _by_row(mentions, len(roles))
        parts = [
            _matrix([self._called(*each) for each in zip(roles, stated, strict=True)], self._title_axes),
            self._terms.vectors(words, len(roles)),
            self._skill_matrix(mentions, len(roles)),
        ]
        best = sp_matmul_topn(csr_matrix(hstack(parts)), self._postings, top_n=many, sort=True)
        ranked = []
        for row, years in enumerate(texts.str.extract_all(_YEARS)):
            titles = (*roles[row], *(title for title, _ in stated[row]))
            profile = Profile(titles, _resume_level(stated[row], years), skills[row])
            span = slice(best.indptr[row], best.indptr[row + 1])
            ranked.append((profile, self._with_levels(profile.level, best.data[span], best.indices[span])))
        return ranked

    def _skill_matrix(self, mentions: pl.DataFrame, rows: int) -> "csr_matrix":
        """One row for each resume: 1 for each skill that it names and some posting asks for."""
        from scipy.sparse import csr_matrix

        known = mentions.join(self._skill_axes, on="skill")
        where = (known["row"].to_numpy(), known["axis"].to_numpy())
        return csr_matrix((np.ones(known.height, np.float32), where), shape=(rows, self._skill_axes.height))

    def _called(self, labels: Sequence[str], stated: Sequence[tuple[str, float]]) -> dict[str, float]:
        """What a resume is called, by itself and by its labels, as a vector as long (up to 1) as that is sure."""
        by_itself = self._by_itself(stated)
        if not labels:
            return by_itself
        by_others: dict[str, float] = defaultdict(float)
        for label in labels:
            for axis, weight in title_vector(parse_title(label)).items():
                by_others[axis] += weight
        both: dict[str, float] = defaultdict(float)
        for share, vector in ((1 - self._role_labels, by_itself), (self._role_labels, _unit(by_others))):
            for axis, weight in vector.items():
                both[axis] += share * weight
        return _unit(both)

    def _by_itself(self, stated: Sequence[tuple[str, float]]) -> dict[str, float]:
        """The titles that a resume states, each for what it tells, as one vector.

        Words that no posting's title has are left out; a trade that none has makes the others less near.
        """
        called: dict[str, float] = defaultdict(float)
        sure = 0.0
        for text, telling in stated:
            title = parse_title(text)
            share = telling if title.families else _NO_TRADE * telling
            sure += share
            for axis, weight in title_vector(title).items():
                if axis in self._title_axes or not axis.startswith("word:"):
                    called[axis] += share * weight
        return {axis: min(1, sure) * weight for axis, weight in _unit(called).items()}

    def _with_levels(self, level: int | None, scores: Floats, postings: Ints) -> Ranked:
        """The candidates in the order of their full scores."""
        asked = self._levels[postings]
        agreement = np.full(len(postings), _UNKNOWN_AGREEMENT, np.float32)
        if level is not None:
            known = asked != _NO_LEVEL
            agreement[known] = _AGREEMENT[level - asked[known] + len(LEVELS)]
        full, postings = _in_order(np.minimum(scores + self._seniority * agreement, 1), postings)
        enough = full >= self._least
        return full[enough], postings[enough]


def _in_order(scores: Floats, postings: Ints) -> Ranked:
    """From the best to the worst; scores that differ by no more than rounding are equal."""
    scores = scores.round(6)
    order = np.lexsort((postings, -scores))
    return scores[order], postings[order]


def _by_row(mentions: pl.DataFrame, rows: int) -> list[tuple[str, ...]]:
    """The skills of each row, from columns row and skill. A skill is one string in memory, however often named."""
    found: list[tuple[str, ...]] = [()] * rows
    for row, skills in mentions.group_by("row", maintain_order=True).agg("skill").iter_rows():
        found[row] = tuple(map(sys.intern, skills))
    return found


def _asked(skills: Sequence[tuple[str, ...]]) -> list[dict[str, float]]:
    """What each skill is worth to each posting: its rarity (idf) as a share of all that the posting asks for."""
    known = Counter(skill for named in skills for skill in named)
    rarity = {skill: math.log((1 + len(skills)) / (1 + count)) + 1 for skill, count in known.items()}
    asked = []
    for named in skills:
        total = sum(rarity[skill] for skill in named)
        unnamed = _UNNAMED_SKILLS * total / len(named) if named else 0.0
        asked.append({skill: rarity[skill] / (total + unnamed) for skill in named})
    return asked


def _posting_level(title: Title, experience_level: str | None, text: str) -> int | None:
    """The level in the title, else the one stated beside it, else the one that the years asked for amount to."""
    if title.level is not None:
        return title.level
    if experience_level and (stated := parse_title(experience_level).level) is not None:
        return stated
    years = _YEARS_PATTERN.search(text)
    return level_of_years(int(years[1])) if years else None


def _resume_level(stated: Sequence[tuple[str, float]], years: Sequence[str]) -> int | None:
    """The level in one of the most frequent titles, else the one that the most years claimed amount to."""
    for title, _ in stated[:_FIRST_TITLES]:
        level = parse_title(title).level
        if level is not None:
            return level
    claimed = [int(number) for match in years if len(number := match.rstrip(" +YyEeArRsS")) <= 2]
    claimed = [number for number in claimed if number <= _MOST_YEARS]
    return level_of_years(max(claimed)) if claimed else None


def _labels(roles: str) -> list[str]:
    return [label.strip() for label in roles.split(";") if label.strip()]


def _unit(vector: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {axis: weight / length for axis, weight in vector.items()}


def _axes(names: Iterable[str]) -> dict[str, int]:
    return {name: axis for axis, name in enumerate(sorted(set(names)))}


def _matrix(vectors: Sequence[Mapping[str, float]], axes: Mapping[str, int]) -> "csr_matrix":
    """One row for each vector; what has no axis is left out."""
    from scipy.sparse import csr_matrix

    entries = [
        (row, axes[name], weight)
        for row, vector in enumerate(vectors)
        for name, weight in vector.items()
        if name in axes
    ]
    rows, columns, weights = zip(*entries, strict=True) if entries else ((), (), ())
    return csr_matrix((weights, (rows, columns)), shape=(len(vectors), len(axes)), dtype=np.float32)
