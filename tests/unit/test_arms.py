"""Arms: each pair belongs to one of them, for ever, in the shares that the settings give."""

from collections import Counter

from resume_assets.arms import Arm, arm_of
from tailoring.prompts import parse_prompt

PROMPT = parse_prompt("test", "# System\nWrite.\n# User\n{resume}\n{job_posting}\n")
ARMS = [Arm("base", "m", PROMPT, 0.7), Arm("short", "m", PROMPT, 0.2), Arm("new", "n", PROMPT, 0.1)]
PAIRS = [f"{number:016x}-{number * 7:016x}" for number in range(5000)]


def test_pairs_are_shared_out_as_the_settings_say() -> None:
    counts = Counter(arm_of(pair, ARMS).name for pair in PAIRS)
    for arm in ARMS:
        assert abs(counts[arm.name] / len(PAIRS) - arm.share) < 0.02


def test_a_pair_stays_in_its_arm_when_another_arm_is_cut_off_the_last() -> None:
    halved = [*ARMS[:2], Arm("new", "n", PROMPT, 0.05), Arm("newer", "n", PROMPT, 0.05)]
    moved = [pair for pair in PAIRS if arm_of(pair, halved).name != arm_of(pair, ARMS).name]
    assert {arm_of(pair, ARMS).name for pair in moved} == {"new"}


def test_one_arm_takes_all() -> None:
    assert {arm_of(pair, [Arm("base", "m", PROMPT, 1.0)]).name for pair in PAIRS} == {"base"}
