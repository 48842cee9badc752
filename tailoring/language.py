"""Which language a text is in, as far as its most common words tell. Cheap and rough: made to notice a translation."""

import re
from collections import Counter

# Words that hardly a text of the language does without, and that the others here hardly have.
_WORDS = {
    "en": "the and of to in for with on as by from at an is was",
    "de": "der die das und mit für von im zu auf bei den des eine als durch",
    "fr": "le la les des et en du pour dans avec une sur par aux au est",
    "es": "el los las y en del para con una por se como al su más",
    "pt": "os das dos e em do da para com uma por no na ao à mais",
    "it": "il gli e di del della per con una nel dei alla che dal sono",
    "nl": "het een en van voor met op de bij als door aan te zijn naar",
    "pl": "i w z na do oraz się od przez dla jest po przy jako",
    "sv": "och att det som för med en av på är till ett inom samt",
}
_SETS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_SCRIPTS = {
    "Cyrillic": re.compile(r"[\u0400-\u04ff]"),
    "Greek": re.compile(r"[\u0370-\u03ff]"),
    "Arabic": re.compile(r"[\u0600-\u06ff]"),
    "Hebrew": re.compile(r"[\u0590-\u05ff]"),
    "Devanagari": re.compile(r"[\u0900-\u097f]"),
    "Han": re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]"),
    "Hangul": re.compile(r"[\uac00-\ud7af]"),
}
_SCRIPT_SHARE = 0.4  # of the letters
_FEWEST = 8  # common words found, to say anything
_TIMES_MORE = 2.0  # than of the next language


def language_of(text: str) -> str | None:
    """The code of the language, or the name of the script where that is not Latin; None where it does not show."""
    letters = sum(character.isalpha() for character in text)
    for script, pattern in _SCRIPTS.items():
        if letters and len(pattern.findall(text)) > _SCRIPT_SHARE * letters:
            return script
    words = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    found = Counter({language: sum(words[word] for word in common) for language, common in _SETS.items()})
    (first, most), (_, next_most) = found.most_common(2)
    return first if most >= _FEWEST and most >= _TIMES_MORE * next_most else None
