"""Models that providers shut down: who is warned, and when asking them stops.

The notices are a pure function; asking the provider is one call of its list of models.
"""

import asyncio
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from resources.errors import ServiceError
from resources.language_model import LanguageModel, ListedModel, Session
from resume_assets.settings import Generation

NO_LIST = (404, 405, 501)  # statuses of servers that have no list of models


@dataclass(frozen=True)
class Notice:
    """What people must know of one model in use: it is gone, or goes on `day`. `over` says that it cannot be asked."""

    model: str
    day: dt.date | None
    over: bool

    def __str__(self) -> str:
        if self.day is None:
            return f"{self.model} is not among the provider's models any more"
        return f"{self.model} {'was' if self.over else 'will be'} shut down on {self.day}"


def shutdown_notices(
    models: Iterable[ListedModel], configured: Iterable[str], today: dt.date, window: dt.timedelta
) -> list[Notice]:
    """The configured models that the provider does not list, or shuts down within the window from today."""
    listed = {model.name: model.shutdown for model in models}
    notices = []
    for name in sorted(set(configured)):
        day = listed.get(name)
        if name not in listed:
            notices.append(Notice(name, None, over=True))
        elif day is not None and day <= today + window:
            notices.append(Notice(name, day, over=day <= today))
    return notices


def replacements(settings: Generation) -> str:
    """What to do about a model that goes."""
    others = " or ".join(settings.replacements) or "another model of the provider"
    return f"Use {others} instead (generation.model, or the model of an arm)."


def notices_now(
    language_model: LanguageModel, configured: Iterable[str], settings: Generation, today: dt.date
) -> list[Notice]:
    """Ask the provider which of the configured models are gone, or will be within the warning window.

    Raises:
        ServiceError: the provider does not answer.
    """

    async def listed() -> list[ListedModel]:
        async with language_model.session() as session:
            return await session.models()

    return shutdown_notices(asyncio.run(listed()), configured, today, dt.timedelta(days=settings.shutdown_warning_days))


async def require_usable(session: Session, models: Sequence[str], settings: Generation, today: dt.date) -> None:
    """Make sure that the provider answers, takes the key and has the models, before anything is paid for.

    Raises:
        ServiceError: it does not.
    """
    try:
        listed = await session.models()
    except ServiceError as error:
        if settings.require_listed_models or getattr(error.__cause__, "status_code", None) not in NO_LIST:
            raise
        return
    for notice in shutdown_notices(listed, models, today, dt.timedelta(0)):
        if notice.day is not None:
            raise ServiceError(f"{notice}.", replacements(settings))
        if settings.require_listed_models:
            some = ", ".join(sorted(model.name for model in listed)[:8]) or "none"
            raise ServiceError(
                f"{session.address} has no model {notice.model!r} for this key.",
                f"Set generation.model, or the model of an arm, to one it has ({some}, ...).",
            )
