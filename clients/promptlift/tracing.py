"""Passing on the W&B Weave trace that the calling program is in, if it uses Weave; the client itself does not."""

import sys
from collections.abc import Mapping

TRACE = "x-weave-trace-id"
PARENT = "x-weave-parent-id"
SAMPLED = "x-weave-sampled"


def headers() -> Mapping[str, str]:
    """Give the headers that put a service's calls under the call that is running here; none without Weave."""
    if "weave" not in sys.modules:
        return {}
    from weave.trace.context import call_context  # noqa: PLC0415  it is loaded already

    if not call_context.get_tracing_enabled():
        return {SAMPLED: "0"}
    call = call_context.get_current_call()
    if call is None or not call.id:
        return {}
    return {TRACE: call.trace_id, PARENT: call.id, SAMPLED: "1"}
