"""Messages to the team: what happened, as data, and how one or several of them look in Slack (Block Kit).

Formats: https://docs.slack.dev/block-kit and https://docs.slack.dev/messaging/formatting-message-text
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

HEADER_LIMIT, TEXT_LIMIT, FIELD_LIMIT, FIELDS_LIMIT = 150, 3000, 2000, 10
SUBJECTS_SHOWN = 31
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
IN_ADDRESSES = str.maketrans({"&": "&amp;", "<": "%3C", ">": "%3E", "|": "%7C"})
CUT = "…"


class Message(BaseModel):
    """One event, told once.

    Attributes:
        key: the event's identity; nothing with the same key is ever told again.
        group: what counts as the same thing happening again; such messages are put together into one.
        title: one line, the same for all of a group.
        text: what was said, such as an error's first line; shown as it stands.
        facts: names and values.
        links: labels and addresses.
        subject: what tells this event from others of its group, such as the day.
        backfill: the backfill that it comes from; such messages are told together when that has ended.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    group: str
    title: str
    text: str = ""
    facts: Mapping[str, str] = {}
    links: Mapping[str, str] = {}
    subject: str = ""
    backfill: str = ""

    def mapped(self, change: Callable[[str], str]) -> "Message":
        """The message with every text that people see changed; the key and the group stay."""
        return self.model_copy(
            update={
                "title": change(self.title),
                "text": change(self.text),
                "facts": {change(name): change(value) for name, value in self.facts.items()},
                "links": {change(label): change(address) for label, address in self.links.items()},
                "subject": change(self.subject),
            }
        )


def slack_post(messages: Sequence[Message]) -> dict[str, Any]:
    """The body of a post to a Slack webhook for messages of one group; of several the last is shown in full.

    Raises:
        ValueError: there is no message.
    """
    if not messages:
        raise ValueError("there is nothing to tell")
    shown = messages[-1]
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": escaped(headline(messages), HEADER_LIMIT)}}
    ]
    if len(messages) > 1:
        blocks.append(_section(escaped(_subjects(messages), TEXT_LIMIT)))
    if shown.text:
        blocks.append(_section(f"```{escaped(shown.text.replace('`', chr(39)), TEXT_LIMIT - 6)}```"))
    facts = [_fact(name, value) for name, value in shown.facts.items()]
    blocks += [
        {"type": "section", "fields": facts[start : start + FIELDS_LIMIT]}
        for start in range(0, len(facts), FIELDS_LIMIT)
    ]
    links = [_link(label, address) for label, address in shown.links.items()]
    blocks += [_section(link) for link in links if len(link) <= TEXT_LIMIT]
    return {"text": escaped(plain_text(messages), TEXT_LIMIT), "blocks": blocks}


def headline(messages: Sequence[Message]) -> str:
    """The first line: what happened, how often, and of which day if it was once."""
    shown = messages[-1]
    if len(messages) > 1:
        return f"{shown.title} ({len(messages)} times)"
    return f"{shown.title}: {shown.subject}" if shown.subject else shown.title


def plain_text(messages: Sequence[Message]) -> str:
    """The same in one line of plain text, for logs and notifications."""
    shown = messages[-1]
    parts = [headline(messages), _subjects(messages) if len(messages) > 1 else "", shown.text]
    parts += [f"{name}: {value}" for name, value in shown.facts.items()]
    return " | ".join(" ".join(part.split()) for part in parts if part)


def escaped(text: str, limit: int) -> str:
    """The text with Slack's three control characters escaped, cut so that it is no longer than `limit` characters."""
    pieces = [ENTITIES.get(each, each) for each in text]
    if sum(map(len, pieces)) <= limit:
        return "".join(pieces)
    kept, room = [], limit - len(CUT)
    for piece in pieces:
        room -= len(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept) + CUT


def redacted(text: str, secrets: Iterable[str]) -> str:
    """The text without any of the secret values."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "[secret]")
    return text


def _subjects(messages: Sequence[Message]) -> str:
    """Which days, or whatever the messages are about: each once, in order."""
    subjects = sorted({each.subject for each in messages if each.subject})
    more = len(subjects) - SUBJECTS_SHOWN
    listed = ", ".join(subjects[:SUBJECTS_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return f"{listed}. The last of them:" if listed else "The last of them:"


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _fact(name: str, value: str) -> dict[str, str]:
    label = escaped(name, HEADER_LIMIT)
    return {"type": "mrkdwn", "text": f"*{label}*\n{escaped(value, FIELD_LIMIT - len(label) - 3)}"}


def _link(label: str, address: str) -> str:
    return f"<{address.translate(IN_ADDRESSES)}|{escaped(label, HEADER_LIMIT).replace('|', ' ')}>"
