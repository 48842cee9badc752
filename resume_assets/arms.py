"""Arms: the variants of the experiment (prompt x model), and which of them writes a pair's resume.

A pair's place between 0 and 1 is a hash of its id, so that other pairs, added or gone, never move it to another arm.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from resume_assets.settings import CHAMPION, Settings
from tailoring.prompts import Prompt, parse_prompt


@dataclass(frozen=True)
class Arm:
    """One variant, ready to be used: its prompt read, its model named."""

    name: str
    model: str
    prompt: Prompt
    share: float


def open_arms(settings: Settings, champion: str) -> list[Arm]:
    """The arms of the settings; `champion` is the model of those that follow the best one.

    Raises:
        PromptError: a prompt's file is not as it must be.
    """
    return [
        Arm(
            name=arm.name,
            model=champion if arm.model == CHAMPION else arm.model,
            prompt=parse_prompt(arm.prompt, settings.prompt_file(arm.prompt).read_text(encoding="utf-8")),
            share=arm.share,
        )
        for arm in settings.generation.arms
    ]


def arm_of(pair_id: str, arms: Sequence[Arm]) -> Arm:
    """The arm that a pair belongs to, for ever while the arms stay as they are."""
    place = int.from_bytes(hashlib.sha256(f"arm/{pair_id}".encode()).digest()[:8]) / 2**64
    for arm in arms:
        place -= arm.share
        if place < 0:
            return arm
    return arms[-1]  # shares add up to 1 only as far as floats do
