"""CLIP's byte-pair encoding, without torch or transformers: how many tokens a prompt is for each encoder of SDXL.

The vocabulary is OpenAI's own file (MIT, see LICENSE beside it). Both encoders share it, but the second one pads with
`!`, which it therefore splits off wherever it stands: `!!!` is one token to the first encoder, three to the second.
"""

import gzip
import hashlib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

import regex

WINDOW = 75
"""Content tokens that one pass of a text encoder reads; the two that mark start and end come on top."""
VOCABULARY = "bpe_simple_vocab_16e6.txt.gz"
SHA256 = "924691ac288e54409236115652ad4aa250f48203de50a9e4722a6ecd48d6804a"
MERGES = 49_152 - 256 - 2
START, END, SECOND_PAD = "<|startoftext|>", "<|endoftext|>", "!"
SPECIAL = {
    False: regex.compile(r"(<\|startoftext\|>|<\|endoftext\|>)"),
    True: regex.compile(r"(<\|startoftext\|>|<\|endoftext\|>|!)"),
}
"""What is a token by itself, whatever stands around it; true for the second encoder."""
PIECE = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")
CACHED_PIECES = 10_000


@dataclass(frozen=True)
class Count:
    """How many content tokens a text is to each text encoder of SDXL."""

    first: int
    second: int

    @property
    def most(self) -> int:
        """The larger of the two, which a budget must hold."""
        return max(self.first, self.second)


class Tokenizer:
    """Turns text into the ids of its content tokens; loading takes about a tenth of a second."""

    def __init__(self) -> None:
        letters = _letters()
        merges = [tuple(line.split()) for line in _lines()]
        tokens = [*letters.values(), *(letter + "</w>" for letter in letters.values()), *map("".join, merges)]
        self._ids = {token: number for number, token in enumerate([*tokens, START, END])}
        self._ranks = {pair: rank for rank, pair in enumerate(merges)}
        self._letters = letters
        self._piece = lru_cache(CACHED_PIECES)(self._encode)

    def ids(self, text: str, *, second: bool = False) -> list[int]:
        """Give the ids in [0, 49407] of a text's tokens to one of the encoders, without start, end and padding."""
        numbers: list[int] = []
        for index, part in enumerate(SPECIAL[second].split(text)):
            numbers += [self._ids[part]] if index % 2 else self._plain(part)
        return numbers

    def count(self, text: str) -> Count:
        """Count a text's content tokens for each encoder."""
        first = len(self.ids(text))
        return Count(first, len(self.ids(text, second=True)) if SECOND_PAD in text else first)

    def _plain(self, text: str) -> list[int]:
        normal = " ".join(unicodedata.normalize("NFC", text).split())
        # letter by letter, since the encoders know no final sigma
        lower = normal.lower() if normal.isascii() else "".join(map(str.lower, normal))
        return [number for piece in PIECE.findall(lower) for number in self._piece(piece)]

    def _encode(self, piece: str) -> tuple[int, ...]:
        parts = [self._letters[byte] for byte in piece.encode()]
        parts[-1] += "</w>"
        while len(parts) > 1:
            pair = min(pairwise(parts), key=lambda two: self._ranks.get(two, MERGES))
            if pair not in self._ranks:
                break
            parts = _merged(parts, pair)
        return tuple(self._ids[part] for part in parts)


def _merged(parts: list[str], pair: tuple[str, str]) -> list[str]:
    """Join every occurrence of a pair, from left to right."""
    joined: list[str] = []
    rest = iter(range(len(parts)))
    for index in rest:
        if tuple(parts[index : index + 2]) == pair:
            joined.append("".join(pair))
            next(rest)
        else:
            joined.append(parts[index])
    return joined


def _letters() -> dict[int, str]:
    """Give each byte its printable stand-in, in the vocabulary's order: printable bytes first."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + n) for n, byte in enumerate(others)}


def _lines() -> list[str]:
    compressed = (files("services.upsampler.clip") / VOCABULARY).read_bytes()
    if hashlib.sha256(compressed).hexdigest() != SHA256:
        raise RuntimeError(f"{VOCABULARY} is not OpenAI's file; restore it from the project's repository")
    return gzip.decompress(compressed).decode().split("\n")[1 : MERGES + 1]  # line 0 names the file's version
