"""A file's bytes in pieces that end with a record, as far as their quotes tell; a piece can be put back.

Keep out: what a record is like inside (see `records` and `quarantine`), and opening files (see `tables`).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np


class Piece(NamedTuple):
    """Bytes that start with a record and, as far as their quotes tell, end with one."""

    data: bytes
    final: bool
    """Nothing follows."""
    cut: bool
    """The file has no newline at its end; `data` has."""


class Source:
    """A file's bytes, to be taken in pieces and put back."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._returned = b""
        self._rest, self._inside = b"", False
        """What follows the last piece and ends no record; whether a quote is open behind it."""
        self._cut = False
        """The final piece was given a newline."""
        self.finished = False
        """The final piece was taken."""

    def take(self, least: int) -> Piece:
        """At least so many bytes, or all that are left."""
        blocks, size = [self._rest], len(self._rest)
        while block := self._next_block():
            self._inside ^= count(block, b'"') % 2 == 1
            end = _last_end(block, inside=self._inside)
            if end and size + end >= least:
                self._rest = block[end:]
                return Piece(b"".join([*blocks, memoryview(block)[:end]]), final=False, cut=False)
            blocks.append(block)
            size += len(block)
        data = b"".join(blocks)
        self._rest, self._cut, self.finished = b"", not data.endswith(b"\n"), True
        return Piece(data + b"\n" if self._cut else data, final=True, cut=self._cut)

    def _next_block(self) -> bytes:
        block, self._returned = self._returned, b""
        return block or next(self._blocks, b"")

    def put_back(self, data: bytes) -> None:
        """Take the bytes that were taken last, from the beginning of a record, before all others."""
        self._returned = data[:-1] if self._cut else data + self._rest
        self._rest, self._inside, self._cut, self.finished = b"", False, False, False


def _last_end(data: bytes, *, inside: bool) -> int:
    """The offset after the last newline of `data` that nothing quotes, 0 without one.

    `inside` says whether a quote is open where `data` ends.
    """
    end = len(data)
    while (newline := data.rfind(b"\n", 0, end)) >= 0:
        inside ^= data.count(b'"', newline, end) % 2 == 1
        if not inside:
            return newline + 1
        end = newline
    return 0


def count(data: bytes, byte: bytes) -> int:
    """As `data.count(byte)`, and as fast when there are many."""
    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == ord(byte)))
