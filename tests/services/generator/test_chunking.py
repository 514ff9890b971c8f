"""Long prompts are split at sentence ends, and nothing fits that does not fit."""

from hypothesis import given
from hypothesis import strategies as st

from services.generator.chunking import chunked


def words(text: str) -> int:
    return len(text.split())


def test_a_prompt_that_fits_is_one_chunk_exactly_as_written() -> None:
    chunks = chunked("a  red circle. Two. ", words, room=4, at_most=2)

    assert (chunks.texts, chunks.used, chunks.cut) == (("a  red circle. Two. ",), 4, 0)


def test_chunks_end_at_sentence_ends_where_they_can() -> None:
    chunks = chunked("one two three. four five. six seven", words, room=5, at_most=2)

    assert chunks.texts == ("one two three. four five.", "six seven")
    assert chunks.cut == 0


def test_a_sentence_that_is_too_long_is_split_between_words() -> None:
    chunks = chunked("one two three four five six seven", words, room=3, at_most=3)

    assert chunks.texts == ("one two three", "four five six", "seven")


def test_what_finds_no_place_is_counted() -> None:
    chunks = chunked("one two three. four five. six seven", words, room=3, at_most=1)

    assert (chunks.texts, chunks.used, chunks.cut) == (("one two three.",), 3, 4)


def test_a_word_that_is_too_long_by_itself_is_cut() -> None:
    chunks = chunked("a" * 50, len, room=10, at_most=2)

    assert all(len(text) <= 10 for text in chunks.texts)
    assert chunks.cut == 40


@given(st.text(alphabet="ab .!?", max_size=120), st.integers(1, 12), st.integers(1, 4))
def test_chunks_fit_and_no_token_is_counted_twice(text: str, room: int, at_most: int) -> None:
    chunks = chunked(text, words, room, at_most)

    assert 1 <= len(chunks.texts) <= at_most
    assert all(words(chunk) <= room for chunk in chunks.texts)
    assert chunks.used + chunks.cut == words(text)
    assert " ".join(chunks.texts).split() == text.split()[: chunks.used]
