"""Bytes of unknown origin to text: UTF-8, cp1252 and Latin-1, even mixed in one line, and characters that lost bytes.

Keep out: anything about what the text says (see `text`).
"""

import codecs
import re

import numpy as np
import pyarrow as pa


def to_utf8(data: bytes) -> bytes:
    """`data` itself when it is valid UTF-8. Else its bad lines: bytes out of place as cp1252, and lost bytes restored.

    The five bytes that cp1252 leaves undefined become the control characters that Latin-1 says they are.
    """
    if _is_utf8(data):
        return data
    sound: list[bytes] = []
    done = 0
    while (bad := _first_bad(data, done)) is not None:
        start, end = data.rfind(b"\n", done, bad) + 1 or done, data.find(b"\n", bad)
        end = len(data) if end < 0 else end
        sound += (data[done:start], restore_lost_bytes(data[start:end].decode("utf-8", _FALLBACK)).encode())
        done = end
    return b"".join([*sound, data[done:]])


def _is_utf8(data: bytes) -> bool:
    offsets = np.array([0, len(data)], np.int64)
    text = pa.Array.from_buffers(pa.large_string(), 1, [None, pa.py_buffer(offsets), pa.py_buffer(data)])
    try:
        text.validate(full=True)  # five times as fast as decoding
    except pa.ArrowInvalid:
        return False
    return True


def _first_bad(data: bytes, start: int) -> int | None:
    """Where the first byte out of place is, from `start` on."""
    try:
        codecs.utf_8_decode(memoryview(data)[start:], "strict", True)
    except UnicodeDecodeError as error:
        return start + error.start
    return None


def decode(data: bytes) -> str:
    """The text of `data`, which `to_utf8` explains."""
    return to_utf8(data).decode()


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(_CP1252[byte] for byte in bad), error.end


_CP1252 = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)]
_FALLBACK = "tailoring-cp1252"
codecs.register_error(_FALLBACK, _as_cp1252)


# UTF-8 read as cp1252 and saved as Latin-1 keeps the bytes that both know and loses the rest to "?": 80, 82 to 8C, 8E,
# 91 to 9C, 9E and 9F. "•" (E2 80 A2) becomes E2 "?" A2, "’" (E2 80 99) becomes E2 "?" "?". Some tools drop the lost
# byte, or show kept ones as U+FFFD. Several characters share each remnant; where it stands tells them apart, mostly.
_REMNANT = re.compile("[âï\ufffd](?:[?\ufffd][¢ª¦·\x8f\x9d\ufffd?]|\x9d\\?|[¢ª])")
_STARTS = "âï\ufffd"
_LIST_MARKS = frozenset("¢ª¦·\x8f\ufffd?")  # what • ▪ ✦ ● ❖ and the bullets of symbol fonts end in
_ENDING = re.compile(r"(?:s|t|re|ve|ll|d|m)\b")  # it's, don't, we're ...
_CLOSED_BY_DOUBLE_QUOTE = re.compile("[^âï\ufffd\n]{1,200}[â\ufffd][?\ufffd][\x9d\ufffd]")


def restore_lost_bytes(text: str) -> str:
    """The same text with `â?¢`, `ï?·`, `â??` and their like put back to the bullet, quote or dash that they were.

    A remnant whose place does not tell what it was stays as it is.
    """
    if not any(start in text for start in _STARTS):  # much faster than the pattern, on the many texts without any
        return text
    return _REMNANT.sub(_restored, text)


def _restored(match: re.Match[str]) -> str:
    remnant, text = match.group(), match.string
    before, after = text[max(match.start() - 1, 0) : match.start()], text[match.end() : match.end() + 1]
    opens = not before or before.isspace() or before in '",('
    closes = not after or after.isspace()
    if remnant[0] != "ï" and remnant[1:] == "??":
        return _quote_or_dash(match, before, after) or remnant
    if opens and remnant[-1] in _LIST_MARKS and (closes or remnant[-1] in "¢ª"):
        return "•"
    if remnant == "ï?·":
        return "•"
    if remnant == "â?¦" and before.isalnum():
        return "…"
    if remnant == "â?\x9d" and not opens and not after.isalnum():
        return "”"
    return remnant


def _quote_or_dash(match: re.Match[str], before: str, after: str) -> str | None:
    """Which of ’ ‘ “ – — and a bullet the remnant `â??` was; None when its place does not tell."""
    text, end = match.string, match.end()
    if before.isalpha() and _ENDING.match(text, end):
        return "’"
    if after.isalnum() and (not before or before.isspace() or before in '",('):
        return "“" if _CLOSED_BY_DOUBLE_QUOTE.match(text, end) else "‘"
    if before.isalpha() and after.isalpha():
        return "—"
    words_before = text[max(match.start() - 2, 0) : match.start()].rstrip(" ")
    if words_before[-1:].isdigit() and text[end : end + 2].lstrip(" ")[:1].isdigit():
        return "–"
    if before.isalnum():
        return "’"
    if not before.isspace() and before not in ('"', ""):
        return None
    if after and not after.isspace():
        return None
    return "–" if words_before and words_before[-1].isalnum() else "•"
