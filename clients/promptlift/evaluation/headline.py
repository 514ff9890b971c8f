"""The outcome of an evaluation in one sentence that claims no more than its figures bear."""

from promptlift.evaluation.findings import Findings
from promptlift.evaluation.statistics import Estimate

MINUS = "\N{MINUS SIGN}"


def headline(found: Findings) -> str:
    """Say whether upsampling helps, harms, or can't be told from doing nothing."""
    measure = found.whole.correct
    if not found.plan.paired:
        [arm] = found.plan.arms
        alone = measure.base or measure.upsampled
        return f"No {arm} picture was judged." if alone is None else f"{_share(alone)} of the {arm} pictures show all."
    difference = measure.difference
    if difference is None:
        return "No pair was judged in both arms, so that nothing can be said."
    change = f"{points(difference.value)} points of pictures that show everything that was asked"
    if difference.low is None or difference.high is None:
        return f"{change}, on {difference.prompts} prompts: too few for an interval."
    between = f"(95% interval {points(difference.low)} to {points(difference.high)})"
    if difference.low > 0:
        return f"Upsampling helps: {change} {between}."
    if difference.high < 0:
        return f"Upsampling harms: {change} {between}."
    return f"No difference can be told: {change} {between}."


def points(share: float) -> str:
    """Write a difference of shares as percentage points with its sign."""
    rounded = round(100 * share, 1)
    sign = "+" if rounded > 0 else MINUS if rounded < 0 else "±"
    return f"{sign}{abs(rounded):.1f}"


def percent(share: float) -> str:
    """Write a share."""
    return f"{100 * share:.1f}%"


def between(estimate: Estimate | None, signed: bool = True) -> str:
    """Write an estimate with its interval, a dash where there is none."""
    if estimate is None:
        return "–"
    write = points if signed else percent
    interval = bounds(estimate, signed)
    return f"{write(estimate.value)} {interval}" if interval else write(estimate.value)


def bounds(estimate: Estimate, signed: bool = True) -> str:
    """Write an interval; nothing where there is none."""
    write = points if signed else percent
    if estimate.low is None or estimate.high is None:
        return ""
    return f"[{write(estimate.low)}, {write(estimate.high)}]"


def _share(estimate: Estimate) -> str:
    return between(estimate, signed=False)
