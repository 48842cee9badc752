"""A resume's page as DOCX: Word's own headings and list style, no tables, no text boxes, nothing in header or footer.

How it looks is told in `data/resume_styles.xml`.
"""

import datetime as dt
import io
import zipfile
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from tailoring.layout import Entry, Page, title_of

if TYPE_CHECKING:
    from docx.document import Document

_NO_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # the same resume gives the same bytes, whenever it is written
_LONGEST_PROPERTY = 255  # characters
_NEEDLESS = ("/stylesWithEffects", "/customXml", "/thumbnail")  # of python-docx's template: most of its size


def to_docx(page: Page) -> bytes:
    """The page as a DOCX file."""
    import docx

    document = docx.Document(io.BytesIO(_template()))
    properties = document.core_properties
    properties.title, properties.author = title_of(page)[:_LONGEST_PROPERTY], page.name[:_LONGEST_PROPERTY]
    if page.name:
        document.add_paragraph(page.name, style="Title")
    if page.headline:
        document.add_paragraph(page.headline, style="Subtitle")
    if page.contact:
        document.add_paragraph(" | ".join(page.contact))
    for section in page.sections:
        document.add_paragraph(section.heading, style="Heading 1")
        for entry in section.entries:
            _add(document, entry)
    return _saved(document)


def _add(document: "Document", entry: Entry) -> None:
    if entry.fields:
        head = document.add_paragraph(style="Heading 2")
        head.add_run(entry.fields[0]).bold = True
        if entry.fields[1:]:
            head.add_run("".join(f" | {field}" for field in entry.fields[1:]))
    for text in filter(None, [entry.text, ", ".join(entry.terms)]):
        document.add_paragraph(text)
    for bullet in entry.bullets:
        document.add_paragraph(bullet, style="List Bullet")


@cache
def _template() -> bytes:
    """An empty page with our styles, made once."""
    import docx
    from docx.oxml import parse_xml
    from docx.shared import Inches

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = Inches(0.8)
    section.top_margin = section.bottom_margin = Inches(0.65)
    document.styles.element[:] = list(
        parse_xml(resources.files("tailoring").joinpath("data/resume_styles.xml").read_bytes())
    )
    for rels in (document.part.rels, document.part.package.rels):
        for key in [key for key, rel in rels.items() if rel.reltype.endswith(_NEEDLESS)]:
            del rels[key]
    properties = document.core_properties
    properties.created = properties.modified = _NO_TIME
    properties.comments = properties.last_modified_by = ""
    return _saved(document)


def _saved(document: "Document") -> bytes:
    """The document's bytes, with no time of day in them."""
    written, timeless = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(timeless, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            target.writestr(zipfile.ZipInfo(member.filename), source.read(member), zipfile.ZIP_DEFLATED)
    return timeless.getvalue()
