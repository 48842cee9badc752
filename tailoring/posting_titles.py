"""Job titles as a person would write them: without emoji, decoration and shouting.

What a title means (trade, level) is for `titles`.
"""

import re

_EMOJI = re.compile("[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff★☆\u20e3]+")
_DECORATION = re.compile(r"[!*~=_•]{2,}|#{2,}|\${2,}|(?<=\s)[!~=_•](?=\s)|\*")
_LONG_DASH = re.compile(r"\s*-{2,}\s*")
_EDGES = " -–—|•*!,;:~=_/\\"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NAME_WITH_MARKS = re.compile(r"\S*(?:\w[.+#&]|[.#]\w|\d)\S*")

_LOWER_WORDS = "a an and as at by for from in of on or per the to with"
_SHORT_WORDS = (
    "ace act ads age aid air all and any arm art ask bar bay bed big bus buy car cat cut day dog ear end eye far fit "
    "fly fun gas get gun gym hot ice job jr key kid lab law led low man map mat max men mid mr mrs ms net new non not "
    "now off oil old one our out own pay pet pre pro rep rig run sea set sky spa sr sub sun tax tea ten toy two top "
    "van vet war way web win yes zoo"
)
_NAMES = (
    "ADHD AJAX ASIC BCBA CCIE CCNA CCNP CISM CISSP CMOS CNAs CPHQ CRNA CRUD DevOps DevSecOps FPGA GAAP GitHub GitLab "
    "GraphQL HIPAA HTML HVAC IaaS iOS JavaScript JSON LCSW LGBTQ LinkedIn LMFT LPCC LPNs MLOps MongoDB MySQL NetSuite "
    "NICU NoSQL OAuth OSHA PaaS PhD PICU PMHNP PostgreSQL PowerPoint PySpark QuickBooks REST RNs SaaS SCADA SDET "
    "SharePoint SOAP STEM TypeScript USAF USMC VLSI VMware WordPress YouTube"
)
_LOWER = frozenset(_LOWER_WORDS.split())
_SHORT = frozenset(_SHORT_WORDS.split())
_WRITTEN = {name.upper(): name for name in _NAMES.split()}


def tidy_title(title: str) -> str:
    """The title on one line without emoji and decoration; in title case when all of it is in capitals.

    Acronyms keep their capitals ("RN", "SQL", "HVAC"), and so do names with marks in them ("C++", ".NET").
    """
    title = _LONG_DASH.sub(" - ", _DECORATION.sub(" ", _EMOJI.sub(" ", title)))
    title = " ".join(title.split()).strip(_EDGES)
    return _quieter(title) if _shouts(title) else title


def _shouts(title: str) -> bool:
    return title.upper() == title and any(len(word) > 3 and word not in _WRITTEN for word in _WORD.findall(title))


def _quieter(title: str) -> str:
    words = [word if _NAME_WITH_MARKS.fullmatch(word) else _WORD.sub(_cased, word) for word in title.split(" ")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def _cased(found: re.Match[str]) -> str:
    word = found.group()
    lower = word.lower()
    if word in _WRITTEN:
        return _WRITTEN[word]
    if lower in _LOWER:
        return lower
    return word if len(word) <= 3 and lower not in _SHORT else word.capitalize()
