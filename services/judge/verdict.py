"""What looks at pictures add up to: pure decisions, without a model."""

from typing import Any

from services.judge.program import Finding, Preference

MOST_WORDS = 50
BACK = {"A": "second", "B": "first", "tie": "tie"}
THERE = {"A": "first", "B": "second", "tie": "tie"}


class NoOpinion(Exception):
    """There is none; `status` is the contract's word for why."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def read(finding: Finding) -> dict[str, Any]:
    """Take a finding as it is.

    Raises:
        NoOpinion: its score contradicts its verdict; to trust either would be to invent one.
    """
    if (finding.score <= 0.5) != (finding.verdict == "incorrect"):
        raise NoOpinion("malformed", f"the score {finding.score} contradicts the verdict {finding.verdict}")
    return {"score": finding.score, "verdict": finding.verdict, "reasoning": shortened(finding.reasoning)}


def agreed(there: Preference, back: Preference) -> dict[str, Any]:
    """Unite the answers of both orders: agreement wins, disagreement is a tie."""
    first, second = THERE[there.better], BACK[back.better]
    return {
        "winner": first if first == second else "tie",
        "consistent": first == second,
        "reasoning": shortened(there.reasoning),
    }


def shortened(reasoning: str) -> str:
    """Keep at most 50 words."""
    words = reasoning.split()
    return " ".join(words) if len(words) <= MOST_WORDS else " ".join(words[:MOST_WORDS]) + " …"
