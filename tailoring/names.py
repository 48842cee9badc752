"""Persons' names: whether a text is one, and what people write around theirs.

A word may be a name and something else besides (Ruby, Baker, My), so that how sure a text is to be a name depends on
what stands around it. Where in a resume a name is looked for is decided in `tailoring.contact`.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from tailoring.sections import heading, is_heading_word
from tailoring.skills import find_skills
from tailoring.vocabulary import is_place, is_title_word, load_data, names_title, word_list, words_of

_NICKNAME = re.compile(r"[\"“‘'(\[][^\W\d_]{1,20}\.?[\"”’')\]]")  # "(Bill)", and "(Ret.)" behind a rank
_NAME_WORD = re.compile(r"(?:[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\W\d_]\.)+")
_CREDENTIAL = re.compile(r"(?=[^a-z]*[A-Z][A-Za-z]*[A-Z.])[A-Z][A-Za-z.-]{1,8}|Jr|Sr|Esq")  # PhD, M.D., PMI-ACP
_MOST_WORDS = 5
_LONGEST = 50  # characters
_SHORTEST_PART = 3  # letters that an address is searched for


def read_name(text: str, addresses: Sequence[str] | None) -> str:
    """The name that is all of the text, with the degrees behind it, without pronouns, nickname and rank; "" if none.

    `addresses` are the e-mail addresses and links of the contact data beside the text, None where there is no contact
    data at all: then a text that could mean anything else is no name.
    """
    bare = " ".join(stated_pronouns().sub(" ", text).split()).strip(" ,;:")
    written, *credentials = (part.strip() for part in bare.split(","))
    if not all(_CREDENTIAL.fullmatch(part) and not is_place(part) for part in credentials):
        return ""
    known = {_folded(_own_part(address)) for address in addresses or ()}
    name = _without_rank([word for word in written.split() if not _NICKNAME.fullmatch(word)], known)
    if not _has_shape(name):
        return ""
    if not _means_nothing_else(name) and (addresses is None or not _is_likely(name, known)):
        return ""
    return ", ".join([name, *credentials])


@cache
def stated_pronouns() -> re.Pattern[str]:
    """What a person states behind the name, in brackets or not: `she/her`, `(they/them/theirs)`, `[er/ihm]`."""
    word = f"(?:{'|'.join(sorted(word_list('pronouns')))})"
    slash = r"\s?/\s?"
    return re.compile(rf"[(\[]?(?<!\w){word}(?:{slash}{word}){{1,3}}(?!\w)[)\]]?|[(\[]any pronouns[)\]]", re.IGNORECASE)


def _without_rank(words: list[str], addresses: set[str]) -> str:
    """The words without the ranks before a whole name; Major is also a given name, which the address then tells."""
    while len(words) > 2:
        rank = _folded(words[0])
        if rank not in word_list("ranks") or any(rank in address for address in addresses):
            break
        words = words[1:]
    return " ".join(words)


def _has_shape(text: str) -> bool:
    """Two to five capitalised words, with particles (van, de la) between them."""
    words = text.split()
    return (
        2 <= len(words) <= _MOST_WORDS
        and len(text) <= _LONGEST
        and all(_NAME_WORD.fullmatch(word) and (word[0].isupper() or _is_particle(word)) for word in words)
    )


def _is_particle(word: str) -> bool:
    return word in word_list("name_particles")


def _means_nothing_else(name: str) -> bool:
    """Whether no word of the text has a meaning that resumes are made of."""
    return (
        not is_place(name) and not names_title(name) and not find_skills(name) and not any(map(_is_known, _parts(name)))
    )


def _is_likely(name: str, addresses: set[str]) -> bool:
    """Whether a text beside contact data is a name although some word of it is a title, a skill or a heading word.

    It is where the address has the same name in it; else where these words are names too ("Ruby", "Baker") and none
    tells a trade ("Pastry Baker").
    """
    parts = _parts(name)
    if is_place(name) or heading(name) is not None or not word_list("never_in_names").isdisjoint(parts):
        return False
    also_names = word_list("names_with_other_meanings")
    if all(part not in also_names and (_has_meaning(part) or part in _words_of_trades()) for part in parts):
        return False
    if any(_is_address_of(name, address) for address in addresses):
        return True
    skills = " ".join(mention.text for mention in find_skills(name))
    return skills != name and all(
        part in also_names or not (_has_meaning(part) or part in _words_of_trades()) for part in parts
    )


def _parts(name: str) -> list[str]:
    """The words of a name in lower case, without particles."""
    return words_of(" ".join(word for word in name.split() if not _is_particle(word)))


def _has_meaning(part: str) -> bool:
    return _is_known(part) or is_title_word(part) or bool(find_skills(part.capitalize()))


def _is_known(part: str) -> bool:
    kinds = ("employer_words", "school_words")
    return is_heading_word(part) or any(part in word_list(kind) for kind in kinds)


@cache
def _words_of_trades() -> frozenset[str]:
    """Every word of the titles lexicon: what may stand before a title such as baker or cook."""
    data = load_data("titles.yaml")
    trades = (phrase for families in data["fields"].values() for phrases in families.values() for phrase in phrases)
    return frozenset(word for phrase in (*trades, *data["noise"], *data["seniority"]) for word in str(phrase).split())


def _is_address_of(name: str, address: str) -> bool:
    """Whether an address is made of the name: first and last, or one of them and the initial of the other."""
    first, *_, last = (_folded(word) for word in name.split())
    for whole, other in ((last, first), (first, last)):
        if len(whole) >= _SHORTEST_PART and other:
            before, found, after = address.partition(whole)
            if found and (other in before or other in after or before == other[0] or after == other[0]):
                return True
    return False


def _own_part(address: str) -> str:
    """What its owner chose of an address: before the host of an e-mail address, at the end of a link's path."""
    if "@" in address:
        return address.partition("@")[0]
    return address.partition("://")[2 if "://" in address else 0].partition("/")[2].rstrip("/").rpartition("/")[2]


def _folded(text: str) -> str:
    """The letters of a text as addresses spell them: `José Díaz` is "josediaz"."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate({ord("ı"): "i", ord("ø"): "o", ord("ł"): "l"})
    return "".join(sign for sign in plain if sign.isascii() and sign.isalpha())
