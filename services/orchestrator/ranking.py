"""Which of several judged pictures to show."""

from collections.abc import Sequence

from promptlift.contracts import Picture


def best(pictures: Sequence[Picture]) -> int:
    """Give the index of the highest score; when equal, of an upsampled picture, then of the earlier one.

    A picture without a score ranks below every score.
    """
    return min(range(len(pictures)), key=lambda index: (_rank(pictures[index]), index))


def _rank(picture: Picture) -> tuple[float, bool]:
    """Make a key that is smaller for a picture to be preferred."""
    score = picture.judgement.score if picture.judgement else None
    return (1.0 if score is None else -score, picture.arm == "base")
