"""Which words and phrases a source resume has, in any form, spelling, short form or synonym."""

from functools import cached_property
from itertools import pairwise

from tailoring.skills import find_skills
from tailoring.source_text import SourceText
from tailoring.spelling import is_known as is_word
from tailoring.tokens import Token, is_generic, synonyms

_TYPO_LENGTHS = range(6, 31)  # letters of words in which one may be wrong
_PREFIX = 6  # letters that variants of one word share


class SourceWords(SourceText):
    """The words of a source resume."""

    def says(self, token: Token) -> bool:
        """Whether the source has this word, in any form, spelling, short form or synonym."""
        if any(stem in self.places for stem in synonyms(token.stem)) or self.writes(token.text):
            return True
        return "_" in token.stem and all(part in self.places or is_generic(part) for part in token.stem.split("_"))

    def writes(self, word: str) -> bool:
        """Whether the source has this word as such: up to joining, version, initials and one slip of the pen."""
        lower = word.lower().replace("’", "'").removesuffix("'s")
        bare = lower.replace(".", "")
        if bare in self._joined or lower in self._surfaces:
            return True
        base = bare.rstrip("0123456789")
        if len(base) >= 3 and (base in self._unversioned if base == bare else base in self._surfaces):
            return True
        if len(bare) >= 3 and word.isupper() and bare in self._initials:
            return True
        if len(bare) not in _TYPO_LENGTHS:
            return False
        is_slip = word.islower() and not is_word(bare)  # neither a name nor a word of its own
        return not (self._slips if is_slip else self._slips_of_unknown).isdisjoint(_slips(bare))

    def says_joined(self, first: Token, second: Token) -> bool:
        """Whether the source writes two words as one: `Node.js` against `NodeJS`."""
        return (first.text + second.text).lower() in self._joined

    def says_phrase(self, stems: tuple[str, ...]) -> bool:
        """Whether the source has these words one after the other."""
        if len(stems) == 1:
            return stems[0] in self.places
        return all(pair in self._pairs for pair in pairwise(stems))

    def has_prefix(self, word: str) -> bool:
        """Whether a word of the source begins with the same six letters."""
        return word[:_PREFIX].lower() in self._prefixes

    @cached_property
    def capitals(self) -> frozenset[str]:
        """The abbreviations of the source, in lower case."""
        capitals = (token.text.replace(".", "") for token in self.tokens if token.text.isupper())
        return frozenset(word.lower() for word in capitals if 3 <= len(word) <= 6)

    @cached_property
    def skills(self) -> frozenset[str]:
        """Canonical names of the skills that the source names."""
        return frozenset(mention.canonical for mention in find_skills(self.text))

    @cached_property
    def _surfaces(self) -> frozenset[str]:
        return frozenset(token.text.lower() for token in self.tokens)

    @cached_property
    def _prefixes(self) -> frozenset[str]:
        return frozenset(word[:_PREFIX] for word in self._surfaces)

    @cached_property
    def _unversioned(self) -> frozenset[str]:
        """Words that the source writes with a version: `html` for HTML5."""
        return frozenset(
            word.rstrip("0123456789") for word in self._surfaces if word[-1].isdigit() and word[0].isalpha()
        )

    @cached_property
    def _joined(self) -> frozenset[str]:
        """Words, and two or three neighbouring words written as one."""
        words = [token.text.lower().replace(".", "") for token in self.tokens]
        pairs = map("".join, pairwise(words))
        triples = map("".join, zip(words, words[1:], words[2:], strict=False))
        return frozenset(words).union(pairs, triples)

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        stems = [token.stem for token in self.tokens]
        return frozenset(pairwise(stems))

    @cached_property
    def _initials(self) -> frozenset[str]:
        letters = "".join(token.text[0].lower() for token in self.tokens)
        return frozenset(letters[at : at + size] for size in (3, 4, 5) for at in range(len(letters) - size + 1))

    @cached_property
    def _slips(self) -> frozenset[str]:
        """Every longer word with at most one of its letters missing, to meet misspelt words half-way."""
        return frozenset(slip for word in self._surfaces if len(word) in _TYPO_LENGTHS for slip in _slips(word))

    @cached_property
    def _slips_of_unknown(self) -> frozenset[str]:
        """The same for words that no dictionary has: neither "Cerner" nor "contract" misspells "center", "contact"."""
        words = (word for word in self._surfaces if len(word) in _TYPO_LENGTHS and not is_word(word))
        return frozenset(slip for word in words for slip in _slips(word))


def _slips(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(1, len(word)))}
