"""The order of a tree, whatever arrives in whatever order."""

from hypothesis import given
from hypothesis import strategies as st

from services.traces.tree import Entry, arrange

NAMES = st.sampled_from("abcdefgh")


def arranged(*entries: tuple[str, str | None, int]) -> list[str]:
    places = arrange([Entry(*entry) for entry in entries])
    return [f"{'.' * depth}{entry.id}{'' if entry.is_here else '?'}" for entry, depth in places]


def test_siblings_stand_in_the_order_of_their_starts() -> None:
    assert arranged(("late", "root", 3), ("root", None, 1), ("early", "root", 2)) == ["root", ".early", ".late"]


def test_a_missing_parent_is_one_placeholder_after_the_whole_trees() -> None:
    entries = [("a", "gone", 1), ("b", "gone", 2), ("root", None, 3)]

    assert arranged(*entries) == ["root", "gone?", ".a", ".b"]


def test_calls_in_a_circle_are_cut_apart() -> None:
    assert arranged(("a", "b", 1), ("b", "a", 2)) == ["a", ".b"]


def test_a_tree_of_any_depth_is_arranged() -> None:
    chain = [(str(number), str(number - 1) if number else None, number) for number in range(5000)]

    assert arranged(*chain)[-1] == "." * 4999 + "4999"


@given(st.dictionaries(NAMES, st.tuples(st.none() | NAMES, st.integers(0, 9)), max_size=8))
def test_every_call_stands_once_and_after_its_parent(calls: dict[str, tuple[str | None, int]]) -> None:
    places = list(arrange([Entry(name, parent, started) for name, (parent, started) in calls.items()]))

    assert sorted(entry.id for entry, _ in places if entry.is_here) == sorted(calls)
    for number, (entry, depth) in enumerate(places):
        above = next((each for each, level in reversed(places[:number]) if level == depth - 1), None)
        assert depth == 0 or (above is not None and above.id == entry.parent_id)
