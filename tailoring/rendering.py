"""A tailored resume as a file: PDF, DOCX, plain text, LaTeX source or JSON Resume, all with the same content.

What an applicant tracking system reads safely: one column, standard headings, real text in reading order. The same
resume gives the same bytes. All choice of content stays out of here.
"""

from typing import Literal, get_args

from tailoring.layout import lay_out
from tailoring.plain_text import to_plain_text
from tailoring.resume import Contact, TailoredResume

Format = Literal["pdf", "docx", "txt", "tex", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)


def render(resume: TailoredResume, contact: Contact, format: Format) -> bytes:  # noqa: A002  what everybody calls it
    """The resume as the content of a file; text formats in UTF-8.

    Raises ValueError for an unknown format.
    """
    match format:
        case "pdf":
            from tailoring.pdf import to_pdf

            return to_pdf(lay_out(resume, contact))
        case "docx":
            from tailoring.word import to_docx

            return to_docx(lay_out(resume, contact))
        case "txt":
            return to_text(resume, contact).encode()
        case "tex":
            from tailoring.latex import to_latex

            return to_latex(lay_out(resume, contact)).encode()
        case "json":
            from tailoring.json_resume import to_json_resume

            return to_json_resume(resume, contact).encode()
    raise ValueError(f"unknown format {format!r}; known: {', '.join(FORMATS)}")


def to_text(resume: TailoredResume, contact: Contact) -> str:
    """The resume as plain text, ending with a line break."""
    return to_plain_text(lay_out(resume, contact))
