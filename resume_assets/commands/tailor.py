"""`tailor`: one resume for one posting, for a job seeker."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from resume_assets.commands.common import ConfigOption, console, errors, errors_told
from resume_assets.settings import load_settings

if TYPE_CHECKING:
    from resume_assets.spending import Estimate
    from resume_assets.tailor import Order
    from tailoring.rendering import Format


def tailor(
    resume: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Your resume: PDF, DOCX, text or JSON Resume.")
    ],
    posting: Annotated[
        str,
        typer.Argument(
            help="The job posting: a file (text, PDF, DOCX), - for standard input, the job_id of a cleaned posting, "
            "or the text itself."
        ),
    ],
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            dir_okay=False,
            help="Where to write it; may be given several times. The format goes by the suffix: .pdf, .docx, .txt, "
            ".tex (LaTeX), .json (JSON Resume). Without it, the text is printed.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there already.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the prompt, its tokens and the cost; send nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    config: ConfigOption = None,
) -> None:
    """Write your resume anew for one job: truthful, and easy to read for an ATS.

    Needs no key: the model of this machine selects and orders what your resume says and cannot invent. With
    OPENAI_API_KEY in .env, the model that the settings name writes; what your resume does not support is taken out.

    For example: resume-assets tailor my-resume.pdf posting.txt -o tailored.pdf -o tailored.docx
    """
    from resume_assets.spending import CapReached, UnknownPriceError
    from resume_assets.tailor_inputs import STDIN, InputError, read_posting, read_resume
    from tailoring.answers import AnswerError
    from tailoring.prices import PriceError
    from tailoring.prompts import PromptError

    with errors_told(InputError, AnswerError, PromptError, PriceError, CapReached, UnknownPriceError):
        settings = load_settings(config)
        files = _formats(output or [], force=force)
        text = read_resume(resume, settings)
        job = read_posting(posting, sys.stdin.read() if posting == STDIN else "", settings)

        from resources.configured import language_model
        from resume_assets.local import stop_on_signals
        from resume_assets.tailor import champion, expected_cost, fulfil, missing_glyphs, order, services, write_files
        from resume_assets.tailor_told import as_json as report_json
        from resume_assets.tailor_told import told

        stop_on_signals()
        with services(settings, model=not dry_run):
            wanted = order(resume, text, job, settings, champion(settings))
            if dry_run:
                _show_request(wanted, expected_cost(wanted, settings), as_json=as_json)
                return
            tailored = fulfil(wanted, settings, language_model(settings))
        write_files(tailored, files)
    if as_json:
        console.print_json(data=report_json(tailored, [file for file, _ in files]))
        return
    console.print(told(tailored), "", soft_wrap=True)
    if not files:
        console.print("[bold]Your resume[/bold] (-o FILE.pdf writes it to a file)\n")
        console.print(tailored.written.text, markup=False, soft_wrap=True)
    for file, kind in files:
        console.print(f"Wrote [bold]{escape(str(file))}[/bold] ({file.stat().st_size / 1000:.0f} KB).")
        if kind == "pdf" and (missing := missing_glyphs(tailored)):
            shown = " ".join(missing)
            errors.print(f"No font here can show {shown} in a PDF. The other formats keep these signs.", markup=False)


def _show_request(wanted: "Order", estimate: "Estimate | None", *, as_json: bool) -> None:
    from resume_assets.tailor_told import dry_run_json, dry_run_told

    if as_json:
        console.print_json(data=dry_run_json(wanted, estimate))
    else:
        console.print(dry_run_told(wanted, estimate), soft_wrap=True)


def _formats(outputs: Sequence[Path], *, force: bool) -> list[tuple[Path, "Format"]]:
    """The files with their formats, before anything is paid for."""
    from resume_assets.tailor_inputs import InputError
    from tailoring.rendering import FORMATS

    by_suffix = {f".{name}": name for name in FORMATS}
    files = []
    for file in dict.fromkeys(outputs):
        kind = by_suffix.get(file.suffix.lower())
        if kind is None:
            raise InputError(f"{file} has no suffix that names a format; known are {', '.join(by_suffix)}.")
        if not file.absolute().parent.is_dir():
            raise InputError(f"There is no folder {file.absolute().parent} to write {file.name} to.")
        if file.exists() and not force:
            raise InputError(f"{file} is there already. Choose another name, or replace it with --force.")
        files.append((file, kind))
    return files
