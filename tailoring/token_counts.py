"""How many tokens a text costs, counted offline as OpenAI does; unknown models are taken to count like its newest."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from bpe_openai import Encoding

Count: TypeAlias = Callable[[Iterable[Mapping[str, str]], str], int]  # as `count_messages`

_NEWEST = "o200k_base"
_OFFLINE = frozenset({_NEWEST, "cl100k_base"})  # the older ones would be downloaded
_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")
# The encoder refuses long input; a cut inside a token makes it two, one too many in some ten thousand.
_PIECE = 40_000  # characters

# What the chat format adds, measured by OpenAI: github.com/openai/openai-cookbook, How_to_count_tokens_with_tiktoken.
_AROUND_A_MESSAGE = 3
_BEFORE_THE_ANSWER = 3

_CHARS_PER_TOKEN = 4  # of English, about


@lru_cache(maxsize=2048)  # of some 20 KB: a night's examples repeat the prompts of its pairs
def count(text: str, model: str) -> int:
    """The tokens of a text for a model, by its id; a fine-tuned one counts like its base."""
    encoding = _encoding_of(model)
    return sum(len(encoding.encode_ordinary(text[at : at + _PIECE])) for at in range(0, len(text), _PIECE))


def count_messages(messages: Iterable[Mapping[str, str]], model: str) -> int:
    """The tokens of a chat's messages, as they are billed: with what the chat format puts around them."""
    return _BEFORE_THE_ANSWER + sum(
        _AROUND_A_MESSAGE + count(message["role"], model) + count(message["content"], model) for message in messages
    )


def guess_messages(messages: Iterable[Mapping[str, str]]) -> int:
    """About how many tokens a chat's messages have; for where nothing depends on it, since the tables take 140 MB."""
    return sum(len(message["content"]) for message in messages) // _CHARS_PER_TOKEN


@lru_cache(maxsize=256)
def _encoding_of(model: str) -> "Encoding":
    from bpe_openai import encoding_name_for_model  # reads its tables: a tenth of a second

    base = _SNAPSHOT.sub("", model.removeprefix("ft:").split(":")[0])
    try:
        name = encoding_name_for_model(base)
    except KeyError:
        name = _NEWEST
    return _encoding(name if name in _OFFLINE else _NEWEST)


@lru_cache
def _encoding(name: str) -> "Encoding":
    from bpe_openai import get_encoding

    return get_encoding(name)
