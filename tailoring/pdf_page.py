"""One page of a PDF: its pieces of text, each seen or unseen, put together to lines as they stand in the file.

What the lines mean, and which of them belong together, is not decided here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from tailoring.pdf_lines import PdfLine

if TYPE_CHECKING:
    from pypdf import PageObject

TINY = 4.0  # points; nobody reads smaller print, and nobody sets it by mistake
PALE = 0.93  # 0 black to 1 white: paler text does not show on paper
_COLUMN_LINES = 8  # lines on either side that make two columns rather than one line with a date at its right


class _Piece(NamedTuple):
    """Text that was shown at once; where it begins and its size are in points."""

    text: str
    hidden: bool
    x: float
    y: float
    size: float
    font: str


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        return self.left - 1 <= x <= self.right + 1 and self.bottom - 1 <= y <= self.top + 1


class PdfPage:
    """The text pieces of one page, each seen or unseen.

    pypdf tells every operator before it is carried out; fill colour, render mode and painted boxes are followed from
    them, because white text on a dark box can be read and white text on paper cannot.
    """

    def __init__(self, page: "PageObject") -> None:
        self._pieces: list[_Piece] = []
        self._fill = 0.0  # 0 black to 1 white
        self._mode = 0
        self._saved: list[tuple[float, int]] = []
        self._paths: list[_Box] = []
        self._dark: list[_Box] = []
        self._shown_hidden = False
        self.images = _count_images(page)
        page.extract_text(visitor_operand_before=self._operator, visitor_text=self._piece)

    def _operator(self, operator: bytes, operands: Sequence[Any], cm: Sequence[float], tm: Sequence[float]) -> None:
        if operator == b"q":
            self._saved.append((self._fill, self._mode))
        elif operator == b"Q" and self._saved:
            self._fill, self._mode = self._saved.pop()
        elif operator in _FILL_OPERATORS:
            self._fill = _lightness(operands)
        elif operator == b"Tr" and operands:
            self._mode = int(operands[0])
        elif operator == b"re" and len(operands) == 4:
            x, y, width, height = (float(value) for value in operands)
            (left, bottom), (right, top) = _place(cm, x, y), _place(cm, x + width, y + height)
            self._paths.append(_Box(min(left, right), min(bottom, top), max(left, right), max(bottom, top)))
        elif operator in _PAINT_OPERATORS:
            if operator in _FILL_PAINT_OPERATORS and self._fill < PALE:
                self._dark += self._paths
            self._paths.clear()
        elif operator in _SHOW_OPERATORS:
            x, y = _place(cm, float(tm[4]), float(tm[5]))
            pale = self._fill >= PALE and not any(box.holds(x, y) for box in self._dark)
            self._shown_hidden = self._mode == _INVISIBLE or pale

    def _piece(self, text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        if not text:
            return
        x, y = _place(cm, float(tm[4]), float(tm[5]))
        scale = abs(float(tm[3]) or float(tm[1])) * (abs(float(cm[3])) or abs(float(cm[1])) or 1.0)
        points = float(size or 0) * scale
        hidden = bool(text.strip()) and (self._shown_hidden or 0 < points < TINY)
        self._pieces.append(_Piece(text, hidden, x, y, points, _name(font)))

    def lines(self, *, hidden: bool) -> list[PdfLine]:
        """The lines that can be seen, or those that cannot, in file order; what is left out ends a line."""
        lines: list[list[_Piece]] = [[]]
        for piece in self._pieces:
            if piece.hidden != hidden:
                lines.append([])
                if not hidden or piece.text.strip():
                    continue
            for at, part in enumerate(piece.text.split("\n")):
                if at:
                    lines.append([])
                lines[-1].append(piece._replace(text=part))
        return [_line(pieces) for pieces in lines if any(piece.text.strip() for piece in pieces)]

    def has_columns(self) -> bool:
        """Whether many lines stand side by side: pieces that share a height, far apart, with text of their own."""
        starts: dict[int, list[float]] = {}
        for piece in self._pieces:
            if not piece.hidden and len(piece.text.split()) >= 2:
                starts.setdefault(round(piece.y / 4), []).append(piece.x)
        beside = sum(max(places) - min(places) > 150 for places in starts.values())
        return beside >= _COLUMN_LINES and beside * 3 >= len(starts)


_FILL_OPERATORS = frozenset((b"g", b"rg", b"k", b"sc", b"scn"))
_FILL_PAINT_OPERATORS = frozenset((b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"))
_PAINT_OPERATORS = _FILL_PAINT_OPERATORS | {b"S", b"s", b"n"}
_SHOW_OPERATORS = frozenset((b"Tj", b"TJ", b"'", b'"'))
_INVISIBLE = 3  # text render mode


def _line(pieces: Sequence[_Piece]) -> PdfLine:
    said = [piece for piece in pieces if piece.text.strip()]
    text = "".join(piece.text for piece in pieces).strip()
    after_sign = said[1] if len(said) > 1 and not any(map(str.isalnum, said[0].text)) else said[0]
    return PdfLine(text, said[0].x, after_sign.x, said[0].y, after_sign.size, after_sign.font, said[-1].font)


def _name(font: Any) -> str:
    return str(font.get("/BaseFont", "")) if font else ""


def _lightness(operands: Sequence[Any]) -> float:
    """0 black to 1 white, from grey, RGB or CMYK components; a pattern counts as dark."""
    values = [float(value) for value in operands if isinstance(value, int | float)]
    if len(values) == 4:
        return max(0.0, 1.0 - max(values[:3]) - values[3])
    return min(values, default=0.0)


def _place(matrix: Sequence[float], x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = (float(value) for value in matrix)
    return a * x + c * y + e, b * x + d * y + f


def _count_images(page: "PageObject") -> int:
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    if objects is None:
        return 0
    kinds = [value.get_object().get("/Subtype") for value in objects.get_object().values()]
    return sum(kind == "/Image" for kind in kinds)
