"""Whether computing grows with the length of a text only: no text may keep a processor busy for minutes."""

import gc
import time
from collections.abc import Callable

TIMES_LONGER = 4
MOST = 10  # times the cost of a text four times as long; a quadratic step takes sixteen times
OVERHEAD = 0.2  # seconds


def assert_linear(work: Callable[[str], object], piece: str, length: int) -> None:
    """Working at a text made of `piece` costs in proportion to its length, from `length` characters on."""
    work(_text(piece, 1_000))  # what is loaded once
    short, long = (_processor_seconds(work, _text(piece, times * length)) for times in (1, TIMES_LONGER))
    assert long < MOST * short + OVERHEAD, f"{short:.3f} s, and {long:.3f} s for {TIMES_LONGER} times the length"


def _text(piece: str, length: int) -> str:
    return (piece * (length // len(piece) + 1))[:length]


def _processor_seconds(work: Callable[[str], object], text: str) -> float:
    """Without garbage collection: of all that a test process holds, it takes longer than the work."""
    gc.disable()
    try:
        start = time.process_time()
        work(text)
        return time.process_time() - start
    finally:
        gc.enable()
