"""Cutting captions."""

from services.upsampler.sentences import beginnings, ended, split


def test_a_text_is_cut_at_the_ends_of_its_sentences() -> None:
    assert split("A cat sits. it sleeps! Is it red?  Yes.") == ["A cat sits.", "It sleeps!", "Is it red?", "Yes."]


def test_abbreviations_and_quoted_text_are_not_cut() -> None:
    assert split("Dr. No meets St. Peter. He waves.") == ["Dr. No meets St. Peter.", "He waves."]
    assert split('A sign says "Stop. Look. Go." in red. It hangs.') == [
        'A sign says "Stop. Look. Go." in red.',
        "It hangs.",
    ]


def test_nothing_is_lost_between_the_cuts() -> None:
    text = "A cat sits… Then, at 3.5 m, a dog."

    assert " ".join(split(text)) == text


def test_a_sentence_begins_at_each_of_its_clauses_the_longest_first() -> None:
    sentence = "A dog runs on grass, its fur wet, chasing a ball."

    assert list(beginnings(sentence)) == ["A dog runs on grass, its fur wet.", "A dog runs on grass."]


def test_a_beginning_of_few_words_does_not_stand_by_itself() -> None:
    assert list(beginnings("Far away, a dog runs on grass.")) == []


def test_a_text_gets_one_end_mark() -> None:
    assert [ended(text) for text in ("a cat", "a cat.", "a cat,", "a cat!")] == ["a cat.", "a cat.", "a cat.", "a cat!"]


def test_what_is_nothing_but_marks_stays() -> None:
    assert ended("---") == "---"
