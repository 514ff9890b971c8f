"""What binds the answer to a request, and how long it may be."""

from tests.services.upsampler.asking import change, count, task


def bound(of) -> list[tuple[str, str]]:
    return [(each.kind, each.value) for each in of.constraints]


def test_the_words_asked_for_fit_beside_the_prompt() -> None:
    short, long = task("a cat"), task("a cat " * 25)

    assert short.most_words == int((75 - 2) / 1.25)
    assert long.most_words == int((75 - 50) / 1.25)
    assert count("a cat").most == 2


def test_a_caption_takes_the_place_of_a_prompt_that_is_too_long() -> None:
    assert task("a cat on a mat " * 40).most_words == 60


def test_a_caption_has_at_most_sixty_words_and_a_creative_one_eighty() -> None:
    assert task("a cat", budget=150).most_words == 60
    assert task("a cat", budget=150, mode="creative").most_words == 80


def test_the_requests_own_budget_counts() -> None:
    assert task("a cat", budget=40).budget == 40


def test_an_instruction_takes_back_what_it_speaks_of_and_nothing_else() -> None:
    changed = change("two red cats and a blue car in Paris", "make the cats green")

    assert bound(changed) == [("count", "2"), ("colour", "blue"), ("name", "Paris"), ("colour", "green")] or bound(
        changed
    ) == [("colour", "blue"), ("name", "Paris"), ("colour", "green")]
    assert changed.released


def test_an_instruction_that_only_adds_takes_nothing_back() -> None:
    changed = change("a man holding a lantern", "make the light red")

    assert bound(changed) == [("colour", "red")]
    assert not changed.released


def test_a_new_text_takes_the_place_of_the_old_one() -> None:
    changed = change('a shop door with a sign "Open"', 'change the text to "Closed"', previous='a door, a sign "Open"')

    assert bound(changed) == [("text", "Closed")]
    assert changed.released


def test_what_a_prompt_contradicts_itself_binds_nobody() -> None:
    assert bound(task("a cat without a hat and a dog with a hat")) == []
