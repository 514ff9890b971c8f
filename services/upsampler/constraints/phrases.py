"""Looking for many phrases at once: a text is walked through once, whatever their number."""

from collections import defaultdict
from collections.abc import Iterable

from services.upsampler.constraints.reading import Reading


class Phrases:
    """Phrases in lower case, found by their first words."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first_word: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
        for phrase in phrases:
            first, *rest = phrase.split()
            self._by_first_word[first].append((phrase, tuple(rest)))

    def found(self, reading: Reading) -> dict[str, int]:
        """Give the phrases that occur in a text, each with the place of its first word there."""
        places: dict[str, int] = {}
        for place, word in enumerate(reading.words):
            for phrase, rest in self._by_first_word.get(word.text, ()):
                if phrase not in places and all(reading.at(place + 1 + n) == part for n, part in enumerate(rest)):
                    places[phrase] = place
        return places
