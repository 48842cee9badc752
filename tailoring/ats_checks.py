"""The ATS checks by name: each looks at one thing in a resume and gives the share of its points that it earned.

What a check is worth and what to advise is data (`data/ats_checks.yaml`); adding up is done by `tailoring.ats_score`.
"""

from collections.abc import Callable

from tailoring import ats_content as content
from tailoring import ats_structure as structure
from tailoring.ats_finding import Finding
from tailoring.ats_reading import Reading

CHECKS: dict[str, Callable[[Reading], Finding]] = {
    "extractable text": structure.extractable_text,
    "reading order": structure.reading_order,
    "sections": structure.sections,
    "contact": structure.contact,
    "dates present": structure.dates_present,
    "date format": structure.date_format,
    "date order": structure.date_order,
    "quantified impact": content.quantified_impact,
    "action verbs": content.action_verbs,
    "bullets": content.bullets,
    "repetition": content.repetition,
    "length": structure.length,
    "spelling": content.spelling,
    "glued words": content.glued_words,
    "odd characters": structure.odd_characters,
    "buzzwords": content.cliches,
    "pronouns": content.personal_pronouns,
    "capitals": content.capitals,
    "layout": structure.layout,
    "keyword stuffing": content.keyword_stuffing,
}
# Without text these would find no fault: what is not written cannot be well written.
NEEDS_TEXT = frozenset(
    (
        "repetition",
        "spelling",
        "glued words",
        "odd characters",
        "buzzwords",
        "pronouns",
        "capitals",
        "layout",
        "keyword stuffing",
        "reading order",
    )
)
