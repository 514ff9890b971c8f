"""Recorded answers, scored as the judge does."""

from pathlib import Path

import pytest

from bench.judging import replay

ANSWERS = """dsg_prompt_split,qg_model,t2i_model,item_id,question,question_id,dependency_id,answer
t,d,one,p,Is there a dog?,1,0,{dog}
t,d,one,p,Is it brown?,2,1,yes
t,d,two,p,Is there a dog?,1,0,yes
t,d,two,p,Is it brown?,2,1,yes
"""
RATINGS = "dsg_prompt_split,t2i_model,item_id,source_id,worker_id,question,answer\n" + "".join(
    f"t,{painter},p,s,{worker},q,{rating}\n"
    for painter, rated in (("one", [1, 2, 1, 2, 1]), ("two", [5, 4, 5, 5, 4]))
    for worker, rating in enumerate(rated)
)


@pytest.fixture
def recorded(tmp_path: Path):
    (tmp_path / "ratings.csv").write_text(RATINGS)

    def scores(dog: str) -> dict:
        (tmp_path / "answers.csv").write_text(ANSWERS.format(dog=dog))
        return replay.read_scores(tmp_path / "answers.csv")

    return replay.read_ratings(tmp_path / "ratings.csv"), scores


def test_a_brown_dog_that_is_not_there_is_not_brown(recorded) -> None:
    _, scores = recorded

    assert scores("no") == {("one", "p"): 0.0, ("two", "p"): 1.0}


@pytest.mark.parametrize("answer", ["Yes", " yes "])
def test_only_a_plain_yes_counts(recorded, answer: str) -> None:
    _, scores = recorded

    assert scores(answer)["one", "p"] == 1.0
    assert scores("yes 100000")["one", "p"] == 0.0


def test_scores_are_held_against_mean_ratings(recorded) -> None:
    ratings, scores = recorded

    measured = replay.measure(ratings, scores("no"))

    assert measured["pictures"] == 2
    assert (measured["spearman"], measured["auc"]) == (pytest.approx(1), 1)
    assert (measured["called_correct"], measured["rated_good"]) == (0.5, 0.5)
    assert replay.ceiling(ratings) == pytest.approx(1)


def test_models_are_averaged_picture_by_picture(recorded) -> None:
    _, scores = recorded

    assert replay.together([scores("no"), scores("yes")]) == {("one", "p"): 0.5, ("two", "p"): 1.0}
