"""HTML that was left in plain text: entities, however often escaped, and tags.

Linear, and final: what comes out holds no entity and no tag, also where taking one out makes another.
"""

import html
import re
from html.entities import html5

MARKUP = r"&[#A-Za-z0-9]{1,32};|<[A-Za-z/!]"
"""Where markup may be; texts without it need not come here. Syntax of Python's `re` and of Rust's `regex`."""

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|([A-Za-z][A-Za-z0-9]{0,30}));\Z")
_LONGEST_ENTITY = 40

_NEW_LINE = (
    "address|article|aside|blockquote|br|dd|div|dl|dt|footer|form|h1|h2|h3|h4|h5|h6|header|hr|main|nav|ol|p|pre|"
    "section|table|tbody|thead|tr|ul"
)
_IN_LINE = (
    "a|abbr|b|body|button|center|cite|code|del|em|figure|font|head|html|i|img|input|ins|kbd|label|link|mark|meta|q|s|"
    "samp|script|small|span|strike|strong|style|sub|sup|svg|title|u|var|!"
)
_MEANING = (
    dict.fromkeys(_IN_LINE.split("|"), "")
    | dict.fromkeys(_NEW_LINE.split("|"), "\n")
    | {"li": "\n• ", "td": " ", "th": " "}
)
_TAG = re.compile(r"<(?:(/?[A-Za-z][A-Za-z0-9]{0,10})(?:[\s/][^<>]*)?|!--[^<>]*--|!DOCTYPE[^<>]*)>\Z", re.IGNORECASE)
_LONGEST_TAG = 500


def strip_markup(text: str) -> str:
    """`text` with entities as the characters that they stand for and without HTML tags.

    A tag that starts a paragraph or a line becomes a line break, one of a list item a bullet. What is no entity and no
    tag stays: `R&D`, `?a=1&copy=2`, `List<String>`, `<your name>`, `a < b`.
    """
    out: list[str] = []
    for piece in re.split("([;>])", text):
        out.extend(piece)
        while out and (_ends_entity(out) or _ends_tag(out)):
            pass
    return "".join(out)


def _ends_entity(out: list[str]) -> bool:
    """Puts the character in the place of the entity that `out` ends with, if it does."""
    if out[-1] != ";":
        return False
    match = _ENTITY.search("".join(out[-_LONGEST_ENTITY:]))
    if match is None or (match[1] and f"{match[1]};" not in html5):
        return False
    del out[-len(match.group()) :]
    out.extend(html.unescape(match.group()))
    return True


def _ends_tag(out: list[str]) -> bool:
    """Takes away the tag that `out` ends with, if it does."""
    if out[-1] != ">":
        return False
    start = len(out) - 2
    while start > len(out) - _LONGEST_TAG and start > 0 and out[start] not in "<>":
        start -= 1
    match = _TAG.match("".join(out[start:])) if start >= 0 else None
    if match is None:
        return False
    written = match[1] or "!"
    name = written.lower()
    meaning = "" if name == "/li" else _MEANING.get(name.removeprefix("/"))
    is_type_parameter = len(written) == 1 and written.isupper() and start > 0 and out[start - 1].isalnum()
    if meaning is None or is_type_parameter:
        return False
    del out[start:]
    out.extend(meaning)
    return True
