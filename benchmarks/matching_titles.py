"""Which posting titles are right for a role label, judged apart from the matcher's own knowledge of titles.

A title is right by name when it names the role ("Lead Java developer" for Java Developer), and right by trade when a
person of that role would do this work ("Software Engineer" for Java Developer, unless it names another stack).
Written by hand for the ten labels of the resume table.
"""

import re
from collections.abc import Callable

_MAKER = r"\b(?:engineers?|engineering|developers?|programmer|architect|sde)\b"
_SOFTWARE = (
    r"\b(?:software|applications?|back[- ]?end|full[- ]?stack|java|j2ee|python|golang|embedded|computer|api|mobile|"
    r"android|ios|web|front[- ]?end|ui|react|angular|node|php|ruby|wordpress)\b|\.net\b|\bc(?:\+\+|#)"
)
_OTHER_TRADE = r"sales|support|test|\bqa\b|quality|business|civil|mechanical|electrical|recruit|real estate"
_STACKS = {
    "java": r"\bjava\b|j2ee",
    "python": r"\bpython\b|django",
    ".net": r"\.net\b|\bc#|\bdot ?net",
    "php": r"\bphp\b|wordpress",
    "front end": r"front[- ]?end|\bui\b|\breact|angular",
    "mobile": r"mobile|android|\bios\b",
    "web": r"\bweb\b",
}


def _has(pattern: str) -> Callable[[str], bool]:
    return lambda title: re.search(pattern, title) is not None


def _makes(pattern: str) -> Callable[[str], bool]:
    return lambda title: bool(
        re.search(pattern, title) and re.search(_MAKER, title) and not re.search(_OTHER_TRADE, title)
    )


def _software(title: str) -> bool:
    plain = re.search(r"(?:^|\b(?:senior|sr|junior|lead|principal|staff)\W+)(?:developer|programmer)\b", title)
    return _makes(_SOFTWARE)(title) or bool(plain and not re.search(_OTHER_TRADE, title))


def _software_in(stack: str) -> Callable[[str], bool]:
    """Software work that names this stack, or none."""

    def right(title: str) -> bool:
        named = [name for name, pattern in _STACKS.items() if re.search(pattern, title)]
        return _software(title) and (not named or stack in named)

    return right


_SYSTEMS = _has(
    r"\b(?:systems?|linux|unix|windows|server|infrastructure|redhat)\b.*\b(?:admin|administrator|engineer)"
    r"|devops|site reliability"
)
_BY_NAME: dict[str, Callable[[str], bool]] = {
    "java developer": _makes(_STACKS["java"]),
    "python developer": _makes(_STACKS["python"]),
    "software developer": lambda title: _software(title) and not re.search(r"front[- ]?end|\bweb\b", title),
    "web developer": _makes(r"\bweb\b|front[- ]?end|full[- ]?stack|\bui\b|wordpress|\bphp\b"),
    "front end developer": _makes(r"\bweb\b|front[- ]?end|\bui\b|react|angular"),
    "database administrator": _has(
        r"\bdba\b|\b(?:database|sql|oracle)\b.*\b(?:admin|administrator|engineer|developer|architect)"
    ),
    "systems administrator": _SYSTEMS,
    "network administrator": _has(r"\bnetwork\b.*\b(?:admin|administrator|engineer|technician|analyst)"),
    "security analyst": _has(
        r"cyber|infosec|information security|\biss[mo]\b|\bsoc\b|\bsecurity\b.*\b(?:analyst|engineer|architect)"
    ),
    "project manager": _has(r"\b(?:project|program|delivery)\b.*\b(?:manager|lead|director|management)|scrum master"),
}
_BY_TRADE: dict[str, Callable[[str], bool]] = {
    "java developer": _software_in("java"),
    "python developer": lambda title: (
        _software_in("python")(title) or _has(r"machine learning|data scien|data engineer|artificial intell")(title)
    ),
    "software developer": _software,
    "database administrator": _has(r"\bdata (?:engineer|architect|warehouse)|\betl\b"),
    "systems administrator": _has(
        r"\b(?:network|cloud|platform)\b.*\b(?:admin|administrator|engineer)|help desk|it support|desktop support"
    ),
    "network administrator": _SYSTEMS,
}


def right_by_name(label: str, title: str) -> bool:
    """Whether the title names the role; raises KeyError for an unknown label."""
    return _BY_NAME[_plain(label)](_plain(title))


def right_by_trade(label: str, title: str) -> bool:
    """Whether the title names the role or work of the same trade; raises KeyError for an unknown label."""
    more = _BY_TRADE.get(_plain(label))
    return right_by_name(label, title) or (more is not None and more(_plain(title)))


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("_", " ").split())
