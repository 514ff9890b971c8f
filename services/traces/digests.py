"""Content digests, the same as the Weave SDK's, so that references made here are those that it would make.

Importing the SDK for them would cost 1.6 s and 80 MB; a test holds both to the same results.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from services.traces.errors import Conflict


def of_bytes(content: bytes) -> str:
    """Digest a file's content."""
    encoded = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode()
    return encoded.replace("-", "X").replace("_", "Y").rstrip("=")


def of_value(value: Any) -> str:
    """Digest an object or a table's row, whatever the order of its keys."""
    return of_bytes(canonical(value).encode())


def of_table(row_digests: Sequence[str]) -> str:
    """Digest a table by those of its rows."""
    return hashlib.sha256("".join(row_digests).encode()).hexdigest()


def checked(digest: str, expected: str | None) -> str:
    """Give a digest back that is the one its sender computed, if it did.

    Raises:
        Conflict: it is another one.
    """
    if expected not in (None, digest):
        raise Conflict(f"the digest is {digest}, not {expected}; send it without one")
    return digest


def canonical(value: Any) -> str:
    """Write a value that came as JSON with its keys in order."""
    return json.dumps(value, sort_keys=True)
