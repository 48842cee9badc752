"""Training files: examples as JSON lines, checked as a fine-tuning provider checks them, with their size and cost."""

import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from tailoring.example_lines import Example, Form, LineError, line_of, read_line
from tailoring.examples import DpoExample, KtoExample, SftExample
from tailoring.token_counts import count_messages

AnExample = TypeVar("AnExample", SftExample, DpoExample, KtoExample)

# OpenAI's limits, of a file and of one example of its tunable models.
BYTES_OF_A_FILE = 512 * 10**6
TOKENS_OF_AN_EXAMPLE = 65_536
FEWEST_EXAMPLES = 10


@dataclass(frozen=True)
class Problem:
    """What a provider would refuse, or read otherwise than meant. Line 0 is the file as a whole."""

    line: int
    problem: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.problem}" if self.line else self.problem


@dataclass(frozen=True)
class FileReport:
    """What a training file holds; tokens are those of one epoch, and only of lines that can be read.

    `cost_usd` is None where nobody can know it; `cost_note` says why, or how it was reckoned.
    """

    form: Form
    examples: int
    bytes: int
    sha256: str
    tokens: int
    tokens_longest: int
    tokens_p95: int
    cost_usd: float | None
    cost_note: str
    problems: tuple[Problem, ...]


def to_jsonl(examples: Iterable[Example]) -> bytes:
    """One example a line. Equal examples give equal bytes; in plain ASCII, so that any tool sees the same lines."""
    return b"".join(json.dumps(line_of(each), separators=(",", ":")).encode() + b"\n" for each in examples)


def short_enough(
    examples: Iterable[AnExample], form: Form, *, model: str, tokens_of_an_example: int = TOKENS_OF_AN_EXAMPLE
) -> list[AnExample]:
    """The examples that a provider would not cut off: one overlong resume must not stop the others from teaching."""
    return [each for each in examples if _tokens(to_jsonl([each]), form, model) <= tokens_of_an_example]


def check_file(
    content: bytes,
    form: Form,
    *,
    model: str,
    epochs: int | None,
    usd_per_million_tokens: float | None,
    fewest_examples: int = FEWEST_EXAMPLES,
    tokens_of_an_example: int = TOKENS_OF_AN_EXAMPLE,
) -> FileReport:
    """Read a training file as its provider will.

    Args:
        model: the base model; tokens are counted as it counts them.
        epochs: how often the file is trained on; None where the provider chooses.
        usd_per_million_tokens: the price of training, paid for each epoch; None where it is not known.
    """
    problems, tokens = [], []
    lines = content.removesuffix(b"\n").split(b"\n") if content else []
    for number, line in enumerate(lines, start=1):
        try:
            tokens.append(_tokens(line, form, model))
        except LineError as error:
            problems += [Problem(number, problem) for problem in error.problems]
        else:
            if tokens[-1] > tokens_of_an_example:
                cut = f"{tokens[-1]:,} tokens: all after the first {tokens_of_an_example:,} would be cut off"
                problems.append(Problem(number, cut))
    if len(lines) < fewest_examples:
        problems.append(Problem(0, f"{len(lines)} examples: no fewer than {fewest_examples} are taken"))
    if len(content) > BYTES_OF_A_FILE:
        problems.append(Problem(0, f"{len(content):,} bytes: no more than {BYTES_OF_A_FILE:,} are taken"))
    cost, note = _cost(sum(tokens), model, epochs, usd_per_million_tokens)
    return FileReport(
        form=form,
        examples=len(lines),
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        tokens=sum(tokens),
        tokens_longest=max(tokens, default=0),
        tokens_p95=sorted(tokens)[math.ceil(0.95 * len(tokens)) - 1] if tokens else 0,
        cost_usd=cost,
        cost_note=note,
        problems=tuple(problems),
    )


def _tokens(line: bytes, form: Form, model: str) -> int:
    return count_messages(read_line(line, form), model)


def _cost(tokens: int, model: str, epochs: int | None, price: float | None) -> tuple[float | None, str]:
    if price is None:
        return None, f"unknown: no price of training {model} is known"
    if epochs is None:
        return None, "unknown: the provider chooses the number of epochs"
    return tokens * epochs * price / 1e6, f"{tokens:,} tokens x {epochs} epochs at ${price:g} a million"
