"""Where things are in relation to each other."""

import pytest

from services.upsampler.constraints import Constraint, read, relations


def found(text: str) -> list[str]:
    return [constraint.value for constraint in relations.find(read(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a banana on the left of an apple", ["banana left of apple"]),
        ("a zebra underneath a green broccoli", ["zebra underneath broccoli"]),
        ("two dogs standing proudly in front of a house", ["dogs in front of house"]),
        ("a train on top of a surfboard", ["train on top of surfboard"]),
        ("a cat behind a fence, next to a bucket", ["cat behind fence", "fence next to bucket"]),
        ("a cat on a mat", []),
    ],
)
def test_a_relation_is_found_with_its_things(text: str, expected: list[str]) -> None:
    assert sorted(found(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("relation", "text", "kept"),
    [
        ("apple left of cup", "An apple on the left and a cup on the right.", True),
        ("apple left of cup", "An apple right of a cup.", False),
        ("cat under table", "A table stands above the cat.", True),
        ("cat under table", "A cat on a table.", False),
        ("wine glass on top of dog", "A glass balanced on the head of a dog.", True),
        ("girl behind tree", "A tree stands in front of the girl.", True),
        ("girl behind tree", "A girl and a tree.", False),
    ],
)
def test_a_relation_is_kept_by_itself_or_seen_from_the_other_side(relation: str, text: str, kept: bool) -> None:
    assert relations.keeps(Constraint("relation", relation), read(text)) is kept
