"""Each domain error has one status, and each error of another service one translation."""

from dataclasses import dataclass

import pytest

from promptlift import Failed, PromptliftError, Rejected, Unavailable, Unreachable
from services import errors


@dataclass
class Request:
    timeout: float | None = None


async def answer_of(error: Exception) -> tuple[int, str, str | None]:
    @errors.answered
    async def method(self: None, request: Request) -> str:
        raise error

    response = await method(None, Request())
    return response.status_code, bytes(response.body).decode(), response.headers.get("retry-after")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.ServiceError, 500),
        (errors.Invalid, 422),
        (errors.NotJson, 415),
        (errors.BodyTooLarge, 413),
        (errors.NotReady, 503),
        (errors.Overloaded, 429),
        (errors.DependencyUnavailable, 503),
        (errors.DependencyFailed, 502),
        (errors.DeadlineExceeded, 504),
        (errors.DeadlineUnmeetable, 503),
    ],
)
async def test_a_domain_error_becomes_its_status_and_says_what_happened(
    kind: type[errors.ServiceError], status: int
) -> None:
    answered_status, body, retry_after = await answer_of(kind("what happened", retry_after=1.5))

    assert (answered_status, retry_after) == (status, "2")
    assert "what happened" in body


@pytest.mark.parametrize(
    ("error", "kind", "retry_after"),
    [
        (Rejected("no"), errors.Invalid, None),
        (Unavailable("no", retry_after=7), errors.DependencyUnavailable, 7),
        (Unavailable("no"), errors.DependencyUnavailable, 5),
        (Unreachable("no"), errors.DependencyUnavailable, 5),
        (Failed("no"), errors.DependencyFailed, None),
    ],
)
def test_another_services_error_is_told_with_its_name(
    error: PromptliftError, kind: type[errors.ServiceError], retry_after: float | None
) -> None:
    translated = errors.from_client(error, "generator")

    assert type(translated) is kind
    assert translated.retry_after == retry_after
    assert "the generator" in translated.message


async def test_a_method_stops_at_the_deadline_of_its_request() -> None:
    import asyncio

    @errors.answered
    async def method(self: None, request: Request) -> str:
        await asyncio.sleep(30)
        return "never"

    response = await method(None, Request(timeout=0.05))

    assert response.status_code == 504
    assert b"0.05 s that the caller gave" in response.body


async def test_a_timeout_of_the_methods_own_is_not_the_callers_deadline() -> None:
    with pytest.raises(TimeoutError):
        await answer_of(TimeoutError())
