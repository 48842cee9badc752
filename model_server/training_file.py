"""Training files: their lines, and what must hold before a job may train on one. The forms are OpenAI's."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from model_server import tokens
from model_server.chat_request import Message
from model_server.fields import RequestPart
from model_server.jsonl import LineError, lines, parsed

MINIMUM = 10  # examples

Method = Literal["supervised", "dpo"]


class TrainingFileError(ValueError):
    """The file cannot be trained on; the message says why, for people."""


class TrainingMessage(Message):
    weight: Literal[0, 1] | None = None


class Output(Message):
    role: Literal["assistant"]


class SupervisedExample(RequestPart):
    """A conversation whose last message is the answer to learn."""

    messages: list[TrainingMessage] = Field(min_length=2)

    @model_validator(mode="after")
    def _ends_with_an_answer(self) -> "SupervisedExample":
        last = self.messages[-1]
        if last.role != "assistant" or not last.text or last.weight == 0:
            raise ValueError("the last message must be an assistant's, with content, and no weight of 0")
        return self

    def texts(self) -> list[str]:
        return [message.text for message in self.messages]


class Input(RequestPart):
    messages: list[Message] = Field(min_length=1)


class PreferenceExample(RequestPart):
    """A conversation, an answer to it, and another that is worse."""

    input: Input
    preferred_output: Annotated[list[Output], Field(min_length=1, max_length=1)]
    non_preferred_output: Annotated[list[Output], Field(min_length=1, max_length=1)]

    def texts(self) -> list[str]:
        return [message.text for message in (*self.input.messages, *self.preferred_output, *self.non_preferred_output)]


FORMS: dict[Method, type[SupervisedExample] | type[PreferenceExample]] = {
    "supervised": SupervisedExample,
    "dpo": PreferenceExample,
}


def check(path: Path, method: Method) -> int:
    """The tokens of a file. Raises TrainingFileError unless it has enough lines, each an example for `method`."""
    examples, invalid, total, first = 0, 0, 0, ""
    try:
        for number, line in lines(path):
            examples += 1
            try:
                total += sum(map(tokens.count, parsed(line, FORMS[method]).texts()))
            except LineError as error:
                invalid += 1
                first = first or f"Line {number}: {error}."
    except FileNotFoundError:
        raise TrainingFileError("The file was deleted.") from None
    if invalid:
        raise TrainingFileError(f"{invalid} of {examples} lines are no examples for the method {method}. {first}")
    if examples < MINIMUM:
        raise TrainingFileError(f"The file has {examples} example(s), but must have at least {MINIMUM} examples.")
    return total
