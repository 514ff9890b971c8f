"""The judge's Prometheus metrics; their names are stable, for dashboards and alerts."""

from typing import TypeVar

from prometheus_client import Counter

from promptlift.contracts import Comparison, Judgement

Opinion = TypeVar("Opinion", Judgement, Comparison)
PREFIX = "promptlift_judge"

opinions = Counter(f"{PREFIX}_opinions", "Judgements and comparisons, by their status", ["kind", "status"])
tokens = Counter(f"{PREFIX}_tokens", "Tokens of the multimodal model, read (input) or written (output)", ["kind"])
for kind in ("input", "output"):  # a series that is not there yet would look like one that is not scraped
    tokens.labels(kind)


def counted(opinion: Opinion) -> Opinion:
    """Count an opinion, and give it back; one out of the store cost nothing."""
    opinions.labels(type(opinion).__name__.lower(), opinion.status).inc()
    if opinion.usage is not None and not opinion.stored:
        tokens.labels("input").inc(opinion.usage.input_tokens)
        tokens.labels("output").inc(opinion.usage.output_tokens)
    return opinion
