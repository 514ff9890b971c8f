"""What is noted of calls, and where each stands in its trace."""

import asyncio
from datetime import UTC, datetime

import pytest

from services import tracing
from services.tracing.position import UNSAMPLED
from services.tracing.recorder import Recorder
from tests.services.tracing.fakes import FakeLedger


def test_nothing_is_noted_where_nothing_is_recorded() -> None:
    with tracing.call("create", {"prompt": "a bowl"}) as noted:
        noted.result("kept by nobody")

        assert tracing.trace_id() is None
        assert tracing.trace_url() is None
        assert tracing.headers() == {}
        assert tracing.place(None) is UNSAMPLED


def test_calls_stand_under_the_call_that_they_are_made_in(running: Recorder, ledger: FakeLedger) -> None:
    with tracing.call("create") as outer, tracing.call("judge", {"n": 1}, {"round": 2}) as inner:
        inner.result(0.5)
        outer.result("done")
    running.stop(5)

    create, judge = ledger.by_op("create"), ledger.by_op("judge")
    assert create.parent is None
    assert create.position.trace == create.position.call
    assert judge.parent == create.position
    assert judge.position.trace == create.position.trace
    assert (judge.inputs, judge.attributes, judge.output, create.output) == ({"n": 1}, {"round": 2}, 0.5, "done")
    assert create.started <= judge.started <= judge.ended <= create.ended


def test_the_first_call_of_a_trace_is_shown_while_it_runs(running: Recorder, ledger: FakeLedger) -> None:
    with tracing.call("create"), tracing.call("judge"):
        pass
    running.stop(5)

    assert [call.op for call in ledger.begun] == ["create"]


def test_an_error_is_noted_and_goes_on(running: Recorder, ledger: FakeLedger) -> None:
    with pytest.raises(ValueError, match="no bowl"), tracing.call("create"):
        raise ValueError("no bowl")
    running.stop(5)

    assert str(ledger.by_op("create").error) == "no bowl"
    assert tracing.here() is None


async def test_tasks_that_run_at_once_keep_their_own_place(running: Recorder, ledger: FakeLedger) -> None:
    async def job(number: int) -> None:
        with tracing.call("create") as noted:
            await asyncio.sleep(0)
            with tracing.call("judge") as judged:
                await asyncio.sleep(0)
                judged.result(number)
            noted.result(number)

    await asyncio.gather(*map(job, range(20)))
    await asyncio.to_thread(running.stop, 5)

    creates = {call.output: call for call in ledger.written if call.op == "create"}
    judges = {call.output: call for call in ledger.written if call.op == "judge"}
    assert len(creates) == len(judges) == 20
    assert all(judges[number].parent == creates[number].position for number in range(20))


def test_a_trace_that_is_left_out_is_left_out_whole_and_says_so_to_others(
    running: Recorder, ledger: FakeLedger
) -> None:
    running.sample = 0.0

    with tracing.call("create"):
        assert tracing.headers() == {"x-weave-sampled": "0"}
        assert tracing.trace_id() is None
        with tracing.call("judge"):
            pass
    running.stop(5)

    assert ledger.written == []
    assert tracing.here() is None


def test_what_a_trusted_caller_passes_on_is_gone_on_with(running: Recorder, ledger: FakeLedger) -> None:
    with tracing.call("create"):
        passed = tracing.headers()
        above = tracing.here()

    tracing.arrive(passed, trusted=True)
    with tracing.call("judge"):
        pass
    running.stop(5)

    assert ledger.by_op("judge").parent == above


@pytest.mark.parametrize(
    ("received", "trusted"),
    [
        ({"x-weave-trace-id": "t", "x-weave-parent-id": "p"}, False),
        ({"x-weave-sampled": "0"}, False),
        ({"x-weave-trace-id": "t"}, True),
        ({"x-weave-trace-id": "t/../..", "x-weave-parent-id": "p"}, True),
        ({"x-weave-trace-id": "t" * 65, "x-weave-parent-id": "p"}, True),
    ],
)
def test_other_headers_begin_a_trace_anew(
    running: Recorder, ledger: FakeLedger, received: dict[str, str], trusted: bool
) -> None:
    tracing.arrive(received, trusted=trusted)
    with tracing.call("judge"):
        pass
    running.stop(5)

    assert ledger.by_op("judge").parent is None


def test_a_callers_choice_to_record_nothing_is_kept(running: Recorder, ledger: FakeLedger) -> None:
    tracing.arrive({"x-weave-sampled": "0"}, trusted=True)
    with tracing.call("judge"):
        pass
    running.stop(5)

    assert ledger.written == []


def test_what_happened_elsewhere_is_noted_at_the_place_that_was_chosen(running: Recorder, ledger: FakeLedger) -> None:
    above = tracing.begin()
    at = tracing.place(above)
    span = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))

    tracing.happened("generate", {"seed": 1}, "a picture", at=at, under=above, span=span, attributes={"batch": 1})
    tracing.happened("generate", {}, "left out", at=UNSAMPLED, under=None, span=span, attributes={})
    running.stop(5)

    call = ledger.by_op("generate")
    assert (call.position, call.parent, call.started, call.ended) == (at, above, *span)
    assert (call.output, call.attributes) == ("a picture", {"batch": 1})


async def test_a_method_that_is_traced_answers_the_same(running: Recorder, ledger: FakeLedger) -> None:
    class Service:
        @tracing.traced("judge")
        async def judge(self, request: str, /) -> str:
            """Say yes."""
            return f"{request}: yes"

    assert await Service().judge("a bowl") == "a bowl: yes"
    assert Service.judge.__doc__ == "Say yes."
    await asyncio.to_thread(running.stop, 5)
    assert ledger.by_op("judge").inputs == {"request": "a bowl"}


def test_what_a_language_model_took_is_kept_by_its_name(running: Recorder, ledger: FakeLedger) -> None:
    with tracing.call("chat") as noted:
        noted.spent("small", prompt_tokens=10, completion_tokens=3)
    running.stop(5)

    used = {"requests": 1, "prompt_tokens": 10, "completion_tokens": 3, "total_tokens": 13}
    assert ledger.by_op("chat").usage == {"small": used}
