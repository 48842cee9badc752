"""How far people agree who judged the same documents: Krippendorff's alpha of numbers, Cohen's kappa of categories."""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence


def krippendorff_alpha(units: Iterable[Sequence[float]]) -> float | None:
    """Krippendorff's alpha with the interval metric: 1 is perfect, 0 is what chance gives, below 0 is worse.

    Each unit holds the values that people gave to one thing, whoever they were; units with a single value tell nothing
    and are left out. alpha = 1 - observed / expected disagreement, where disagreement is the mean squared difference
    of pairs: within units, and among all values (K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011).
    None where no unit has two values, or where all values are equal.
    """
    pairable = [unit for unit in units if len(unit) > 1]
    values = [value for unit in pairable for value in unit]
    if not values or min(values) == max(values):
        return None
    expected = _squared_differences(values) / (len(values) - 1)
    observed = math.fsum(_squared_differences(unit) / (len(unit) - 1) for unit in pairable)
    return 1 - observed / expected


def _squared_differences(values: Sequence[float]) -> float:
    """The sum of (a - b)² over all ordered pairs of values, from their distances to the mean."""
    mean = math.fsum(values) / len(values)
    return 2 * len(values) * math.fsum((value - mean) ** 2 for value in values)


def cohen_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen's kappa of two raters' categories, unweighted: 1 is perfect, 0 is what chance gives.

    kappa = (p_o - p_e) / (1 - p_e), where p_o is the share of pairs that are equal and p_e the share that would be if
    both kept their habits and did not look (J. Cohen, A Coefficient of Agreement for Nominal Scales, 1960). None
    without pairs, or where both always gave the same one category: chance alone explains everything then.
    """
    if not pairs:
        return None
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    observed = sum(one == other for one, other in pairs) / len(pairs)
    expected = sum(first[category] * second[category] for category in first) / len(pairs) ** 2
    return (observed - expected) / (1 - expected) if expected < 1 else None
