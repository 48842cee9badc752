"""Lists in pages, as the API gives them: so many objects after the one named."""

from collections.abc import Sequence
from typing import Any

from model_server.errors import ApiError


def page(objects: Sequence[dict[str, Any]], after: str | None, limit: int) -> dict[str, Any]:
    """The first `limit` objects that follow the one with the id `after` (None: from the start).

    Raises ApiError (400) where `after` is the id of none.
    """
    start = 0
    if after is not None:
        places = [place for place, one in enumerate(objects, start=1) if one["id"] == after]
        if not places:
            raise ApiError(400, f"No object of this list has the id '{after}'.", code="invalid_value", param="after")
        start = places[0]
    data = objects[start : start + limit]
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": start + limit < len(objects),
    }
