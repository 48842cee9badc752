"""`label`: label documents in the terminal, for those who prefer it to the page."""

import datetime as dt
import getpass
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.columns import Columns
from rich.panel import Panel
from rich.text import Text

from resume_assets.commands.common import ConfigOption, console, errors, errors_told, open_documents
from resume_assets.settings import load_settings

if TYPE_CHECKING:
    from resources.labels import Labels

WIDE = 110  # characters, from which on texts stand side by side
HELP = "a score of 0 to 100, or: [b]f[/b] files, [b]s[/b] skip, [b]u[/b] undo your last, [b]q[/b] give back and quit"


def label(
    name: Annotated[str, typer.Option("--name", help="Whose labels they are; by default your login's.")] = "",
    day: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day to label; by default today.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Label a day's documents here: one at a time, as on the label page, which may run beside it.

    Each is claimed for you alone, shown beside its source and its posting, and asked for: its score on EnhanCV's
    checker, whether it is truthful, and a note.
    """
    from resources.configured import labels
    from resources.label_rules import NAME_MAX, LabelError, require_person

    name = name or getpass.getuser()
    if len(name) > NAME_MAX:
        raise typer.BadParameter(f"a name has at most {NAME_MAX} characters", param_hint="--name")
    with errors_told(LabelError):
        require_person(name)
        settings = load_settings(config)
        date = day.date().isoformat() if day else settings.today()
        with open_documents(settings) as documents:
            _Session(labels(settings, documents), date, name, typer.prompt).run()


@dataclass
class _Session:
    """One person at a terminal; `ask` puts a question and returns what was typed."""

    labels: "Labels"
    day: str
    volunteer: str
    ask: Callable[..., str]
    last: str = ""  # the document that was labelled last

    def run(self) -> None:
        while document := self.labels.claim_next(self.day, self.volunteer, _now()):
            self._show(document)
            if not self._label(document):
                return
        console.print(f"Nothing waits for you on {self.day}. {self._progress()}")

    def _label(self, document: dict[str, Any]) -> bool:
        """Ask until the document is labelled, skipped, or given back; False to quit."""
        from resources.labels import LabelError, LostClaimError, read_score, read_truthfulness

        started = _now()
        while True:
            try:
                answer = self._typed(HELP).lower()
                if answer == "q":
                    self.labels.release(document["_id"], self.volunteer)
                    console.print(f"Given back. {self._progress()}")
                    return False
                if answer == "f":
                    self._files(document)
                elif answer == "s":
                    self.labels.skip(document["_id"], self.volunteer, self._typed("Why?"), _now())
                    return True
                elif answer == "u":
                    return self._undone(document)
                else:
                    score = read_score(answer)
                    truthful = read_truthfulness(self._typed("Truthful? yes or no"))
                    note = self._typed("Note, or nothing")
                    seconds = (_now() - started).total_seconds()
                    self.labels.save(
                        document["_id"],
                        self.volunteer,
                        document["generation_id"],
                        score,
                        truthful,
                        note,
                        _now(),
                        seconds,
                    )
                    self.last = document["_id"]
                    console.print(f"[green]Saved:[/green] {score}, {'' if truthful else 'not '}truthful")
                    return True
            except LostClaimError as error:
                errors.print(str(error), markup=False)
                return True
            except LabelError as error:
                errors.print(str(error), markup=False)

    def _undone(self, document: dict[str, Any]) -> bool:
        """Take the last label back: its document comes next, and this one goes back to the others."""
        from resources.labels import LabelError

        if not self.last:
            raise LabelError("You have labelled nothing here yet.")
        label = self.labels.undo(self.last, self.volunteer, _now())
        self.labels.release(document["_id"], self.volunteer)
        console.print(f"Undone: {label.score}, {'' if label.truthfulness else 'not '}truthful. Here it is again.")
        self.last = ""
        return True

    def _show(self, document: dict[str, Any]) -> None:
        from labelling.shown import shown

        page = shown(document)
        console.rule(Text(f"{page.title}{' at ' + page.company if page.company else ''}"))
        generated = Text(page.generated)
        for each in document.get("unsupported_claims") or []:
            generated.stylize("black on bright_red", each["start"], each["end"])
        texts = {"Source": Text(document["resume_text"]), "Posting": Text(page.posting), "Generated": generated}
        if console.width >= WIDE:
            panels = [Panel(text, title=title, width=console.width // 3 - 1) for title, text in texts.items()]
            console.print(Columns(panels))
        else:
            for title, text in texts.items():
                console.print(Panel(text, title=title))
        for claim in page.claims:
            console.print(Text(f"unsupported: “{claim.text}”: {claim.why}; nearest: {claim.nearest or 'nothing'}"))

    def _files(self, document: dict[str, Any]) -> None:
        from labelling.shown import NoFileError, as_file, file_name
        from resources.labels import LabelError

        folder = Path(tempfile.mkdtemp(prefix="resume-"))
        try:
            for kind in ("pdf", "docx"):
                file = folder / file_name(document, kind)
                file.write_bytes(as_file(document, kind))
                console.print(str(file), markup=False, soft_wrap=True)
        except NoFileError as error:
            raise LabelError(str(error)) from error
        console.print("Score one of them at https://enhancv.com/resources/resume-checker/")

    def _typed(self, question: str) -> str:
        console.print(question, end=" ")
        return self.ask("", default="", show_default=False, prompt_suffix="> ").strip()

    def _progress(self) -> str:
        progress = self.labels.progress(self.day)
        mine = progress.by_volunteer.get(self.volunteer, 0)
        return f"{progress.labelled} of {progress.documents} are labelled, {mine} by you."


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
