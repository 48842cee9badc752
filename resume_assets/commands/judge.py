"""`judge`: what the three judges say of one resume."""

from pathlib import Path
from typing import Annotated

import typer

from resume_assets.commands.common import console, errors_told

FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Text, PDF or DOCX.")]


def judge(
    resume: FileArgument,
    source: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The resume that it was written from: is it true?")
    ] = None,
    posting: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The job posting: does it fit?")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Judge a resume: its quality for an ATS, its truth against a source, its fit to a posting."""
    from resume_assets.judgement import judge as judged
    from resume_assets.judgement import told
    from tailoring.documents import UnreadableDocumentError

    with errors_told(UnreadableDocumentError):
        judgement = judged(resume, source, posting)
    if as_json:
        console.print_json(data=judgement.as_json())
    else:
        console.print(told(judgement))
