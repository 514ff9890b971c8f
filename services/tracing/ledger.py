"""Recording calls with the Weave SDK.

The SDK's own context and patches are left alone: each call is created when it is known, under an id and at times of
our choosing. What is used of its insides is pinned by tests.
"""

import atexit
import threading
from collections.abc import Callable, Mapping
from typing import Any

from weave.trace.call import Call
from weave.trace.op_protocol import Op
from weave.trace.weave_client import WeaveClient, _build_anonymous_op

from services.tracing.calls import Noted
from services.tracing.position import Position
from services.tracing.shown import shown

BEGUN = 1000
"""Calls that are shown as running at a time."""


class WeaveLedger:
    """Records calls through one Weave client.

    `page` gives the address of a call's page from its own id and its trace's.
    """

    def __init__(self, client: WeaveClient, page: Callable[[str, str], str]) -> None:
        self._client = client
        self._page = page
        self._begun: dict[str, Call] = {}
        self._priced: set[str] = set()
        self._eager: dict[str, Op[..., Any]] = {}

    def begin(self, call: Noted) -> None:
        """Show a call as running; if this process dies, that is what is left of it."""
        self._begun[call.position.call] = self._created(call, self._shown_at_once(call.op))
        if len(self._begun) > BEGUN:  # their ends were lost
            del self._begun[next(iter(self._begun))]

    def write(self, call: Noted) -> None:
        """Record a call that ended, with what came of it."""
        own = self._begun.pop(call.position.call, None) or self._created(call, call.op)
        self._price(call.prices)
        output = shown(call.output)
        if call.usage:
            own.summary = {"usage": call.usage}
        elif isinstance(output, dict) and "usage" in output:
            output["used"] = output.pop("usage")  # Weave would count it once more, as of a request of its own
        self._client.finish_call(own, output, call.error, ended_at=call.ended)

    def backlog(self) -> int:
        """Count what the client has not sent yet."""
        return int(self._client.num_outstanding_jobs)

    def flush(self, seconds: float) -> bool:
        """Send what is left; the client itself would wait for minutes, and again at the interpreter's end."""
        flusher = threading.Thread(target=self._client.flush, name="tracing-flush", daemon=True)
        flusher.start()
        flusher.join(seconds)
        self._abandon()
        return not flusher.is_alive()

    def _abandon(self) -> None:
        """Let nothing that is unsent, or that a request still waits for, hold up the end of the process."""
        server: Any = getattr(self._client.server, "_next_trace_server", self._client.server)
        for processor in (server.call_processor, server.feedback_processor):
            atexit.unregister(processor.stop_accepting_new_work_and_flush_queue)
        for executor in (self._client.future_executor, self._client.future_executor_fastlane):
            if executor is None:
                continue
            atexit.unregister(executor._shutdown)
            if executor._executor is not None:
                executor._executor.shutdown(wait=False, cancel_futures=True)
        server._stainless_client.close()  # else it tries two times more

    def url(self, call: str, trace: str) -> str:
        """Give the address of a call's page."""
        return self._page(call, trace)

    def _price(self, prices: Mapping[str, tuple[float, float]]) -> None:
        """Tell once what the tokens of each model cost, so that traces show costs."""
        for model in prices.keys() - self._priced:
            self._priced.add(model)
            reading, writing = (price / 1_000_000 for price in prices[model])
            self._client.future_executor.defer(self._client.add_cost, model, reading, writing)

    def _created(self, call: Noted, op: "str | Op[..., Any]") -> Call:
        created: Call = self._client.create_call(
            op,
            inputs(call.inputs),
            parent=_placeholder(self._client.project_id, call.parent),
            attributes=dict(call.attributes),
            use_stack=False,
            _call_id_override=call.position.call,
            started_at=call.started,
        )
        return created

    def _shown_at_once(self, name: str) -> Op[..., Any]:
        if name not in self._eager:
            op = _build_anonymous_op(name)
            op.eager_call_start = True
            self._eager[name] = op
        return self._eager[name]


def inputs(given: Mapping[str, Any]) -> dict[str, Any]:
    """Show a call's inputs; the fields of a single request stand on their own."""
    shown_inputs = {name: shown(value) for name, value in given.items()}
    request = shown_inputs.get("request")
    return request if len(shown_inputs) == 1 and isinstance(request, dict) else shown_inputs


def _placeholder(project: str, parent: Position | None) -> Call | None:
    """Make the call that another is put under; it is never sent."""
    if parent is None:
        return None
    return Call(
        _op_name="__parent__", project_id=project, trace_id=parent.trace, parent_id=None, id=parent.call, inputs={}
    )
