"""Training examples from labels: what to imitate (SFT), what to prefer (DPO), what is true and what is not (KTO).

Held-out resumes are in none of them, and an untruthful text is never one to imitate, whatever its score. How examples
are written to files is `tailoring.example_files`'s business.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np

Message: TypeAlias = dict[str, str]


@dataclass(frozen=True)
class LabelledDocument:
    """A tailored resume that somebody labelled.

    `messages` is the prompt as it was sent, `completion` the TailoredResume as finally written, in compact JSON;
    `score` runs from 0 to 100. `truthful`: the volunteer says so, and the automatic check found nothing.
    """

    document_id: str
    pair_id: str
    resume_id: str
    partition_date: str
    arm: str
    model: str
    messages: Sequence[Message]
    completion: str
    score: int
    truthful: bool


@dataclass(frozen=True)
class SftExample:
    """An answer to imitate. `documents` are the ids of the labelled documents that say so, here and below."""

    messages: Sequence[Message]
    completion: str
    documents: tuple[str, ...]


@dataclass(frozen=True)
class DpoExample:
    """Two answers to one prompt, the first of them truthful and better."""

    messages: Sequence[Message]
    preferred: str
    rejected: str
    documents: tuple[str, ...]


@dataclass(frozen=True)
class KtoExample:
    """An answer, and whether it is truthful."""

    messages: Sequence[Message]
    completion: str
    truthful: bool
    documents: tuple[str, ...]


class LeftOut(StrEnum):
    """Why a labelled document is in no example of a form."""

    HELD_OUT = "held out"  # its resume is kept for evaluation
    SAME_TEXT = "same text"  # another label of a text that is there already: the two count as one
    UNTRUTHFUL = "untruthful"
    LOW_SCORE = "low score"  # below the quantile
    NOT_BEST = "not best"  # a better document of its pair is there
    ALONE = "alone"  # its pair has no other text to be compared with
    NOT_CLEAR = "not clear"  # of its pair there is none left that it is clearly better or worse than


@dataclass(frozen=True)
class Examples:
    """The three forms, each ordered by pair, and how many documents each form leaves out, by reason."""

    sft: tuple[SftExample, ...]
    dpo: tuple[DpoExample, ...]
    kto: tuple[KtoExample, ...]
    sft_left_out: dict[LeftOut, int]
    dpo_left_out: dict[LeftOut, int]
    kto_left_out: dict[LeftOut, int]


@dataclass(frozen=True)
class _Answer:
    """One text for one pair, with all of its labels taken together: the mean score, and truthful if nobody objects."""

    pair_id: str
    messages: Sequence[Message]
    completion: str
    score: float
    truthful: bool
    documents: tuple[str, ...]


def is_held_out(resume_id: str, share: float) -> bool:
    """Whether a resume is kept for evaluation. The same answer for ever, and still yes where the share grows."""
    drawn = hashlib.sha256(f"held out {resume_id}".encode()).digest()[:8]
    return int.from_bytes(drawn) < share * 2**64


def build_examples(
    documents: Iterable[LabelledDocument], *, held_out_share: float, sft_quantile: float, preference_margin: float
) -> Examples:
    """The examples that labelled documents give, each once, whatever the order of the documents.

    Args:
        documents: of the whole window of days.
        held_out_share: of the resumes, 0 to 1, kept for evaluation.
        sft_quantile: only truthful answers whose score is at or above this quantile (0 to 1) of the scores of all
            truthful answers are imitated, and of each pair only the best; the newest of equals.
        preference_margin: of each pair, the best truthful answer is preferred to the worst answer, the second best to
            the second worst and so on, as long as they are this many points apart. Each answer counts once: a single
            score, which may be luck, cannot decide many preferences.
    """
    known = _newest_first(documents)
    trainable = [each for each in known if not is_held_out(each.resume_id, held_out_share)]
    answers = _answers(trainable)
    common = Counter({LeftOut.HELD_OUT: len(known) - len(trainable)})
    same_text = Counter({LeftOut.SAME_TEXT: len(trainable) - len(answers)})
    sft, sft_left_out = _imitated(answers, sft_quantile)
    dpo, dpo_left_out = _preferences(answers, preference_margin)
    kto = [KtoExample(each.messages, each.completion, each.truthful, each.documents) for each in answers]
    return Examples(
        tuple(sft),
        tuple(dpo),
        tuple(kto),
        dict(+(common + same_text + sft_left_out)),
        dict(+(common + same_text + dpo_left_out)),
        dict(+(common + same_text)),
    )


def _newest_first(documents: Iterable[LabelledDocument]) -> list[LabelledDocument]:
    """Each document once; of two under one id, the one that is not truthful, or that scores lower."""
    ordered = sorted(documents, key=lambda each: (each.truthful, each.score, each.completion), reverse=True)
    once = {each.document_id: each for each in ordered}
    return sorted(once.values(), key=lambda each: (each.partition_date, each.document_id), reverse=True)


def _answers(documents: Sequence[LabelledDocument]) -> list[_Answer]:
    """The different texts of each pair, by pair and then best first; `documents` come newest first.

    A text that somebody found untruthful for one posting is as untruthful for another: the resume is the same.
    """
    lies = {(each.resume_id, each.completion) for each in documents if not each.truthful}
    labels: dict[tuple[str, str], list[LabelledDocument]] = defaultdict(list)
    for each in documents:
        labels[each.pair_id, each.completion].append(each)
    answers = [
        _Answer(
            pair_id=pair_id,
            messages=same[0].messages,
            completion=completion,
            score=sum(each.score for each in same) / len(same),
            truthful=(same[0].resume_id, completion) not in lies,
            documents=tuple(each.document_id for each in same),
        )
        for (pair_id, completion), same in labels.items()
    ]
    return sorted(answers, key=lambda each: (each.pair_id, -each.score))  # stable: the newest of equals comes first


def _imitated(answers: Sequence[_Answer], quantile: float) -> tuple[list[SftExample], Counter[LeftOut]]:
    truthful = [each for each in answers if each.truthful]
    left_out = Counter({LeftOut.UNTRUTHFUL: len(answers) - len(truthful)})
    if not truthful:
        return [], left_out
    least = np.quantile([each.score for each in truthful], quantile, method="lower")
    best: dict[str, _Answer] = {}
    for each in truthful:
        if each.score < least:
            left_out[LeftOut.LOW_SCORE] += 1
        elif best.setdefault(each.pair_id, each) is not each:
            left_out[LeftOut.NOT_BEST] += 1
    return [SftExample(each.messages, each.completion, each.documents) for each in best.values()], left_out


def _preferences(answers: Sequence[_Answer], margin: float) -> tuple[list[DpoExample], Counter[LeftOut]]:
    pairs: dict[str, list[_Answer]] = defaultdict(list)
    for each in answers:
        pairs[each.pair_id].append(each)
    examples: list[DpoExample] = []
    left_out: Counter[LeftOut] = Counter()
    for texts in pairs.values():
        truthful = [each for each in texts if each.truthful]
        found = [
            DpoExample(better.messages, better.completion, worse.completion, better.documents + worse.documents)
            for better, worse in zip(truthful, reversed(texts), strict=False)
            if better.score > worse.score and better.score - worse.score >= margin
        ]
        examples += found
        left_out[LeftOut.ALONE if len(texts) == 1 else LeftOut.NOT_CLEAR] += len(texts) - 2 * len(found)
    return examples, left_out
