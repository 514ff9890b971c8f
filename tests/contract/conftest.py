"""Prompts that no test before has had planned."""

import itertools

import pytest

NEW = itertools.count()


@pytest.fixture
def prompt() -> str:
    """A prompt that was not planned before."""
    return f"a circle on page {next(NEW)}"
