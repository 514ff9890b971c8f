"""Marks by which DSPy knows its own parts of a message: in a user's text they would forge such parts."""

import re

from services.errors import Invalid

MARKER = re.compile(r"<<CUSTOM-TYPE-(?:START|END)-IDENTIFIER>>|\[\[\s*##[^\]]*##\s*\]\]")


def refuse_markers(**texts: str | None) -> None:
    """Refuse texts that hold such a mark; each is named by its field.

    Raises:
        Invalid: one does; the message names the field, the mark and its place.
    """
    for field, text in texts.items():
        found = MARKER.search(text or "")
        if found:
            raise Invalid(
                f"{field}: holds {found[0][:60]!r} at position {found.start()}, a mark that is reserved between this "
                "service and its language model; remove it"
            )
