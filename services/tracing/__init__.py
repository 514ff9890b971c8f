"""One W&B Weave trace through all services: who called what, with which words and pictures, and what became of it.

    with tracing.call("upsample", {"prompt": prompt}) as call:
        call.result(...)

Calls are noted in the request's path, which takes microseconds, and handed to Weave on a thread of their own: a trace
server that is slow, full or gone costs no request anything. Weave has no public way to pass a call on to another
process (0.54.0), so that everything that knows its insides stands in this package alone.
"""

from services.tracing.calls import Call, call, happened, place, trace_id, trace_url, traced
from services.tracing.position import Position, arrive, begin, headers, here
from services.tracing.recorder import start, stop
from services.tracing.settings import TracingSettings

__all__ = [
    "Call",
    "Position",
    "TracingSettings",
    "arrive",
    "begin",
    "call",
    "happened",
    "headers",
    "here",
    "place",
    "start",
    "stop",
    "trace_id",
    "trace_url",
    "traced",
]
