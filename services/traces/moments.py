"""Points in time as they are kept (microseconds since 1970 in UTC), sent (ISO 8601) and shown."""

import time
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> int:
    """Tell the time."""
    return time.time_ns() // 1000


def of(moment: datetime) -> int:
    """Convert a point in time; one without a zone is in UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - EPOCH) // timedelta(microseconds=1)


def iso(microseconds: int) -> str:
    """Write a point in time as it is sent."""
    return moment(microseconds).isoformat().replace("+00:00", "Z")


def moment(microseconds: int) -> datetime:
    """Give a point in time."""
    return EPOCH + timedelta(microseconds=microseconds)
