"""Recorded answers of VQA models, scored by the judge's rule and held against human ratings.

The files are those of the Davidsonian Scene Graph's release (Cho et al. 2024): answers of a model for the questions of
each picture, and five Likert ratings of 1 to 5 for each picture.
"""

import csv
import itertools
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.judging.ranks import area, spearman
from promptlift.contracts import Fact
from services.judge.scoring import score

Picture = tuple[str, str]
"""The painter's name and the prompt's id."""
GOOD = 4
"""Mean rating from which people call a picture right."""


def read_ratings(path: Path) -> dict[Picture, list[int]]:
    """Read the human ratings of each picture."""
    ratings: dict[Picture, list[int]] = defaultdict(list)
    for row in _rows(path):
        ratings[row["t2i_model"], row["item_id"]].append(int(row["answer"]))
    return dict(ratings)


def read_scores(path: Path) -> dict[Picture, float]:
    """Read a model's answers and score each picture as the judge would."""
    rows: dict[Picture, list[dict[str, str]]] = defaultdict(list)
    for row in _rows(path):
        rows[row["t2i_model"], row["item_id"]].append(row)
    return {picture: _score(answers) for picture, answers in rows.items()}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _score(answers: Sequence[Mapping[str, str]]) -> float:
    numbers = {row["question_id"]: number for number, row in enumerate(answers, 1)}
    facts = []
    for row in answers:
        parents = [numbers[parent.strip()] for parent in row["dependency_id"].split(",") if parent.strip() in numbers]
        facts.append(
            Fact(id=numbers[row["question_id"]], kind="other", question=row["question"], parents=tuple(parents))
        )
    votes = {number: float(row["answer"].strip().lower() == "yes") for number, row in enumerate(answers, 1)}
    return score(facts, votes).score


def measure(ratings: Mapping[Picture, Sequence[int]], scored: Mapping[Picture, float]) -> dict[str, float]:
    """Compare scores with ratings for the pictures that have both."""
    pictures = [picture for picture in scored if picture in ratings]
    human = [statistics.fmean(ratings[picture]) for picture in pictures]
    scores = [scored[picture] for picture in pictures]
    return {
        "pictures": len(pictures),
        "spearman": spearman(scores, human),
        "auc": area(scores, [mean >= GOOD for mean in human]),
        "called_correct": statistics.fmean(one > 0.5 for one in scores),
        "rated_good": statistics.fmean(mean >= GOOD for mean in human),
    }


def together(scored: Sequence[Mapping[Picture, float]]) -> dict[Picture, float]:
    """Average the scores of several models."""
    return {picture: statistics.fmean(scores[picture] for scores in scored) for picture in scored[0]}


def ceiling(ratings: Mapping[Picture, Sequence[int]]) -> float:
    """Give the Spearman correlation that people reach among themselves.

    Two raters are held against the other three in every way, and the mean is corrected for the halved number of raters
    (Spearman-Brown).
    """
    whole = [rated for rated in ratings.values() if len(rated) == 5]
    correlations = []
    for two in itertools.combinations(range(5), 2):
        few = [statistics.fmean(rated[rater] for rater in two) for rated in whole]
        rest = [statistics.fmean(rated[rater] for rater in range(5) if rater not in two) for rated in whole]
        correlations.append(spearman(few, rest))
    half = statistics.fmean(correlations)
    return 2 * half / (1 + half)
