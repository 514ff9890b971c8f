"""BentoML's request timer, taken out."""

import asyncio
import gc
import weakref
from contextvars import ContextVar
from typing import Any

import pytest
from bentoml._internal.server.http import traffic

from services import timers

held: ContextVar[Any] = ContextVar("held")
BENTOML_S_OWN = traffic.TimeoutMiddleware


class Baggage:
    """Something that a request holds."""


@pytest.fixture
def disarmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traffic, "TimeoutMiddleware", traffic.TimeoutMiddleware)  # put back after the test
    timers.disarm()


async def let_go(middleware: type) -> bool:
    """Tell whether what a request holds is gone when it is answered."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Any) -> None:
        pass

    async def request() -> "weakref.ref[Baggage]":
        baggage = Baggage()
        held.set(baggage)
        await middleware(app, timeout=3600)({"type": "http"}, None, send)
        return weakref.ref(baggage)

    baggage = await asyncio.create_task(request())
    await asyncio.sleep(0)  # the task itself goes one turn of the loop later
    gc.collect()
    return baggage() is None


async def test_what_a_request_holds_goes_with_its_answer(disarmed: None) -> None:
    assert await let_go(traffic.TimeoutMiddleware)


@pytest.mark.skipif(BENTOML_S_OWN is timers.Untimed, reason="a service that was imported before has taken it out")
async def test_bentoml_still_keeps_what_a_request_holds() -> None:
    assert not await let_go(BENTOML_S_OWN)  # when this fails, services.timers has done its work and can go


def test_the_judge_is_served_without_the_timer() -> None:
    from services.judge.service import Judge

    classes = [middleware.cls for middleware in Judge.to_asgi().user_middleware]

    assert timers.Untimed in classes
    assert BENTOML_S_OWN not in classes or BENTOML_S_OWN is timers.Untimed
