"""What a language model answered, and mending what is wrong with it only in form."""

import re
from dataclasses import dataclass

from promptlift.contracts import MAX_PROMPT_CHARACTERS
from services.upsampler.constraints.lexicon import PRAISE
from services.upsampler.constraints.reading import WORD
from services.upsampler.task import Task

MARKUP = frozenset("[]{}<>*#`|\\")
"""Painters read it as noise."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
LABEL = re.compile(r"^\W*(?:caption|prompt|description|image)\s*:\s*", re.IGNORECASE)
PRAISED = re.compile(rf"\b(?:(an?)\s+)?\b({'|'.join(PRAISE)})\b(?:,\s*(?:and\s+)?|\s+and\s+|\s+)(\w)", re.IGNORECASE)
LONGEST = 2 * MAX_PROMPT_CHARACTERS
"""Characters of an answer that are looked at."""


@dataclass(frozen=True)
class Draft:
    """What a language model answered.

    Attributes:
        corrected: the prompt with spelling and grammar mended.
        caption: the picture in its words.
    """

    corrected: str
    caption: str


def mended(task: Task, draft: Draft) -> Draft:
    """Clean a draft of what is wrong only in form: markup, quotation marks around it, the case of quoted text."""
    caption = LABEL.sub("", _plain(draft.caption, task))
    if len(caption) > 1 and caption[0] in "\"“'" and caption[-1] in "\"”'" and not set('"“”') & set(caption[1:-1]):
        caption = caption[1:-1].strip()
    for constraint in task.constraints:
        if constraint.kind == "text":
            caption = _with_exact(caption, constraint.value)
    return Draft(_plain(draft.corrected, task), _without_praise(caption, task))


def _plain(text: str, task: Task) -> str:
    """Drop control characters, halves of characters, and markup that the user did not write."""
    noise = str.maketrans(dict.fromkeys(MARKUP - set(task.asked), " "))
    return " ".join(CONTROL.sub(" ", text[:LONGEST]).translate(noise).split())


def _without_praise(caption: str, task: Task) -> str:
    """Drop words of praise that are not the user's own."""

    def rest(match: re.Match[str]) -> str:
        article, word, after = match.groups()
        if word.lower() in asked:
            return match[0]
        return f"{_article(article, after)}{after}"

    asked = set(WORD.findall(f"{task.asked} {task.previous}".lower()))
    before, caption = caption, PRAISED.sub(rest, caption)
    return caption if caption == before else _without_praise(caption, task)


def _article(article: str | None, after: str) -> str:
    if article is None:
        return ""
    right = "an " if after.lower() in "aeiou" else "a "
    return right.capitalize() if article[0].isupper() else right


def _with_exact(caption: str, text: str) -> str:
    """Write a quoted text the way the user did, wherever it stands in another case."""
    if text in caption:
        return caption
    pattern = r"\s+".join(re.escape(word) for word in text.split())
    return re.sub(rf"(?<!\w){pattern}(?!\w)", lambda match: text, caption, flags=re.IGNORECASE)
