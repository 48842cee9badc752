"""Prompts: from a template and two documents to chat messages, and back.

The resume and the posting travel inside tags, so that any model can tell data from instruction and our own model server
can read both back without guessing. Whatever could open or close a tag inside the data is made harmless here.
Where templates are stored, and what is done with an answer, is the business of others.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tailoring.parsing import source_lines

PLACEHOLDERS = ("resume", "job_posting")

_SECTION = re.compile(r"^# (System|User)[ \t]*$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{([A-Za-z_]+)\}")


def _spelled_anyhow(name: str) -> str:
    """A pattern for the letters of `name` with anything but letters and brackets between them.

    Brackets stay out so that each opening bracket is looked at once: linear time on any input.
    """
    gap = "[^a-z<＜﹤]*"
    return gap + gap.join(letter for letter in name if letter.isalpha())


# An opening bracket (also full width) followed by one of our tag names, however it is spaced, cased or stuffed with
# invisible characters, or by the bar of a chat template's control token such as <|im_start|>.
_TAG_OPENING = re.compile(rf"[<＜﹤](?=\||{'|'.join(_spelled_anyhow(name) for name in PLACEHOLDERS)})", re.IGNORECASE)

# Phrases that only a language model is told. Words are apart by any white space; every gap is bounded.
_RULES = "(?:instruction|prompt|rule|guideline|direction|command)s?"
_MODEL = r"(?:an? |any |all |the )?(?:ai|llm|large language model|language model|chatbot|chatgpt)s?"
_PERSON = "(?:the|this) (?:candidate|applicant)"
_TO_A_MODEL = (
    rf"(?:ignore|disregard|forget|override|bypass|do not follow|don't follow) (?:\w+ ){{0,4}}?"
    rf"(?:previous|prior|above|earlier|preceding|system|original|your) (?:\w+ ){{0,2}}?{_RULES}\b",
    rf"(?:ignore|disregard|forget) (?:\w+ ){{0,3}}?(?:everything|{_RULES}) (?:\w+ ){{0,3}}?(?:above|before|earlier)\b",
    r"you are (?:now|no longer) (?:an? |the |in |bound )(?!part\b|member\b|charge\b|leader\b|position\b)",
    r"you are now (?:dan|chatgpt)\b",
    r"(?:reveal|repeat|print|output|show|leak) (?:\w+ ){0,3}?(?:system|your|initial) (?:instruction|prompt|rule)s?\b",
    r"(?:your|new|the) system prompt:",
    r"(?:new|updated|hidden|secret|real) (?:system )?instructions?:",
    r"your (?:new|only|real) (?:task|instructions?) (?:is|are)\b",
    rf"(?:if you are|if you're|attention|note to|message to) {_MODEL}\b",
    rf"instructions? (?:for|to) {_MODEL}(?: \w+)?:",
    r"(?:ai|llm|chatgpt|assistant|system)\s?: (?:please )?(?:you|ignore|select|recommend|rate|rank|hire|approve)\b",
    r"as an? (?:ai|large) language model,? (?:you|i)\b",
    r"(?:respond|reply|answer) only with (?:the (?:word|phrase|text|number)\b|[\"'“])",
    r"(?:rate|score|rank|recommend|select|shortlist|mark|evaluate) this (?:candidate|applicant|resume|cv|person) "
    r"(?:\w+ ){0,3}?(?:as|highest|high|highly|above|first|perfect|top|\d+)\b",
    rf"(?:say|claim|pretend|write|add|state|mention) (?:\w+ ){{0,5}}?{_PERSON} (?:is|has|was|knows)\b",
)
_INJECTION = re.compile(
    r"\b(?:" + "|".join(_TO_A_MODEL).replace(" ", r"\s+") + ")"
    rf"|{_TAG_OPENING.pattern}[^\n>]{{0,40}}|\[/?INST\]|<</?SYS>>|</?system>|\[system\]"
    r"|###\s?(?:system|instruction|assistant)\b",
    re.IGNORECASE,
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # between the letters of a word that is to be hidden


_SHOWN, _MOST_SHOWN = 200, 20  # characters of a statement, and statements, told back to a model


class PromptError(ValueError):
    """A prompt template, or messages that should hold our tagged inputs, are not as they must be."""


@dataclass(frozen=True)
class Prompt:
    """A prompt template; `version` names its exact content."""

    name: str
    version: str
    system: str
    user: str


@dataclass(frozen=True)
class Inputs:
    """What a model is given: the numbered lines of the resume (line 1 first) and the posting's text."""

    resume_lines: list[str]
    posting: str


def parse_prompt(name: str, content: str) -> Prompt:
    """Read a template: a `# System` section, then a `# User` section with {resume} and {job_posting}, once each.

    Raises PromptError when a section or placeholder is missing, repeated or unknown, or when the template writes the
    data tags itself (they come with the placeholders).
    """
    parts = _SECTION.split(content)
    if parts[1::2] != ["System", "User"]:
        raise PromptError(f"prompt {name!r}: needs a '# System' section and then a '# User' section, once each")
    system, user = parts[2].strip(), parts[4].strip()
    if parts[0].strip():
        raise PromptError(f"prompt {name!r}: text before the '# System' section: {parts[0].strip()[:60]!r}")
    if not system or not user:
        raise PromptError(f"prompt {name!r}: the section '# {'User' if system else 'System'}' is empty")
    if in_system := _PLACEHOLDER.findall(system):
        raise PromptError(
            f"prompt {name!r}: {{{in_system[0]}}} in the system section; data belongs in the user section"
        )
    found = _PLACEHOLDER.findall(user)
    if unknown := sorted(set(found) - set(PLACEHOLDERS)):
        raise PromptError(f"prompt {name!r}: unknown placeholder {{{unknown[0]}}}; known: {{resume}}, {{job_posting}}")
    for placeholder in PLACEHOLDERS:
        if found.count(placeholder) != 1:
            raise PromptError(f"prompt {name!r}: {{{placeholder}}} must stand in the user section exactly once")
    if written := _TAG_OPENING.search(user):
        around = user[written.start() : written.start() + 20]
        raise PromptError(f"prompt {name!r}: {around!r} in the user section; the placeholders bring their tags")
    return Prompt(name, hashlib.sha256(content.encode()).hexdigest()[:12], system, user)


def render_messages(
    prompt: Prompt, resume_text: str, posting_title: str, company: str, posting_text: str
) -> list[dict[str, str]]:
    """The chat messages that ask for this resume tailored to this posting."""
    numbered = "\n".join(f"{number}| {line}" for number, line in enumerate(source_lines(resume_text), start=1))
    blocks = {
        "resume": _tagged("resume", numbered),
        "job_posting": _tagged("job_posting", describe_posting(posting_title, company, posting_text)),
    }
    # One pass over the template only, so that braces in the data stay what they are.
    user = _PLACEHOLDER.sub(lambda match: blocks[match.group(1)], prompt.user)
    return [{"role": "system", "content": prompt.system}, {"role": "user", "content": user}]


def describe_posting(title: str, company: str, text: str) -> str:
    """A posting as models see it: title and company, where known, above its text."""
    heads = [("Title", title), ("Company", company)]
    head = [f"{label}: {' '.join(value.split())}" for label, value in heads if value.strip()]
    return "\n".join([*head, text]).strip()


def extract_inputs(messages: Iterable[Mapping[str, Any]]) -> Inputs:
    """Read the inputs back from the last user message that holds them, as `render_messages` wrote them.

    Raises PromptError when no user message holds a resume and a posting in their tags, or a resume line has no number.
    """
    for message in reversed(list(messages)):
        if message.get("role") != "user":
            continue
        text = _message_text(message.get("content"))
        resume, job_posting = (_between_tags(text, name) for name in PLACEHOLDERS)
        if resume is not None and job_posting is not None:
            return Inputs([_unnumbered(*item) for item in enumerate(resume.split("\n"), 1) if resume], job_posting)
    raise PromptError("no user message holds <resume> and <job_posting> blocks")


def ask_again(unsupported: Sequence[str]) -> str:
    """What a model is told whose answer held statements that the resume does not support."""
    shown = "\n".join(f"- {' '.join(neutralised(text).split())[:_SHOWN]}" for text in unsupported[:_MOST_SHOWN])
    return (
        "The numbered resume lines do not support these parts of your answer:\n"
        f"{shown}\n"
        "Write the whole resume again as one JSON object of the same form. Leave these parts out, or say only what the "
        "lines that you cite state. Change nothing else."
    )


def neutralised(text: str) -> str:
    """The text with every opening bracket that could start one of our tags, or a control token, turned into '['."""
    return _TAG_OPENING.sub("[", text)


def injection_attempts(text: str) -> list[str]:
    """The passages of a resume or posting that speak to a language model rather than to a reader, in order.

    To be counted and shown, not acted upon: the tags and the grounding of the answer are what protects.
    """
    return [" ".join(match.group().split()) for match in _INJECTION.finditer(_INVISIBLE.sub("", text))]


def _tagged(name: str, data: str) -> str:
    # Neutralised as a whole: a tag cut in two by a line break is a tag to a language model.
    return f"<{name}>\n{neutralised(data)}\n</{name}>"


def _between_tags(text: str, name: str) -> str | None:
    _, opening, rest = text.partition(f"<{name}>\n")
    data, closing, _ = rest.partition(f"\n</{name}>")
    return data if opening and closing else None


def _unnumbered(number: int, line: str) -> str:
    prefix = f"{number}| "
    if not line.startswith(prefix):
        raise PromptError(f"line {number} of the resume does not start with {prefix!r}: {line[:60]!r}")
    return line.removeprefix(prefix)


def _message_text(content: object) -> str:
    """The text of a message whose content is a string or, as the API allows too, a list of parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(str(part.get("text", "")) for part in parts if isinstance(part, dict) and part.get("type") == "text")
