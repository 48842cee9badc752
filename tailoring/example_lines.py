"""How a line of a training file looks, in the provider's own shapes: supervised, preference, and true or not."""

import re
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from tailoring.examples import DpoExample, KtoExample, Message, SftExample

Example: TypeAlias = SftExample | DpoExample | KtoExample

# By first letters: a system message or none, then the user and the assistant by turns, and the user's last word.
_PROMPT = re.compile(r"s?(?:ua)*u")


class Form(StrEnum):
    """What the lines of a file teach: the provider's names of its methods; for KTO it has none."""

    SFT = "supervised"
    DPO = "dpo"
    KTO = "kto"


class LineError(ValueError):
    """A line that a provider would refuse, or read otherwise than it is meant; `problems` says why."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


def line_of(example: Example) -> dict[str, Any]:
    """The line that says this example."""
    prompt = list(example.messages)
    match example:
        case SftExample():
            return {"messages": [*prompt, _answer(example.completion)]}
        case DpoExample():
            preferred, rejected = [_answer(example.preferred)], [_answer(example.rejected)]
            return {"input": {"messages": prompt}, "preferred_output": preferred, "non_preferred_output": rejected}
        case KtoExample():
            return {"prompt": prompt, "completion": [_answer(example.completion)], "label": example.truthful}


def read_line(line: bytes, form: Form) -> list[Message]:
    """All messages of a line: the prompt's, then the answer or answers.

    Raises:
        LineError: the line is not as its form wants it.
    """
    try:
        fields = _SHAPES[form].model_validate_json(line).model_dump()
    except ValidationError as error:
        raise LineError([_in_words(fault) for fault in error.errors()]) from None
    prompt, answers = _prompt_and_answers(fields, form)
    problems = []
    if not _PROMPT.fullmatch("".join(message["role"][0] for message in prompt)):
        roles = ", ".join(message["role"] for message in prompt) or "nothing"
        problems.append(f"the prompt must be a system message or none, then user and assistant by turns, not {roles}")
    if any(message["role"] != "assistant" for message in answers):
        problems.append("the answer must be the assistant's")
    if form is Form.DPO and answers[0] == answers[1]:
        problems.append("both answers are the same: nothing to prefer")
    if problems:
        raise LineError(problems)
    return prompt + answers


def _prompt_and_answers(fields: dict[str, Any], form: Form) -> tuple[list[Message], list[Message]]:
    match form:
        case Form.SFT:
            return fields["messages"][:-1], fields["messages"][-1:]
        case Form.DPO:
            return fields["input"]["messages"], fields["preferred_output"] + fields["non_preferred_output"]
        case Form.KTO:
            return fields["prompt"], fields["completion"]


def _answer(text: str) -> Message:
    return {"role": "assistant", "content": text}


def _in_words(fault: Any) -> str:
    where = ".".join(map(str, fault["loc"]))
    return f"{where}: {fault['msg']}" if where else str(fault["msg"])


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Message(_Strict):
    role: Literal["system", "user", "assistant"]
    content: Annotated[str, AfterValidator(_not_blank)]


_Messages: TypeAlias = list[_Message]
_OneMessage: TypeAlias = Annotated[list[_Message], Field(min_length=1, max_length=1)]


class _Sft(_Strict):
    messages: _Messages


class _Input(_Strict):
    messages: _Messages


class _Dpo(_Strict):
    input: _Input
    preferred_output: _OneMessage
    non_preferred_output: _OneMessage


class _Kto(_Strict):
    prompt: _Messages
    completion: _OneMessage
    label: bool


_SHAPES: dict[Form, type[_Strict]] = {Form.SFT: _Sft, Form.DPO: _Dpo, Form.KTO: _Kto}
