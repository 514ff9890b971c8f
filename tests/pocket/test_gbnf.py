"""Rules of the grammar that keeps a language model inside the world."""

import itertools
import re

import pytest

from pocket.gbnf import continuation_grammar, fitting_backgrounds, open_slots
from pocket.grammar import load_grammar
from pocket.parse import parse

PROMPTS = [
    "a red circle",
    "Three discs",
    "a red circle left of a blue star",
    "a yellow heart inside a green square",
    "a red circle, a blue square and a green star",
    "a small white cross at the top",
]


@pytest.mark.parametrize("prompt", PROMPTS)
def test_every_caption_that_the_grammar_allows_keeps_the_words_and_is_understood(prompt: str) -> None:
    statement = parse(prompt).statement
    slots = open_slots(statement)
    for choice in itertools.islice(itertools.product(*(choices for _, choices in slots)), 0, None, 7):
        caption = prompt + "".join(lead + words for (lead, _), words in zip(slots, choice, strict=True))
        reading = parse(caption)

        assert reading.understood, caption
        assert len(reading.statement.entities) == len(statement.entities)
        assert not open_slots(reading.statement)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_grammar_is_one_root_rule_of_quoted_words_after_a_comma(prompt: str) -> None:
    text = continuation_grammar(parse(prompt).statement)

    assert text.startswith('root ::= " ')
    assert re.fullmatch(r'root ::= ("[^"\n]*"|[ ()|])+\n', text)


def test_what_the_user_has_said_is_not_asked_again() -> None:
    told = parse("a small red circle in the center on a white background").statement

    assert open_slots(told) == []
    assert continuation_grammar(told) == 'root ::= ""\n'


def test_no_background_hides_a_stated_colour() -> None:
    fitting = fitting_backgrounds(parse("a white star").statement, load_grammar())

    assert "white" not in fitting
    assert "navy" in fitting
