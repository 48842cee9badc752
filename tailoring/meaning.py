"""How near texts are in meaning, by the vectors that a model of sentences gives.

The model is passed in. It is slow beside a sparse product, so that it is asked for short lists only, and once for each
text.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Embed = Callable[[Sequence[str]], Floats]  # texts -> one row of length 1 for each


class Meanings:
    """Texts and their vectors, each computed once. An empty text is near nothing."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self._known: dict[str, Floats] = {}

    def learn(self, texts: Iterable[str]) -> None:
        """Compute the vectors of these texts together, which is faster than one by one."""
        new = [text for text in dict.fromkeys(texts) if text and text not in self._known]
        if new:
            self._known.update(zip(new, self._embed(new), strict=True))

    def nearness(self, text: str, others: Sequence[str]) -> Floats:
        """The cosine of the text with each of the others, 0 where it is below."""
        self.learn((text, *others))
        both = (self._known[text] @ self._known[other] if text and other else 0 for other in others)
        return np.maximum(np.fromiter(both, np.float32, len(others)), 0)
