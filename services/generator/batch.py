"""Which pictures were advanced together, and for how long their company stayed the same."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from services.generator.ticket import Ticket


@dataclass(eq=False)
class Batch:
    """Consecutive U-Net calls of the same pictures.

    Attributes:
        members: numbers of the pictures' tickets.
        tags: what each picture's caller gave along with it.
        rows: of each call.
        steps: calls.
        seconds: that the calls took, added up.
        began, ended: the first call's start and the last one's end.
        place: where it stands in a trace, once that is chosen.
    """

    members: tuple[int, ...]
    tags: tuple[Any, ...]
    rows: int
    began: datetime
    ended: datetime = field(init=False)
    steps: int = 0
    seconds: float = 0.0
    place: Any = None

    def __post_init__(self) -> None:
        self.ended = self.began


def advanced(tickets: Sequence["Ticket"], seconds: float) -> None:
    """Count a call that advanced these pictures to the batch that they are in, or to a new one."""
    members = tuple(ticket.number for ticket in tickets)
    now = datetime.now(UTC)
    batch = tickets[0].batches[-1] if tickets[0].batches else None
    if batch is None or batch.members != members:
        tags = tuple(ticket.tag for ticket in tickets)
        batch = Batch(members, tags, sum(ticket.rows for ticket in tickets), now - timedelta(seconds=seconds))
        for ticket in tickets:
            ticket.batches.append(batch)
    batch.steps += 1
    batch.seconds += seconds
    batch.ended = now
