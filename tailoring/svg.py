"""Matplotlib's SVG made fit to stand in a page: described, in the page's colour of text, as wide as its place.

Styles become attributes, so that a page whose content policy allows no inline style shows it as it is.
"""

import re
from xml.etree import ElementTree as ET

INK = "#010203"  # stands for the page's own colour of text
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_HREF = f"{{{_XLINK}}}href"


def for_a_page(drawn: str, title: str, description: str) -> str:
    """The `<svg>` element of matplotlib's document, with `title` and `description` for those who do not see it."""
    ET.register_namespace("", _SVG)
    root = ET.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", drawn))  # noqa: S314  we have just drawn it
    for element in list(root.iter()):
        for left_out in (*element.findall(f"{{{_SVG}}}metadata"), *element.findall(f"{{{_SVG}}}style")):
            element.remove(left_out)
        _plain(element)
    _keep_only_used_ids(root)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.attrib.update(
        {
            "role": "img",
            "aria-label": f"{title}. {description}",
            "class": "chart",
            # What the removed style sheet said.
            "stroke-linejoin": "round",
            "stroke-linecap": "butt",
            "font-family": "system-ui, sans-serif",
        }
    )
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(f"{{{_SVG}}}{tag}")
        element.text = text
        root.insert(place, element)
    return ET.tostring(root, encoding="unicode").replace(INK, "currentColor")


def _plain(element: ET.Element) -> None:
    """Turn the element's style into attributes; the font is the page's; links need no old namespace."""
    for declaration in element.attrib.pop("style", "").split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name and name != "font-family":
            element.set(name, value.removesuffix("px") if name == "font-size" else value)
    if _HREF in element.attrib:
        element.set("href", element.attrib.pop(_HREF))
    if "d" in element.attrib:
        element.set("d", " ".join(element.attrib["d"].split()))
    if element.tag != f"{{{_SVG}}}text":
        element.text = None
    element.tail = None


def _keep_only_used_ids(root: ET.Element) -> None:
    """The others are the same in every chart, and an id may stand in a page only once."""
    used = set(re.findall(r"#([\w.-]+)", " ".join(value for each in root.iter() for value in each.attrib.values())))
    for element in root.iter():
        if element.get("id") not in used:
            element.attrib.pop("id", None)
