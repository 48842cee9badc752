"""A day's finished documents on disk until all are there: they come in any order and go out in that of their ids."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from bson import CodecOptions, decode, encode

from resume_assets.schemas import DayDocument

_TIMES_WITH_ZONE: CodecOptions[dict[str, object]] = CodecOptions(tz_aware=True)


@dataclass(frozen=True)
class Spool:
    """Documents as MongoDB will hold them, times in milliseconds; in memory are their ids only."""

    file: BinaryIO
    places: dict[str, tuple[int, int]] = field(default_factory=dict)  # by id: offset and length, in bytes

    def add(self, document: DayDocument) -> None:
        """Keep a document; it takes the place of an earlier one of its pair. One at a time."""
        written = encode(document.model_dump(by_alias=True))
        self.places[document.id] = self.file.seek(0, 2), len(written)
        self.file.write(written)

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[DayDocument]:
        for _, (offset, length) in sorted(self.places.items()):
            self.file.seek(offset)
            yield DayDocument.model_validate(decode(self.file.read(length), _TIMES_WITH_ZONE))


@contextmanager
def spool(folder: Path) -> Iterator[Spool]:
    """An empty spool in a file of `folder` that has no name, so that nothing of it is left, whatever happens."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        yield Spool(cast(BinaryIO, file))
