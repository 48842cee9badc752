"""What became of a job seeker's resume, for a terminal or as JSON: before and after, what is missing or unsure."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from resume_assets.spending import LIKELY_ANSWER, Estimate
from resume_assets.tailor import Order, Tailored
from tailoring.ats_score import AtsReport, Check
from tailoring.fit import FitReport
from tailoring.token_counts import count_messages

_VISIBLE = 0.05  # points: less is not seen in figures with one decimal


def as_json(tailored: Tailored, files: Sequence[Path]) -> dict[str, Any]:
    """Everything, for programs."""
    written = tailored.written
    return {
        "model": tailored.order.model,
        "prompt": tailored.order.prompt,
        "files": [str(file) for file in files],
        "text": written.text,
        "resume": written.resume.model_dump(),
        "contact": tailored.order.contact.model_dump(),
        "ats": {"before": dataclasses.asdict(tailored.ats_before), "after": dataclasses.asdict(written.ats)},
        "fit": {"before": dataclasses.asdict(tailored.fit_before), "after": dataclasses.asdict(written.fit)},
        "truth": dataclasses.asdict(written.truth),
        "corrections": written.corrections,
        "taken_out": list(written.unsupported),
        "usage": {"prompt_tokens": tailored.prompt_tokens, "completion_tokens": tailored.completion_tokens},
        "usd": tailored.usd,
    }


def told(tailored: Tailored) -> RenderableType:
    """The report for a person."""
    written = tailored.written
    parts: list[RenderableType] = [
        Text(f"Written by {tailored.order.model}{_cost(tailored)}"),
        Text(),
        _scores(tailored),
        *_lower(tailored),
        *_advice(written.ats),
        Text(),
        *_requirements(written.fit),
        Text(),
        *_truth(tailored),
    ]
    return Group(*parts)


def _cost(tailored: Tailored) -> str:
    if tailored.usd is None:
        return f" for {tailored.prompt_tokens + tailored.completion_tokens:,} tokens (price unknown)"
    return f" for ${tailored.usd:.4f}" if tailored.usd else ", free of charge"


def _scores(tailored: Tailored) -> Table:
    before, after = tailored.ats_before, tailored.written.ats
    fit_before, fit_after = tailored.fit_before, tailored.written.fit
    table = Table("", "before", "after", "", box=None, padding=(0, 2), pad_edge=False)
    table.columns[1].justify = table.columns[2].justify = "right"
    table.add_row(Text("ATS score", "bold"), *_moved(before.total, after.total), "of 100: how well an ATS reads it")
    for old, new in _changed(before, after):
        found = new.found if new.points > old.points or not new.advice else f"{new.found}: {new.advice}"
        table.add_row(f"  {new.name}", *_moved(old.points, new.points), Text(found, "dim"))
    table.add_row(
        Text("Fit", "bold"), *_moved(fit_before.score, fit_after.score), "of 100: how well it meets the posting"
    )
    return table


def _lower(tailored: Tailored) -> list[RenderableType]:
    """A warning where the resume that came in is the better one for an ATS or for this posting."""
    written = tailored.written
    lost = {
        "ATS score": tailored.ats_before.total - written.ats.total,
        "fit": tailored.fit_before.score - written.fit.score,
    }
    told = [f"{name} by {points:.1f}" for name, points in lost.items() if points >= _VISIBLE]
    if not told:
        return []
    return [Text(f"Lower than your own resume: {', '.join(told)}. Compare the two before you send this one.", "yellow")]


def _moved(before: float, after: float) -> tuple[str, Text]:
    style = "green" if after - before >= _VISIBLE else "red" if before - after >= _VISIBLE else ""
    return f"{before:.1f}", Text(f"{after:.1f}", style)


def _changed(before: AtsReport, after: AtsReport) -> list[tuple[Check, Check]]:
    """The checks whose points changed, the largest gain first."""
    pairs = [(old, new) for old, new in zip(before.checks, after.checks, strict=True) if old.points != new.points]
    return sorted(pairs, key=lambda pair: pair[0].points - pair[1].points)


_MOST_ADVICE = 3


def _advice(after: AtsReport) -> list[RenderableType]:
    """What would help most, that only the person can do."""
    open_ = sorted((check for check in after.checks if check.advice), key=lambda check: check.points - check.of)
    lines = [Text(f"  - {check.advice}") for check in open_[:_MOST_ADVICE]]
    return [Text(), Text("What would raise the ATS score further", "bold"), *lines] if lines else []


def _requirements(fit: FitReport) -> list[RenderableType]:
    """What the posting asks for, and whether the resume shows it."""
    asked = [
        ("You have", "green", fit.matched),
        ("Missing, required", "red", fit.missing_required),
        ("Missing, preferred", "yellow", fit.missing_preferred),
    ]
    table = Table(box=None, padding=(0, 2), pad_edge=False, show_header=False)
    for name, style, skills in asked:
        table.add_row(Text(name, style), Text(", ".join(skills) or "nothing"))
    if fit.years_asked is not None:
        shown = "not shown" if fit.years_shown is None else f"at least {fit.years_shown:g} shown"
        table.add_row("Years asked for", f"{fit.years_asked} ({shown})")
    if fit.degree_asked is not None:
        table.add_row("Degree asked for", f"{fit.degree_asked} ({fit.degree_held or 'none shown'})")
    parts: list[RenderableType] = [Text("What the posting asks for", "bold"), table]
    if fit.missing_required or fit.missing_preferred:
        parts.append(Text("If you have any of the missing, add it to your own resume and run this again.", "dim"))
    return parts


def _truth(tailored: Tailored) -> list[RenderableType]:
    """What is not in the resume that came in: still there, to be looked at, or taken out already."""
    written = tailored.written
    parts: list[RenderableType] = []
    if written.truth.unsupported:
        parts.append(Text("Check these before you send it: your resume does not say them", "bold red"))
        for claim in written.truth.unsupported:
            nearest = f' (nearest in yours: "{claim.nearest}")' if claim.nearest else ""
            parts.append(Text(f"  - {claim.text}: {claim.why}{nearest}"))
    else:
        parts.append(Text("Every claim is in your own resume.", "bold green"))
    if written.unsupported:
        parts.append(Text("The model made these up; they were taken out", "bold"))
        parts += [Text(f"  - {text}") for text in written.unsupported]
    if put_back := written.corrections - len(written.unsupported):
        parts.append(Text(f"{put_back} statement(s) were put back into your own words.", "dim"))
    return parts


def dry_run_json(order: Order, estimate: Estimate | None) -> dict[str, Any]:
    """The request and its cost, for programs."""
    return {
        "model": order.model,
        "prompt": order.prompt,
        "messages": order.messages,
        "prompt_tokens": count_messages(order.messages, order.model),
        "likely_usd": estimate.likely_usd if estimate else None,
        "most_usd": estimate.most_usd if estimate else None,
    }


def dry_run_told(order: Order, estimate: Estimate | None) -> RenderableType:
    """The request and its cost, for a person."""
    parts: list[RenderableType] = []
    for message in order.messages:
        parts += [Text(f"--- {message['role']} ---", "bold"), Text(message["content"]), Text()]
    tokens = count_messages(order.messages, order.model)
    parts.append(
        Text(f"Nothing was sent. {order.model} would get {tokens:,} tokens and answer with about {LIKELY_ANSWER:,}.")
    )
    if estimate is None:
        parts.append(Text("What it costs is not known: its price is not in the table of prices."))
    elif not estimate.most_usd:
        parts.append(Text("It costs nothing."))
    else:
        parts.append(Text(f"It costs about ${estimate.likely_usd:.4f}, at most ${estimate.most_usd:.4f} an answer."))
    return Group(*parts)
