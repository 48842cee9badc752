"""Tokens, estimated: four characters each, OpenAI's own rule of thumb for English.

Exact counts belong to a model's tokenizer, and the models here have none. The estimate is cheap, the same on every
machine, and good enough for budgets and limits.
"""

CHARACTERS_PER_TOKEN = 4


def count(text: str) -> int:
    """Tokens in `text`; any rest of a token counts as one."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def first(text: str, tokens: int) -> str:
    """The first `tokens` tokens of `text`."""
    return text[: tokens * CHARACTERS_PER_TOKEN]
