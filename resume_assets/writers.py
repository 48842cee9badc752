"""Grounding and judging answers in processes of their own, so that computing never holds up the requests."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeAlias

from resources.language_model import Answer
from tailoring.answers import WrittenResume, read_answer, write_resume

Write: TypeAlias = Callable[[Answer, str, str], WrittenResume]

# Fewer documents are judged sooner than a process has started.
WORTH_A_PROCESS = 100


def write(answer: Answer, resume_text: str, posting: str) -> WrittenResume:
    """The resume in an answer, grounded in its source and judged.

    Raises:
        AnswerError: the answer is not what was asked.
    """
    resume = read_answer(answer.text, answer.finish_reason, answer.refusal, resume_text)
    return write_resume(resume, resume_text, posting)


@contextmanager
def writers(documents: int) -> Iterator[Write]:
    """`write` for so many documents, in other processes where that is worth it. It may be called from any thread."""
    if documents < WORTH_A_PROCESS:
        yield write
        return
    processes = max(1, (os.cpu_count() or 1) - 1)
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=_end_with, initargs=(os.getpid(),)) as pool:
        yield lambda answer, resume_text, posting: pool.submit(write, answer, resume_text, posting).result()


def _end_with(parent: int) -> None:
    """Leave Ctrl-C to the parent, and end when it is gone, killed or not: a pool's processes would stay for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
