"""CLIP's tokens, counted without torch or transformers."""

from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.upsampler.clip import WINDOW, Count, Tokenizer

ANYTHING = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\u0345"), max_size=60)
"""Without what is a letter to one version of Unicode and none to another."""


@cache
def ours() -> Tokenizer:
    return Tokenizer()


@cache
def theirs(padding: str):
    """The tokenizers that SDXL itself uses, which pad with the end token and with `!`."""
    from transformers import CLIPTokenizer

    own = ours()
    merges = [pair for pair, _ in sorted(own._ranks.items(), key=lambda item: item[1])]
    return CLIPTokenizer(vocab=own._ids, merges=merges, pad_token=padding, model_max_length=WINDOW + 2)


def test_the_published_ids_of_openais_tokenizer_come_out() -> None:
    assert ours().ids("a photo of a cat") == [320, 1125, 539, 320, 2368]


@settings(deadline=None)
@given(ANYTHING)
@example("café naïve 日本 🐸 it's 3.5 o'clock, 'NeurIPS' & <|endoftext|> <|ENDOFTEXT|> … ﬁ ½ ²")
@example("İstanbul ΑΣ \u2028 e\u0301")
@example("Stop!!! it!'s done!")
def test_any_text_has_the_ids_that_sdxls_own_tokenizers_give_it(text: str) -> None:
    assert ours().ids(text) == theirs("<|endoftext|>")(text, add_special_tokens=False)["input_ids"]
    assert ours().ids(text, second=True) == theirs("!")(text, add_special_tokens=False)["input_ids"]


def test_the_count_is_that_of_the_content_tokens_alone() -> None:
    assert ours().count("a photo of a cat") == Count(5, 5)
    assert ours().count("") == Count(0, 0)


def test_exclamation_marks_count_one_by_one_for_the_second_encoder() -> None:
    count = ours().count("stop!!!")

    assert (count.first, count.second, count.most) == (2, 4, 4)


def test_a_damaged_vocabulary_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.upsampler.clip.tokenizer.SHA256", "0" * 64)

    with pytest.raises(RuntimeError, match="restore it"):
        Tokenizer()
