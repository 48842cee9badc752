"""What the bodies of several requests have in common, and how a field of one is named."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints


def _not_offered(value: object) -> object:
    if value:
        raise ValueError("no model of this server offers it; leave it out")
    return value


def _encodable(text: str) -> str:
    """JSON can spell half a surrogate pair, which is no text and cannot be sent back."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("it holds a lone surrogate, which is not valid Unicode") from None
    return text


def _few(pairs: dict[str, str]) -> dict[str, str]:
    if len(pairs) > _MOST_METADATA:
        raise ValueError(f"at most {_MOST_METADATA} pairs")
    return pairs


_MOST_METADATA = 16

Text = Annotated[str, AfterValidator(_encodable)]
NotOffered = Annotated[Any, AfterValidator(_not_offered)]
Metadata = Annotated[
    dict[Annotated[Text, StringConstraints(max_length=64)], Annotated[Text, StringConstraints(max_length=512)]],
    AfterValidator(_few),
]


class RequestPart(BaseModel):
    """Fields that we do not know are left out of account, as OpenAI's clients send more than any server reads."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def dotted(location: Sequence[str | int]) -> str:
    """('messages', 0, 'role') as messages[0].role."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location).removeprefix(".")
