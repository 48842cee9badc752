"""Computing in processes of their own, so that it neither holds up the requests nor fills the memory of the run."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import ParamSpec, Protocol, TypeAlias, TypeVar

from resources.language_model import Answer
from tailoring.answers import WrittenResume, read_answer, write_resume

P = ParamSpec("P")
T = TypeVar("T")

Write: TypeAlias = Callable[[Answer, str, str], WrittenResume]

# Fewer documents are judged sooner than a process has started.
WORTH_A_PROCESS = 100


class Elsewhere(Protocol):
    """Turns a function into one that does the same in another process, waited for; it may be called from any thread."""

    def __call__(self, function: Callable[P, T], /) -> Callable[P, T]: ...


def write(answer: Answer, resume_text: str, posting: str) -> WrittenResume:
    """The resume in an answer, grounded in its source and judged.

    Raises:
        AnswerError: the answer is not what was asked.
    """
    resume = read_answer(answer.text, answer.finish_reason, answer.refusal, resume_text)
    return write_resume(resume, resume_text, posting)


@contextmanager
def computing(documents: int, processes: int = 1) -> Iterator[Elsewhere]:
    """`Elsewhere` for so many documents; where that is not worth a process, functions stay as they are.

    A process starts when the first call needs it. Functions, arguments and results are pickled.
    """
    if documents < WORTH_A_PROCESS:
        yield lambda function: function
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=_end_with, initargs=(os.getpid(),)) as pool:

        def elsewhere(function: Callable[P, T], /) -> Callable[P, T]:
            return lambda *args, **kwargs: pool.submit(function, *args, **kwargs).result()

        yield elsewhere


@contextmanager
def writers(documents: int) -> Iterator[Write]:
    """`write` for so many documents, on all processors but one, which is for the requests."""
    with computing(documents, max(1, (os.cpu_count() or 1) - 1)) as elsewhere:
        yield elsewhere(write)


def _end_with(parent: int) -> None:
    """Leave Ctrl-C to the parent, and end when it is gone, killed or not: a pool's processes would stay for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
