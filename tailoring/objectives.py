"""What somebody hopes for, told from who they are: the sentences of an introduction and of a section `Objective`."""

import re

from tailoring.vocabulary import names_title

IDENTITY = re.compile(
    r"\byears?\b.{0,40}\b(?:experience|expertise)\b|\bexperience of \d|\bprofessional with\b", re.IGNORECASE
)
_HOPE = re.compile(
    r"(?:my |career |job )?(?:objective|goal|aim)\b"
    r"|(?:i am )?(?:to|seeking|looking|aspir\w+|want|wish|in search|intend)\s"
    r"|.*\b(?:seeking|looking for|aspire|to (?:obtain|secure|seek|pursue)) an? "
    r"|.*\b(?:challenging (?:position|career|job|role|environment)|career growth)\b",
    re.IGNORECASE,
)
_WANTED = re.compile(
    r"\b(?:positions?|roles?|posts?|jobs?|opportunit(?:y|ies)|careers?|employment|internships?|placements?|seeking"
    r"|looking|obtain|secure|join|become|grow|where i|willing)\b",
    re.IGNORECASE,
)
_OPENING = 6  # words in which somebody says what they are


def hopes(text: str) -> bool:
    """Whether a sentence says what the person hopes for, wherever it stands."""
    return _HOPE.match(text) is not None


def tells_who(text: str) -> bool:
    """Whether a sentence under the heading `Objective` says who the person is all the same: years of work, or a title.

    Doubt goes against it, since there most speak of what somebody would like to be.
    """
    opening = " ".join(text.split()[:_OPENING])
    return IDENTITY.search(text) is not None or (names_title(opening) and not hopes(text) and not _WANTED.search(text))
