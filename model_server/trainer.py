"""The training itself, in a process of its own: `python -m model_server.trainer`.

Is given a `Task` as JSON and writes an `Outcome`; it keeps nothing. Its input is open as long as the server lives, and
with it ends the process.
"""

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from model_server.chat_request import Message
from model_server.jsonl import LineError, lines, parsed
from model_server.training_file import PreferenceExample, SupervisedExample, TrainingFileError
from model_server.training_task import Outcome, Task
from tailoring.fitting import Example, Fitted, Pair, fit_preferences, fit_supervised
from tailoring.prompts import Inputs, PromptError, extract_inputs
from tailoring.resume import TailoredResume

_NICENESS = 10


def train(task: Task) -> Outcome:
    """Fit the model to the examples of the file."""
    try:
        fitted = _fit(task)
    except TrainingFileError as error:
        return Outcome(problem=str(error))
    if not fitted.examples_used:
        return Outcome(problem="No example tells this model anything: there was nothing to choose, or no difference.")
    return Outcome(weights=fitted.weights, losses=fitted.losses)


def _fit(task: Task) -> Fitted:
    options: dict[str, Any] = {} if task.epochs is None else {"epochs": task.epochs}
    if task.method == "supervised":
        return fit_supervised(_examples(task.file), task.weights, **options)
    if task.beta is not None:
        options["beta"] = task.beta
    return fit_preferences(_pairs(task.file), task.weights, **options)


def _examples(file: Path) -> Iterator[Example]:
    for number, line in lines(file):
        *asked, answer = parsed(line, SupervisedExample).messages
        inputs = _inputs(number, asked)
        yield inputs.resume_lines, inputs.posting, _resume(number, answer)


def _pairs(file: Path) -> Iterator[Pair]:
    for number, line in lines(file):
        example = parsed(line, PreferenceExample)
        inputs = _inputs(number, example.input.messages)
        answers = (*example.preferred_output, *example.non_preferred_output)
        preferred, rejected = (_resume(number, answer) for answer in answers)
        yield inputs.resume_lines, inputs.posting, preferred, rejected


def _inputs(number: int, messages: Sequence[Message]) -> Inputs:
    try:
        return extract_inputs([{"role": message.role, "content": message.text} for message in messages])
    except PromptError as error:
        raise TrainingFileError(f"Line {number} has nothing to tailor: {error}.") from error


def _resume(number: int, answer: Message) -> TailoredResume:
    try:
        return parsed(answer.text.encode(), TailoredResume)
    except LineError as error:
        raise TrainingFileError(f"Line {number}: the assistant's answer is no TailoredResume: {error}.") from error


def _end_with_the_server() -> None:
    os.read(sys.stdin.fileno(), 1)  # nothing ever comes but the end; and no lock is held that an exit would wait for
    os._exit(1)


def main() -> None:
    os.nice(_NICENESS)
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    task = Task.model_validate_json(sys.argv[1])
    sys.stdout.write(train(task).model_dump_json())


if __name__ == "__main__":
    main()
