"""How far a day's generation is, while it runs: a line for the log and a terminal, metadata for the UI."""

import time
from typing import Any

import dagster as dg

from resume_assets.asking import Outcome
from resume_assets.pacing import Clock

LINE_EVERY, OBSERVATION_EVERY = 2.0, 30.0  # seconds


class Progress:
    """Call it after each request; it tells now and then."""

    def __init__(self, context: dg.AssetExecutionContext, total: int, clock: Clock = time.monotonic) -> None:
        self._context = context
        self._total = total
        self._clock = clock
        self._started = clock()
        self._line_at = self._started
        self._observed_at = self._started

    def __call__(self, outcome: Outcome[Any]) -> None:
        now = self._clock()
        settled = outcome.done + len(outcome.failed)
        if now < self._line_at + LINE_EVERY and settled < self._total:
            return
        self._line_at = now
        self._context.log.info(line(outcome, self._total, now - self._started))
        if now >= self._observed_at + OBSERVATION_EVERY:
            self._observed_at = now
            observed = dg.AssetObservation(
                self._context.asset_key,
                partition=self._context.partition_key,
                metadata=figures(outcome, self._total, now - self._started),
            )
            self._context.log_event(observed)


def line(outcome: Outcome[Any], total: int, seconds: float) -> str:
    """The state in one line: done, failed by reason, tokens, dollars, rate, time left."""
    parts = [f"{outcome.done} of {total} resumes"]
    if outcome.reused:
        parts.append(f"{outcome.reused} from the ledger")
    if outcome.from_batches:
        parts.append(f"{outcome.from_batches} from a batch that was left open")
    if outcome.cut_short_before:
        parts.append(f"{outcome.cut_short_before} perhaps asked twice")
    if outcome.failed:
        reasons = ", ".join(f"{count} x {reason}" for reason, count in outcome.reasons.most_common(3))
        parts.append(f"{len(outcome.failed)} failed ({reasons})")
    if outcome.held_by_others:
        parts.append(f"{outcome.held_by_others} asked by another run")
    if outcome.asked:
        parts.append(f"{outcome.prompt_tokens + outcome.completion_tokens:,} tokens")
        parts.append(f"${outcome.usd:.2f}" + (f" and {outcome.unpriced} unpriced" if outcome.unpriced else ""))
    if (rate := _rate(outcome, seconds)) and (left := _seconds_left(outcome, total, seconds)):
        parts.append(f"{rate:.1f} a second, {_duration(left)} left")
    return ", ".join(parts)


def figures(outcome: Outcome[Any], total: int, seconds: float) -> dict[str, dg.MetadataValue | float]:
    """The state as metadata."""
    return {
        "done": outcome.done,
        "of": total,
        "failed": len(outcome.failed),
        "failure_reasons": dg.MetadataValue.json(dict(outcome.reasons)),
        "requests_sent": outcome.asked,
        "prompt_tokens": outcome.prompt_tokens,
        "completion_tokens": outcome.completion_tokens,
        "cost_usd": round(outcome.usd, 6),
        "from_ledger": outcome.reused,
        "cut_short_before": outcome.cut_short_before,
        "per_second": round(_rate(outcome, seconds), 2),
        "seconds_left": round(_seconds_left(outcome, total, seconds)),
        "at_once": outcome.at_once,
    }


def _rate(outcome: Outcome[Any], seconds: float) -> float:
    return (outcome.done + len(outcome.failed) - outcome.reused) / seconds if seconds > 0 else 0.0


def _seconds_left(outcome: Outcome[Any], total: int, seconds: float) -> float:
    """At the rate until now; 0 until there is one."""
    rate = _rate(outcome, seconds)
    return (total - outcome.done - len(outcome.failed)) / rate if rate else 0.0


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
