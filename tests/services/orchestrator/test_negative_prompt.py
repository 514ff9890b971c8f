"""A stock negative prompt never contradicts the prompt."""

from hypothesis import given
from hypothesis import strategies as st

from promptlift.contracts import MAX_PROMPT_CHARACTERS
from services.orchestrator.negative_prompt import negative_prompt, stock


def test_stock_terms_that_the_prompt_uses_are_left_out() -> None:
    assert negative_prompt("A Blurry photo", "", ("blurry", "low resolution")) == "low resolution"


def test_the_users_own_words_come_first_and_stay_whole() -> None:
    assert negative_prompt("a cat", "snow, blurry", ("watermark",)) == "snow, blurry, watermark"


def test_without_the_stock_only_the_users_own_words_are_there() -> None:
    assert negative_prompt("a cat", "snow", ()) == "snow"
    assert negative_prompt("a cat", "", ()) == ""


@given(st.text(alphabet="abcdefgh ", max_size=200), st.text(alphabet="abc, ", max_size=MAX_PROMPT_CHARACTERS))
def test_it_never_grows_beyond_what_the_contract_allows(prompt: str, own: str) -> None:
    assert len(negative_prompt(prompt, own, stock())) <= MAX_PROMPT_CHARACTERS
