"""The upsampler's Prometheus metrics; their names are stable, for dashboards and alerts."""

from prometheus_client import Counter

from promptlift.contracts import Upsampling

PREFIX = "promptlift_upsampler"

prompts = Counter(f"{PREFIX}_prompts", "Prompts answered: upsampled, or kept as they came", ["outcome"])
tokens = Counter(f"{PREFIX}_tokens", "Tokens of the language model, read (input) or written (output)", ["kind"])
dollars = Counter(f"{PREFIX}_dollars", "US dollars of answers whose cost is known")
for kind in ("input", "output"):  # a series that is not there yet would look like one that is not scraped
    tokens.labels(kind)


def counted(upsampling: Upsampling) -> Upsampling:
    """Count an answer, and give it back."""
    prompts.labels("kept" if upsampling.fallback else "upsampled").inc()
    tokens.labels("input").inc(upsampling.usage.input_tokens)
    tokens.labels("output").inc(upsampling.usage.output_tokens)
    dollars.inc(upsampling.cost or 0)
    return upsampling
