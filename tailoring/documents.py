"""Reads a resume file as an applicant tracking system (ATS) does: the text in file order, and what stands in its way.

Text that people cannot see (white, tiny, invisible, marked hidden) is set apart from the text that they can. What any
of it is worth is decided by the ATS checks.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tailoring.json_resume import JsonResumeError, read_json_resume
from tailoring.pdf_lines import unwrapped
from tailoring.pdf_page import PALE, TINY, PdfPage
from tailoring.plain_text import to_plain_text

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

Kind = Literal["text", "pdf", "docx", "json"]


@dataclass(frozen=True, slots=True)
class Document:
    """A resume as read.

    `text` is what people see, in file order; `hidden` what they do not. `size` is in bytes. `pages` is None where the
    format does not fix it. `obstacles` tell what an ATS may misread: tables, columns, images, text boxes, headers.
    """

    kind: Kind
    text: str
    hidden: str = ""
    size: int = 0
    pages: int | None = None
    obstacles: tuple[str, ...] = ()


class UnreadableDocumentError(ValueError):
    """The bytes are no text, PDF, DOCX or JSON Resume that can be read; the message says why."""


def read_document(source: str | Path | bytes) -> Document:
    """The document in a file or its bytes; a `str` is the text itself.

    Raises UnreadableDocumentError for other or broken formats, OSError for a file that cannot be opened.
    """
    if isinstance(source, str):
        return _text_document(source, len(source.encode("utf-8", "surrogatepass")))
    data = source.read_bytes() if isinstance(source, Path) else source
    if data.startswith(b"%PDF-"):
        return _read_pdf(data)
    if data.startswith(b"PK\x03\x04"):
        return _read_docx(data)
    if b"\x00" in data or data.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise UnreadableDocumentError("neither text, PDF, DOCX nor JSON Resume: save the resume as one of these")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if text.lstrip().startswith("{") and text.rstrip().endswith("}"):
        return _read_json(text, len(data))
    return _text_document(text, len(data))


def _read_json(text: str, size: int) -> Document:
    """A JSON Resume as the text of the resume that it describes."""
    try:
        return Document("json", to_plain_text(read_json_resume(text)), size=size)
    except JsonResumeError as error:
        raise UnreadableDocumentError(str(error)) from None


_HIDING_STYLE = (
    r"""(?:color\s*[:=]\s*["']?\s*(?:white|#fff(?:fff)?|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))"""
    r"""|font-size\s*:\s*[0-3](?:\.\d+)?(?:px|pt)|display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0\b|\bhidden\b)"""
)
# No part of the pattern crosses a "<", so that a text of many openings costs no more than its length.
_HIDDEN_ELEMENT = re.compile(
    rf"<!--(?P<comment>[^<>]*)-->"
    rf"|<(?P<tag>[a-z]{{1,10}})\s[^<>]{{0,300}}?{_HIDING_STYLE}[^<>]{{0,300}}>(?P<body>[^<]*)(?:</(?P=tag)>)?",
    re.IGNORECASE,
)


def _text_document(text: str, size: int) -> Document:
    if "<" not in text:
        return Document("text", text, size=size)
    hidden: list[str] = []

    def set_apart(match: re.Match[str]) -> str:
        hidden.append(match["comment"] or match["body"] or "")
        return "\n"

    return Document("text", _HIDDEN_ELEMENT.sub(set_apart, text), hidden="\n".join(hidden), size=size)


# --- PDF -------------------------------------------------------------------------------------------------------------


def _read_pdf(data: bytes) -> Document:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableDocumentError("the PDF is locked with a password: save it without one")
        pages = [PdfPage(page) for page in reader.pages]
    except (PyPdfError, KeyError, ValueError, TypeError, IndexError, AttributeError, RecursionError) as error:
        if isinstance(error, UnreadableDocumentError):
            raise
        raise UnreadableDocumentError(f"the PDF is broken: {error}") from error
    obstacles = []
    if any(page.has_columns() for page in pages):
        obstacles.append("columns")
    if sum(page.images for page in pages):
        obstacles.append("images")
    text = "\n".join(unwrapped([page.lines(hidden=False) for page in pages]))
    hidden = "\n".join(line.text for page in pages for line in page.lines(hidden=True))
    return Document("pdf", text, hidden, len(data), len(pages), tuple(obstacles))


# --- DOCX ------------------------------------------------------------------------------------------------------------


def _read_docx(data: bytes) -> Document:
    import docx
    from docx.opc.exceptions import OpcError

    try:
        document = docx.Document(io.BytesIO(data))
    except (OpcError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise UnreadableDocumentError(f"the file is no readable DOCX: {error}") from error
    visible: list[str] = []
    hidden: list[str] = []
    for paragraph in _paragraphs(document):
        seen = "".join(run.text for run in _runs(paragraph) if not _is_hidden(run, paragraph))
        unseen = "".join(run.text for run in _runs(paragraph) if _is_hidden(run, paragraph))
        if seen.strip():
            visible.append(("- " if _is_list_item(paragraph) else "") + seen)
        if unseen.strip():
            hidden.append(unseen)
    return Document("docx", "\n".join(visible), "\n".join(hidden), len(data), None, _docx_obstacles(document))


def _paragraphs(document: "DocxDocument") -> Iterator["Paragraph"]:
    """The body's paragraphs in order, tables row by row as an ATS walks them."""
    from docx.text.paragraph import Paragraph

    for element in document.element.body.iter(_W + "p"):
        if not any(ancestor.tag == _W + "txbxContent" for ancestor in element.iterancestors()):
            yield Paragraph(element, document)


def _runs(paragraph: "Paragraph") -> Iterator["Run"]:
    for item in paragraph.iter_inner_content():
        yield from item.runs if hasattr(item, "runs") else [item]


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _is_hidden(run: "Run", paragraph: "Paragraph") -> bool:
    style = paragraph.style.font if paragraph.style is not None else None
    if run.font.hidden or (run.font.hidden is None and style is not None and style.hidden):
        return True
    size = run.font.size or (style.size if style is not None else None)
    if size is not None and size.pt < TINY:
        return True
    colour = run.font.color.rgb if run.font.color is not None else None
    shaded = run._element.find(f".//{_W}shd") is not None or paragraph._p.find(f".//{_W}shd") is not None
    return colour is not None and min(colour) >= PALE * 255 and not shaded


def _is_list_item(paragraph: "Paragraph") -> bool:
    properties = paragraph._p.pPr
    named = paragraph.style is not None and (paragraph.style.name or "").startswith("List")
    return named or (properties is not None and properties.numPr is not None)


def _docx_obstacles(document: "DocxDocument") -> tuple[str, ...]:
    body = document.element.body
    found = {
        "tables": bool(document.tables),
        "columns": any(int(columns.get(_W + "num", "1")) > 1 for columns in body.iter(_W + "cols")),
        "images": len(document.inline_shapes) > 0,
        "text boxes": next(body.iter(_W + "txbxContent"), None) is not None,
        "text in the header or footer": any(
            paragraph.text.strip()
            for section in document.sections
            for part in (section.header, section.footer)
            for paragraph in part.paragraphs
        ),
    }
    return tuple(name for name, present in found.items() if present)
