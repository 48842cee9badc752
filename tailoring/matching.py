"""Matching: which resume is tailored to which posting, and why.

Scores come from `tailoring.ranking`, fair shares from `tailoring.assignment`; here they become the table of pairs.
How well one resume fits one posting, told in detail, is `job_fit`, made in `tailoring.fit`.
"""

import hashlib
from collections.abc import Sequence
from operator import itemgetter

import polars as pl

from tailoring.assignment import Assignment, Ranked
from tailoring.fit import FitReport, job_fit
from tailoring.meaning import Embed, Meanings
from tailoring.ranking import MatchWeights, PostingIndex, Profile
from tailoring.titles import LEVELS, cosine, parse_title, title_vector

__all__ = ["FitReport", "MatchWeights", "job_fit", "match"]

_SHOWN_SKILLS = 6
_NEAR = 0.3  # nearness from which two titles speak for a pair
_RELATED = 0.1  # nearness of titles that share no more than a wider field
_MEANS_THE_SAME = 0.5  # cosine of two summaries from which their meaning speaks for a pair
_RESUMES = ("resume_id", "resume_text", "roles")
_POSTINGS = ("posting_id", "job_id", "title", "company_name", "description")
_OPTIONAL = ("skills_desc", "experience_level")
_MAY_BE_UNKNOWN = ("job_id", "company_name")


def match(
    resumes: pl.DataFrame,
    postings: pl.DataFrame,
    *,
    pairs: int = 219,
    seed: int = 0,
    max_posting_share: float = 0.05,
    candidates: int = 20,
    weights: MatchWeights | None = None,
    embed: Embed | None = None,
) -> pl.DataFrame:
    """Pair resumes with postings by content and role; the order of the rows does not matter.

    Args:
        resumes: columns resume_id, resume_text, roles (labels joined by ";", or "").
        postings: columns posting_id, job_id, title, company_name, description, and where known skills_desc and
            experience_level.
        pairs: how many pairs are wanted. Fewer come back only when no further resume and posting have anything in
            common.
        seed: chooses which resumes are served first, and so which are served when there are fewer pairs than resumes.
        max_posting_share: the most of the first places, and of all pairs, that one posting may take (more only where
            the postings are too few).
        candidates: how many postings of each resume are weighed at first; the work grows with it, the result hardly
            changes. Only these are put in a new order by meaning.
        weights: what counts, `MatchWeights()` by default.
        embed: the model of sentences, needed where meaning has a weight.

    Returns:
        Columns pair_id, resume_id, posting_id, job_id, title, company_name, score (0 to 1), rank (1 is the resume's
        best among its pairs), reasons; in the order of resume_id and rank.

    Raises:
        ValueError: no resumes or no postings, a column or `embed` is missing, or a setting is out of its range.
    """
    if pairs < 1 or candidates < 1 or not 0 < max_posting_share <= 1:
        given = f"{pairs=}, {candidates=}, {max_posting_share=}"
        raise ValueError(f"pairs and candidates must be at least 1, max_posting_share above 0 and at most 1: {given}")
    resumes = _in_order(resumes, "resumes", _RESUMES, ())
    postings = _in_order(postings, "postings", _POSTINGS, _OPTIONAL)
    index = PostingIndex(postings, weights or MatchWeights(), embed)
    profiles: dict[int, Profile] = {}

    def best(asked: Sequence[int], number: int) -> list[Ranked]:
        some = resumes[list(asked)]
        ranked = []
        for resume, (profile, found) in zip(asked, index.rank(some["resume_text"], some["roles"], number), strict=True):
            profiles[resume] = profile
            ranked.append(found)
        return ranked

    order = sorted(range(resumes.height), key=lambda row: _draw(seed, resumes["resume_id"][row]))
    sharing = Assignment(order, postings.height, best, few=candidates, max_share=max_posting_share)
    rows = []
    for resume, chosen in sorted(sharing.give(pairs).items()):
        person = _Person(profiles[resume], resumes["resume_text"][resume], index.meanings)
        for rank, (score, posting) in enumerate(chosen, 1):
            rows.append((resume, posting, score, rank, person.reasons(index.profiles[posting])))
    return _table(rows, resumes, postings)


def _in_order(frame: pl.DataFrame, name: str, needed: Sequence[str], optional: Sequence[str]) -> pl.DataFrame:
    """The columns that matter, empty where absent, one row for each id, in the order of the ids."""
    missing = [column for column in needed if column not in frame.columns]
    if missing:
        raise ValueError(f"{name} lack the columns {', '.join(missing)}")
    if frame.is_empty():
        raise ValueError(f"no {name} to match: all were rejected, or no posting holds a configured keyword")
    identity, *_ = needed
    columns = [
        (pl.col(column).cast(pl.String) if column in frame.columns else pl.lit("")).alias(column)
        for column in (*needed, *optional)
    ]
    texts = pl.col(*(column for column in (*needed, *optional) if column not in _MAY_BE_UNKNOWN)).fill_null("")
    return frame.select(columns).with_columns(texts).sort(pl.all()).unique(identity, keep="first", maintain_order=True)


def _draw(seed: int, identity: str) -> bytes:
    return hashlib.blake2b(f"{seed} {identity}".encode(), digest_size=8).digest()


class _Person:
    """A resume's profile, ready to be compared with many postings."""

    def __init__(self, profile: Profile, text: str, meanings: Meanings | None) -> None:
        lower = text.lower()
        self._titles = [
            (title_vector(parse_title(title)), _as_written(title, text, lower.find(title))) for title in profile.titles
        ]
        self._skills = frozenset(profile.skills)
        self._level = profile.level
        self._summary = profile.summary
        self._meanings = meanings

    def reasons(self, posting: Profile) -> str:
        """What speaks for the pair, and what the levels say, in words."""
        reasons = []
        wanted = title_vector(parse_title(posting.titles[0]))
        compared = [(cosine(vector, wanted), title) for vector, title in self._titles]
        nearness, title = max(compared, key=itemgetter(0), default=(0.0, ""))
        if nearness >= _NEAR:
            reasons.append(f"title: {title} ~ {posting.titles[0]}")
        elif nearness >= _RELATED:
            reasons.append(f"related title: {title} ~ {posting.titles[0]}")
        shared = [skill for skill in posting.skills if skill in self._skills]
        if shared:
            more = ", ..." if len(shared) > _SHOWN_SKILLS else ""
            reasons.append(
                f"skills: {', '.join(shared[:_SHOWN_SKILLS])}{more} ({len(shared)} of {len(posting.skills)})"
            )
        alike = self._meanings.nearness(self._summary, [posting.summary])[0] if self._meanings else 0
        if alike >= _MEANS_THE_SAME:
            reasons.append(f"meaning: {alike:.2f} alike")
        if not reasons:
            reasons.append("similar wording")
        if self._level is not None and posting.level is not None:
            fits = abs(self._level - posting.level) <= 1
            told = f"seniority: {LEVELS[posting.level]} asked, {LEVELS[self._level]} shown"
            reasons.append("seniority fits" if fits else told)
        return "; ".join(reasons)


def _as_written(title: str, text: str, at: int) -> str:
    """The title as the resume writes it, at this place; with capitals where it writes it across other signs."""
    return text[at : at + len(title)] if at >= 0 else title.title()


def _table(rows: list[tuple[int, int, float, int, str]], resumes: pl.DataFrame, postings: pl.DataFrame) -> pl.DataFrame:
    schema = {"resume": pl.UInt32, "posting": pl.UInt32, "score": pl.Float64, "rank": pl.Int64, "reasons": pl.String}
    chosen = pl.DataFrame(rows, schema=schema, orient="row")
    return pl.concat(
        [
            resumes[chosen["resume"]].select("resume_id"),
            postings[chosen["posting"]].select("posting_id", "job_id", "title", "company_name"),
            chosen.select("score", "rank", "reasons"),
        ],
        how="horizontal",
    ).select(pl.concat_str("resume_id", "posting_id", separator="-").alias("pair_id"), pl.all())
