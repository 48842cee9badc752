"""A resume's page as plain text that an ATS reads line by line: one line per bullet however long."""

from tailoring.layout import Entry, Page, Section

_CLOSE = "EDUCATION"  # its entries are short: no blank lines between them


def to_plain_text(page: Page) -> str:
    """The page as text, ending with a line break; what is empty leaves no trace."""
    head = "\n".join(filter(None, [page.name, page.headline, " | ".join(page.contact)]))
    return "\n\n".join(filter(None, [head, *map(_section, page.sections)])) + "\n"


def _section(section: Section) -> str:
    gap = "\n" if section.heading == _CLOSE else "\n\n"
    return f"{section.heading}\n{gap.join(map(_entry, section.entries))}"


def _entry(entry: Entry) -> str:
    lines = [" | ".join(entry.fields), entry.text, ", ".join(entry.terms), *(f"- {text}" for text in entry.bullets)]
    return "\n".join(filter(None, lines))
