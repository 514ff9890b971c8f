"""Text that is meant to be read in the picture: quoted, or named by what carries it."""

import re

QUOTED = re.compile(
    r"(?<!\d)[\"“”„]([^\"“”„]{1,200})[\"“”]"
    r"|«([^«»]{1,200})»|「([^「」]{1,200})」|『([^『』]{1,200})』"
    r"|(?<![\w'’])['‘‛]((?:[^'‘’\n]|(?<=\w)['’](?=\w)){1,200})['’](?![\w'’])"
)
UNCLOSED = re.compile(r"[‘“]([^‘’'“”,.;:\n]{2,80})(?=[,.;:\n]|$)")
LOST_QUOTES = re.compile(r"(?<=[a-z])\s{2}(\w[^.\n■]{0,80}?\w)(?:\s{2}(?=\w)|\s+[.,]?$)")
"""Two spaces inside a sentence stand where a copy lost its quotation marks."""
CARRIERS = (
    "sign|banner|poster|billboard|label|board|blackboard|whiteboard|plaque|placard|card|screen|shirt|hoodie|logo|marquee"
    "|book|cover|note|graffiti|storefront|chest|wall|paper|cake|mug|sticker|flag|clock|watch|phone|display|jersey"
)
SAYS = rf"(?:{CARRIERS})s?\b[^.,;]{{0,30}}?\b(?:says|saying|reads|reading|spells|spelling)"
CALLED = r"(?:titled|labell?ed|(?:the|with) (?:text|words?|message|caption|lettering|slogan))"
NAME = r"(?:[A-Z][\w'’&!?-]*|\d[\d:.,/]*\d|\d)(?:\s+(?:[A-Z0-9][\w'’&!?-]*|of|the|and|is|to|&))*"
CAPITALS = re.compile(rf"\b(?:{SAYS}|{CALLED}|text|words?|letters):?\s+({NAME})")
WRITTEN = re.compile(rf"\b(?:with|has)\s+({NAME})\s+(?:written|printed|painted|embroidered|engraved)\b")
SMALL = re.compile(
    rf"\b{SAYS}:?\s+((?:(?!(?:in|on|with|next|and|above|below|beside|while|that)\b)[\w'’!?-]+\s*){{1,7}})"
)
"""Without capitals a text ends where a new part of the sentence begins."""
SINGLE = re.compile(r"\b(?:letters?|numbers?|digits?|initials?)\s+([A-Z](?:[ ,]+(?:and )?[A-Z])*|[0-9]{1,3})\b")
NOT_TEXT = frozenset({"n", "em"})
"""Found between single marks in `rock 'n' roll` and the like."""
BLANK = "■"
"""Stands in the place of quoted text; it is part of no word."""


def taken_out(text: str) -> tuple[list[str], str]:
    """Give the texts to be rendered, and the text with blanks in their place."""
    found: list[str] = []
    for pattern in (QUOTED, UNCLOSED, LOST_QUOTES, CAPITALS, WRITTEN, SMALL, SINGLE):
        text = pattern.sub(lambda match: _blanked(match, found), text)
    return found, text


def _blanked(match: re.Match[str], found: list[str]) -> str:
    """Note the text that a match holds and leave blanks in its place."""
    group = next(index for index in range(1, len(match.groups()) + 1) if match[index] is not None)
    inner = " ".join(match[group].split()).removesuffix(",")
    if not inner or inner in NOT_TEXT:
        return match[0]
    found.append(inner)
    start, end = match.span(group)
    begin, whole = match.start(), match[0]
    if match.re in (QUOTED, UNCLOSED):
        return BLANK * len(whole)
    return whole[: start - begin] + BLANK * (end - start) + whole[end - begin :]
