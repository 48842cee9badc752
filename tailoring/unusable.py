"""Answers that are no resume at all: empty, endless, repeating themselves, or showing their prompt.

Looks at the answer as it came, before grounding; the same signs in a finished text are `tailoring.degeneracy`'s.
"""

from collections import Counter
from collections.abc import Iterator

from tailoring.degeneracy import leak, trigrams
from tailoring.resume import TailoredResume
from tailoring.tokens import tokenize

_LONGEST_RESUME = 2500  # words: five pages
_LOOPING = 0.5  # share of different runs of three words, in a text of some length
_LONG_ENOUGH = 60  # words
_TIMES_SAID = 3


def degenerate(resume: TailoredResume, source: str = "") -> str | None:
    """Why the answer is no resume at all: empty, endless, repeating itself, leaking its prompt.

    What the source says as often, or in the same words, is the person's own.
    """
    if not resume.experience and not resume.summary and not resume.skills:
        return "empty: no experience, no summary and no skills"
    texts = [text for text in _texts(resume) if text.strip()]
    if not texts:
        return "empty: every field is blank"
    for text in texts:
        if leaked := leak(text, source):
            return f"shows its prompt: {text[slice(*leaked)][:60]!r}"
    usual = source.casefold()
    for said, times in Counter(statement.text.casefold() for statement in resume.statements()).items():
        if times >= _TIMES_SAID and times > usual.count(said):
            return f"says {times} times: {said[:60]!r}"
    tokens = tokenize("\n".join(texts))
    if len(tokens) > _LONGEST_RESUME:
        return f"endless: {len(tokens)} words"
    for text in ("\n".join(texts), *texts):
        runs = trigrams(tokenize(text))
        if runs.total() >= _LONG_ENOUGH and len(runs) < _LOOPING * runs.total():
            return f"repeats itself: {text[:60]!r}"
    return None


def _texts(resume: TailoredResume) -> Iterator[str]:
    yield resume.headline
    yield from resume.skills
    for role in resume.experience:
        yield from (role.title, role.employer, role.location, role.dates)
    for entry in resume.education:
        yield from (entry.degree, entry.school, entry.dates, entry.details)
    for project in resume.projects:
        yield from (project.name, project.dates)
    yield from (statement.text for statement in resume.statements())
