"""What an evaluation found: from records to the figures that the report shows."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from promptlift.cli.controls import Result
from promptlift.contracts import Arm
from promptlift.evaluation.plan import Plan
from promptlift.evaluation.record import Fate, Record
from promptlift.evaluation.statistics import Estimate, Noise, Signs, estimate, noise, signs
from promptlift.evaluation.validity import Validity, validity

Value = Callable[[Record, Arm], float]
DIFFERENCE = (-1.0, 1.0)
SHARE = (0.0, 1.0)


@dataclass(frozen=True)
class Measure:
    """One measure of both arms, over the pairs that were judged in both; the difference is upsampled less base.

    Attributes:
        with_fallbacks: the difference when a prompt that was not upsampled counts as no change, as a user would get it.
    """

    base: Estimate | None
    upsampled: Estimate | None
    difference: Estimate | None
    with_fallbacks: Estimate | None


@dataclass(frozen=True)
class Wins:
    """What the judge preferred where it compared both pictures of a pair.

    Attributes:
        rate: of the upsampled pictures, ties counted half.
        inconsistent: share of comparisons whose winner changed with the order in which they were shown; they are ties.
        bias: mean of the position bias, from 1 (always the first) to -1 (always the last).
    """

    upsampled: int
    base: int
    ties: int
    rate: Estimate | None
    inconsistent: float
    bias: float


@dataclass(frozen=True)
class Slice:
    """The figures of some of the prompts: all of them, or a category."""

    name: str
    prompts: int
    pairs: int
    correct: Measure
    score: Measure
    signs: Signs
    wins: Wins | None


@dataclass(frozen=True)
class Change:
    """What upsampling did to one prompt: its mean differences over the pairs that were judged in both arms."""

    prompt: str
    category: str
    correct: float
    score: float
    records: tuple[Record, ...]


@dataclass(frozen=True)
class Apart:
    """Trials of one arm that enter no figure: what became of them, how many, and the reasons that were given."""

    arm: Arm
    fate: Fate
    count: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Findings:
    """Everything that the report says but costs and times, which differ from run to run."""

    plan: Plan
    trials: int
    whole: Slice
    categories: tuple[Slice, ...]
    noise: Noise | None
    changes: tuple[Change, ...]
    apart: tuple[Apart, ...]
    controls: tuple[Result, ...]
    validity: Validity


def findings(plan: Plan, records: Sequence[Record], controls: Sequence[Result]) -> Findings:
    """Work everything out; the order of the records makes no difference."""
    ordered = sorted(records, key=lambda record: (record.category, record.prompt, record.index))
    names = list(dict.fromkeys(record.category for record in ordered))
    categories = [_slice(name, [one for one in ordered if one.category == name], plan) for name in names]
    whole = _slice("all", ordered, plan)
    changes = _changes(ordered)
    within = [[correct(one, "base") for one in group] for group in _by_prompt(_judged(ordered, ("base",))).values()]
    return Findings(
        plan=plan,
        trials=len(ordered),
        whole=whole,
        categories=tuple(categories) if len(categories) > 1 else (),
        noise=noise(within, [change.correct for change in changes]),
        changes=tuple(changes),
        apart=tuple(_apart(ordered, plan.arms)),
        controls=tuple(controls),
        validity=validity(ordered, controls, plan),
    )


def score(record: Record, arm: Arm) -> float:
    """Give the score of a judged arm, in [0, 1]."""
    shot = record.shot(arm)
    assert shot is not None, "only judged arms are asked for"
    assert shot.judgement is not None, "only judged arms are asked for"
    assert shot.judgement.score is not None, "only judged arms are asked for"
    return shot.judgement.score


def correct(record: Record, arm: Arm) -> float:
    """Give 1 when a judged picture shows everything that was asked, else 0."""
    return float(score(record, arm) > 0.5)


def _judged(records: Sequence[Record], arms: Sequence[Arm]) -> list[Record]:
    return [record for record in records if all(record.fate(arm) == "judged" for arm in arms)]


def _by_prompt(records: Sequence[Record]) -> Mapping[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(record.prompt, []).append(record)
    return groups


def _slice(name: str, records: Sequence[Record], plan: Plan) -> Slice:
    pairs = _judged(records, plan.arms)
    groups = _by_prompt(pairs).values()
    differences = [_mean(group, lambda one: _difference(one, score)) for group in groups] if plan.paired else []
    return Slice(
        name=name,
        prompts=len(groups),
        pairs=len(pairs),
        correct=_measure(records, plan, correct),
        score=_measure(records, plan, score),
        signs=signs(differences),
        wins=_wins(records) if plan.paired else None,
    )


def _measure(records: Sequence[Record], plan: Plan, value: Value) -> Measure:
    groups = list(_by_prompt(_judged(records, plan.arms)).values())

    def of_arm(arm: Arm) -> Estimate | None:
        if arm not in plan.arms:
            return None
        return estimate([_mean(group, lambda one: value(one, arm)) for group in groups], SHARE)

    differences = [_mean(group, lambda one: _difference(one, value)) for group in groups] if plan.paired else []
    treated = [
        _mean(group, lambda one: _difference(one, value) if one.fate("upsampled") == "judged" else 0.0)
        for group in _by_prompt([one for one in records if _as_a_user_gets_it(one)]).values()
    ]
    return Measure(
        base=of_arm("base"),
        upsampled=of_arm("upsampled"),
        difference=estimate(differences, DIFFERENCE),
        with_fallbacks=estimate(treated, DIFFERENCE) if plan.paired else None,
    )


def _as_a_user_gets_it(record: Record) -> bool:
    return record.fate("base") == "judged" and record.fate("upsampled") in ("judged", "not upsampled")


def _difference(record: Record, value: Value) -> float:
    return value(record, "upsampled") - value(record, "base")


def _mean(records: Sequence[Record], value: Callable[[Record], float]) -> float:
    return fmean(value(record) for record in records)


def _wins(records: Sequence[Record]) -> Wins | None:
    compared = [record for record in records if record.comparison is not None and record.comparison.status == "ok"]
    if not compared:
        return None
    worth = {"second": 1.0, "tie": 0.5, "first": 0.0}
    winners = {one.key: one.comparison.winner or "tie" for one in compared if one.comparison is not None}
    counts = Counter(winners.values())
    rates = [_mean(group, lambda one: worth[winners[one.key]]) for group in _by_prompt(compared).values()]
    known = [one.comparison for one in compared if one.comparison is not None]
    return Wins(
        upsampled=counts["second"],
        base=counts["first"],
        ties=counts["tie"],
        rate=estimate(rates, SHARE),
        inconsistent=fmean(not one.consistent for one in known),
        bias=fmean(one.position_bias or 0 for one in known),
    )


def _changes(records: Sequence[Record]) -> list[Change]:
    """Give each prompt's change, the most improved first."""
    changes = [
        Change(
            prompt=prompt,
            category=group[0].category,
            correct=_mean(group, lambda one: _difference(one, correct)),
            score=_mean(group, lambda one: _difference(one, score)),
            records=tuple(group),
        )
        for prompt, group in _by_prompt(_judged(records, ("base", "upsampled"))).items()
    ]
    return sorted(changes, key=lambda change: (-change.score, -change.correct, change.prompt))


def _apart(records: Sequence[Record], arms: Sequence[Arm]) -> list[Apart]:
    reasons: dict[tuple[Arm, Fate], list[str]] = {}
    for arm in arms:
        for record in records:
            if (fate := record.fate(arm)) != "judged":
                reasons.setdefault((arm, fate), []).append(record.reason(arm))
    return [
        Apart(arm, fate, len(said), tuple(dict.fromkeys(reason for reason in said if reason)))
        for (arm, fate), said in sorted(reasons.items())
    ]
