"""What requests to language models and their training cost, from a table of prices that is data.

Knows prices and model names; who may spend how much is for others.
"""

import datetime as dt
import re

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

_MILLION = 1_000_000
_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")


class PriceError(ValueError):
    """A table of prices that cannot be read; the message says where."""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Row):
    """Where prices were read, and when."""

    as_of: dt.date
    page: str


class Price(_Row):
    """US dollars per million tokens of one model; `training` is None where it cannot be tuned."""

    input: float = Field(ge=0)
    cached_input: float = Field(ge=0)
    output: float = Field(ge=0)
    training: float | None = Field(None, ge=0)
    source: str


class PriceTable(_Row):
    """The prices of all known models."""

    batch_share: float = Field(gt=0, le=1)
    sources: dict[str, Source]
    models: dict[str, Price]

    @model_validator(mode="after")
    def _sources_are_known(self) -> "PriceTable":
        if unknown := sorted({price.source for price in self.models.values()} - set(self.sources)):
            raise ValueError(f"no source named {unknown[0]!r}; known: {', '.join(self.sources)}")
        return self

    def of(self, model: str) -> Price | None:
        """The price of a model by its API name, with or without a snapshot's date; None where it is not known.

        A tuned model (`ft:BASE:...`) has the price of `ft:BASE`.
        """
        parts = model.split(":")
        name = ":".join(parts[:2]) if parts[0] == "ft" else model
        return self.models.get(name) or self.models.get(_SNAPSHOT.sub("", name))

    def cost(
        self, model: str, prompt_tokens: int, completion_tokens: int, *, cached_tokens: int = 0, batch: bool = False
    ) -> float | None:
        """US dollars of one answer; `cached_tokens` are those of the prompt that the provider had in its cache.

        None where the price is not known.
        """
        price = self.of(model)
        if price is None:
            return None
        fresh = prompt_tokens - cached_tokens
        tokens = fresh * price.input + cached_tokens * price.cached_input + completion_tokens * price.output
        return tokens / _MILLION * (self.batch_share if batch else 1)


def read_prices(content: str) -> PriceTable:
    """The table in the text of a YAML file.

    Raises:
        PriceError: it is not such a table.
    """
    try:
        return PriceTable.model_validate(yaml.safe_load(content))
    except yaml.YAMLError as error:
        raise PriceError(f"the prices are not YAML: {error}") from None
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        raise PriceError(f"the prices are wrong at {where or 'the top'}: {error.errors()[0]['msg']}") from None
