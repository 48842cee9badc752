"""A resume's page as an accessible PDF (PDF/UA-1), set by typst with the fonts that it carries.

How it looks is told in `data/resume.typ`. The compiler is kept between documents, which makes all but the first fast.
"""

import json
import re
import threading
from collections.abc import Collection
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from tailoring.layout import Page, title_of

if TYPE_CHECKING:
    from typst import Compiler, TypstError

_NO_GLYPH = re.compile(r'the text `"(.*?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?:[/?#][^\s\"<>]*)?", re.IGNORECASE)
_compiling = threading.Lock()  # a compiler refuses to be used by two threads at a time


def to_pdf(page: Page) -> bytes:
    """The page as a PDF.

    Of the signs that no font on this machine can draw (`missing_glyphs`), letters show as empty boxes, which few
    readers read back; pictures are left out. Hebrew and Arabic are drawn, and come back in order from some readers.
    """
    from typst import TypstError

    content = _content(page)
    try:
        return _compile(content, accessible=True)
    except TypstError as error:
        missing = _undrawable(error)
    return _compile(_without(content, {sign for sign in missing if not sign.isalpha()}), accessible=False)


def missing_glyphs(page: Page) -> str:
    """The signs of the page that no font on this machine can draw, each once, in the order of their code points."""
    from typst import TypstError

    try:
        _compile(_content(page), accessible=True)
    except TypstError as error:
        return "".join(sorted(_undrawable(error)))
    return ""


def _compile(content: Any, *, accessible: bool) -> bytes:
    with _compiling:
        pdf = _compiler().compile(
            _template(),
            format="pdf",
            sys_inputs={"page": json.dumps(content)},
            pdf_standards="ua-1" if accessible else [],
        )
    if not isinstance(pdf, bytes):
        raise TypeError(f"typst made {type(pdf).__name__} of a resume")
    return pdf


@cache
def _compiler() -> "Compiler":
    from typst import Compiler

    return Compiler()


@cache
def _template() -> bytes:
    return resources.files("tailoring").joinpath("data/resume.typ").read_bytes()


def _content(page: Page) -> Any:
    return {
        "title": title_of(page),
        "name": page.name,
        "headline": page.headline,
        "contact": [{"text": text, "url": _url(text)} for text in page.contact],
        "sections": [
            {"heading": section.heading, "entries": [entry._asdict() for entry in section.entries]}
            for section in page.sections
        ],
    }


def _url(text: str) -> str:
    """Where a piece of contact data leads; "" for what is no address."""
    if _EMAIL.fullmatch(text):
        return f"mailto:{text}"
    if _ADDRESS.fullmatch(text):
        return text if text.lower().startswith("http") else f"https://{text}"
    return ""


def _undrawable(error: "TypstError") -> set[str]:
    """The signs that stopped the compiler; raises the error where something else did."""
    pieces = _NO_GLYPH.findall(error.diagnostic)
    if not pieces:
        raise error
    return set("".join(_ESCAPED.sub(lambda code: chr(int(code[1], 16)), piece) for piece in pieces))


def _without(content: Any, signs: Collection[str]) -> Any:
    """The same content, its texts less some signs."""
    if isinstance(content, str):
        left = content.translate(dict.fromkeys(map(ord, signs)))
        return " ".join(left.split())
    if isinstance(content, dict):
        return {key: _without(value, signs) for key, value in content.items()}
    return [_without(value, signs) for value in content]
