"""Computing in other processes: the same results and errors as here, and for a few documents no process at all."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from resources.language_model import Answer
from resume_assets.writers import WORTH_A_PROCESS, computing, write, writers
from tailoring.answers import AnswerError
from tailoring.extractive import tailor
from tailoring.parsing import source_lines
from tailoring.token_counts import count_messages

SOURCE = """Jane Doe
Skills
Python, SQL
Experience
Developer, Acme, 2019 - 2021
- Built reports in Python that the sales team reads every morning.
"""
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


def test_a_resume_is_written_the_same_there_and_an_answer_that_is_none_says_so() -> None:
    answer = Answer(tailor(source_lines(SOURCE), "Python").model_dump_json(), "stop", "", "m", 1, 1)
    refused = Answer("", "stop", "I cannot help with that.", "m", 1, 1)
    with writers(WORTH_A_PROCESS) as write_there:
        assert write_there(answer, SOURCE, "Python") == write(answer, SOURCE, "Python")
        with pytest.raises(AnswerError, match="refused by the model") as told:
            write_there(refused, SOURCE, "Python")
    assert told.value.detail == "I cannot help with that."
