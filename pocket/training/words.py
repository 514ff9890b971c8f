"""The painter's own CLIP tokenizer: one token for every word of the grammar, pieces for all other text."""

from collections import Counter
from itertools import pairwise

from transformers import CLIPTokenizer

from pocket.grammar import Grammar, plural

LENGTH = 77
"""Tokens of a prompt, padding included; the same as SDXL's."""
END = "</w>"
SPECIAL = ("<|startoftext|>", "<|endoftext|>")


def new_tokenizer(grammar: Grammar) -> CLIPTokenizer:
    """Build a byte-level BPE tokenizer whose merges spell the grammar's words."""
    merges = spelling(vocabulary(grammar))
    letters = _letters()
    tokens = [*letters, *(letter + END for letter in letters), *(left + right for left, right in merges), *SPECIAL]
    return CLIPTokenizer(
        vocab={token: number for number, token in enumerate(dict.fromkeys(tokens))},
        merges=merges,
        model_max_length=LENGTH,
        unk_token=SPECIAL[1],
        bos_token=SPECIAL[0],
        eos_token=SPECIAL[1],
        pad_token=SPECIAL[1],
    )


def vocabulary(grammar: Grammar) -> list[str]:
    """List every word that captions can hold, sorted."""
    shapes = [word for name, synonyms in grammar.shapes.items() for word in (name, *synonyms)]
    phrases = [
        *shapes,
        *map(plural, shapes),
        *grammar.background_phrases,
        *grammar.openings,
        *grammar.fillers,
        "is and",
    ]
    for names in (grammar.colours, grammar.backgrounds, grammar.sizes):
        phrases += [word for name, entry in names.items() for word in (name, *entry.synonyms)]
    phrases += [phrase for cell in grammar.cells.values() for phrase in cell.phrases]
    phrases += [phrase for relation in grammar.relations.values() for phrase in relation.phrases]
    phrases += [word for words in grammar.counts.values() for word in words]
    words = {part for phrase in phrases for word in phrase.split() for part in word.split("-")}
    return sorted(word for word in words if word.isalpha())


def spelling(words: list[str]) -> list[tuple[str, str]]:
    """Learn byte-pair merges, most frequent first, until every word is a single token."""
    spelt = [[*word[:-1], word[-1] + END] for word in words]
    merges = []
    while any(len(pieces) > 1 for pieces in spelt):
        pairs = Counter(pair for pieces in spelt for pair in pairwise(pieces))
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        spelt = [_merged(pieces, best) for pieces in spelt]
    return merges


def _merged(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    joined: list[str] = []
    for piece in pieces:
        if joined and (joined[-1], piece) == pair:
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _letters() -> list[str]:
    """List the 256 printable stand-ins for bytes that byte-level BPE uses, in the order of the bytes."""
    kept = {*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)}
    moved = iter(range(256, 512))
    return [chr(byte if byte in kept else next(moved)) for byte in range(256)]
