"""Computing in processes of their own, so that it neither holds up the requests nor fills the memory of the run."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from typing import ParamSpec, Protocol, TypeAlias, TypeVar

from resources.language_model import Answer
from tailoring.answers import WrittenResume, read_answer, write_resume

P = ParamSpec("P")
T = TypeVar("T")

Write: TypeAlias = Callable[[Answer, str, str], WrittenResume]

# Fewer documents are judged sooner than a process has started.
WORTH_A_PROCESS = 100


class Compute(Protocol):
    """Calls a function and waits for what it returns, or raises."""

    def __call__(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T: ...


def write(answer: Answer, resume_text: str, posting: str) -> WrittenResume:
    """The resume in an answer, grounded in its source and judged.

    Raises:
        AnswerError: the answer is not what was asked.
    """
    resume = read_answer(answer.text, answer.finish_reason, answer.refusal, resume_text)
    return write_resume(resume, resume_text, posting)


@contextmanager
def computing(documents: int, processes: int = 1) -> Iterator[Compute]:
    """`Compute` for so many documents, in other processes where that is worth it. It may be called from any thread.

    A process starts when the first call needs it; its function, arguments and result are pickled.
    """
    if documents < WORTH_A_PROCESS:
        yield _here
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=_end_with, initargs=(os.getpid(),)) as pool:
        yield lambda function, *args, **kwargs: pool.submit(function, *args, **kwargs).result()


@contextmanager
def writers(documents: int) -> Iterator[Write]:
    """`write` for so many documents, on all processors but one, which is for the requests."""
    with computing(documents, max(1, (os.cpu_count() or 1) - 1)) as compute:
        yield partial(compute, write)


def _here(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    return function(*args, **kwargs)


def _end_with(parent: int) -> None:
    """Leave Ctrl-C to the parent, and end when it is gone, killed or not: a pool's processes would stay for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
