"""Computing in other processes: the same results and errors as here, and for a few documents no process at all."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from resources.language_model import Answer
from resume_assets.writers import WORTH_A_PROCESS, computing, writers
from tailoring.answers import AnswerError
from tailoring.token_counts import count_messages

MESSAGES = [{"role": "user", "content": "Built reports in Python for the sales team."}]


def test_many_documents_are_worth_a_process_and_few_are_not() -> None:
    with computing(WORTH_A_PROCESS) as elsewhere:
        other = elsewhere(os.getpid)
        with ThreadPoolExecutor(4) as threads:
            (process,) = {call.result() for call in [threads.submit(other) for _ in range(8)]}
        assert process != os.getpid()
        assert elsewhere(count_messages)(MESSAGES, "gpt-4o") == count_messages(MESSAGES, "gpt-4o")
    with computing(WORTH_A_PROCESS - 1) as elsewhere:
        assert elsewhere(os.getpid)() == os.getpid()


def test_an_answer_that_is_none_says_so_from_another_process_too() -> None:
    refused = Answer("", "stop", "I cannot help with that.", "m", 1, 1)
    with writers(WORTH_A_PROCESS) as write, pytest.raises(AnswerError, match="refused by the model") as told:
        write(refused, "Jane Doe", "Python")
    assert told.value.detail == "I cannot help with that."
