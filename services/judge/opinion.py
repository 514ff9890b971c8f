"""Having no opinion, which is never a score."""

from typing import Literal

Silence = Literal["refused", "malformed", "unavailable", "too_large"]


class NoOpinion(Exception):
    """There is none; `status` is the contract's word for why."""

    def __init__(self, status: Silence, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Unreadable(NoOpinion):
    """An answer came, but it does not say what it was asked to say; another try may."""

    def __init__(self, reason: str) -> None:
        super().__init__("malformed", reason)
