"""One call as a conversation, whatever carries it: requests and pauses go out, responses come in.

The conversation is a generator: it yields an `httpx.Request` to send or a number of seconds to wait, is sent the
response or the transport's error, and returns the answer. `Client` and `AsyncClient` only carry it on, so deadlines,
retries and errors are written once.
"""

import time
import uuid
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any, TypeVar

import httpx
from pydantic import ValidationError

from promptlift.contracts import ErrorResponse, GenerateRequest, Progress, Request, UpsampleRequest
from promptlift.endpoints import STREAM, Endpoint
from promptlift.errors import Failed, PromptliftError, Rejected, Unavailable, Unreachable, explain
from promptlift.retry import Retry

Asked = TypeVar("Asked", bound=Request | list[GenerateRequest] | list[UpsampleRequest])
Answered = TypeVar("Answered")
Outcome = httpx.Response | httpx.TransportError | None
Exchange = Generator[httpx.Request | float, Outcome, Answered]

REQUEST_ID = "x-request-id"
RETRYABLE = frozenset({429, 502, 503, 504})
HOP_SECONDS = 0.25
"""Held back from the time that a service is told it has, so that its own answer still arrives in time."""
LONGEST_SECONDS = 3600.0


def converse(
    endpoint: Endpoint[Asked, Any],
    asked: Asked,
    build: Callable[[bytes, float], httpx.Request],
    answer: Callable[[httpx.Response], Answered],
    *,
    timeout: float,
    retry: Retry,
    clock: Callable[[], float] = time.monotonic,
) -> Exchange[Answered]:
    """Ask until there is an answer, an error that no retry can mend, or no time left.

    `build` makes a request from a body and the seconds that are left for it; `answer` reads the response.

    Raises:
        PromptliftError: one of its four kinds.
    """
    deadline = clock() + timeout
    attempt = 0
    while True:
        left = max(deadline - clock(), 0.001)
        outcome = yield build(endpoint.asked.dump_json(within(asked, left)), left)
        if isinstance(outcome, httpx.Response) and outcome.is_success:
            return answer(outcome)
        error = refusal(outcome) if isinstance(outcome, httpx.Response) else unreachable(outcome, endpoint.path)
        pause = retry.pause(error, attempt)
        if pause is None or clock() + pause >= deadline:
            raise error
        yield pause
        attempt += 1


def within(asked: Asked, left: float) -> Asked:
    """Tell a request, or each request of a list that names no time of its own, the seconds that are left."""
    told = min(left - min(HOP_SECONDS, 0.05 * left), LONGEST_SECONDS)
    if isinstance(asked, Request):
        return asked.model_copy(update={"timeout": told})
    items: Any = (item if item.timeout else item.model_copy(update={"timeout": told}) for item in asked)
    return type(asked)(items)


def reader(endpoint: Endpoint[Any, Answered]) -> Callable[[httpx.Response], Answered]:
    """Make what reads an endpoint's answers; it raises `Failed` when a body is not what the contract says."""

    def read(response: httpx.Response) -> Answered:
        try:
            return endpoint.answered.validate_json(response.content)
        except ValidationError as error:
            detail = f"{endpoint.path} answered what this client can't read: {explain(error)}; compare the versions"
            raise Failed(detail, status=response.status_code, request_id=response.headers.get(REQUEST_ID)) from error

    return read


def events(line: str) -> Iterator[Progress]:
    """Read one line of a stream of server-sent events; each event's data stands on one line."""
    if line.startswith("data:"):
        try:
            yield STREAM.answered.validate_json(line.removeprefix("data:"))
        except ValidationError as error:
            raise Failed(f"{STREAM.path} sent an event that this client can't read: {explain(error)}") from error


def check_ready(response: httpx.Response) -> None:
    """Read the answer of a readiness probe.

    Raises:
        PromptliftError: it is not ready.
    """
    if response.is_error:
        raise refusal(response)


def unreachable(error: httpx.TransportError | None, path: str) -> Unreachable:
    """Say that no answer came, and why."""
    where = str(error.request.url) if error is not None and error._request is not None else path
    said = str(error) or type(error).__name__
    late = isinstance(error, httpx.TimeoutException)
    failure = Unreachable(f"{where} gave no answer in time: {said}" if late else f"{where} can't be reached: {said}")
    failure.__cause__ = error
    return failure


def refusal(response: httpx.Response) -> PromptliftError:
    """Translate a response of 400 or above into one of the kinds."""
    status = response.status_code
    if status in RETRYABLE:
        kind: type[PromptliftError] = Unavailable
    else:
        kind = Rejected if status < 500 else Failed
    try:
        problem = ErrorResponse.model_validate_json(response.content).error
        detail, code, request_id = problem.message, problem.code, problem.request_id
    except ValidationError:
        detail, code, request_id = _foreign_detail(response), "", None
    return kind(
        detail,
        status=status,
        code=code,
        request_id=request_id or response.headers.get(REQUEST_ID),
        retry_after=_retry_after(response.headers),
    )


def new_request_id() -> str:
    """Draw an id under which every service logs the same call."""
    return uuid.uuid4().hex


def _foreign_detail(response: httpx.Response) -> str:
    """Read what a proxy, or BentoML itself, says: `{"error": "…"}`, `[{"error": "…"}]` or any text."""
    try:
        body = response.json()
    except ValueError:
        body = None
    body = body[0] if isinstance(body, list) and body else body
    said = body.get("error") if isinstance(body, dict) else response.text[:200]
    return f"{response.url} answered {response.status_code}: {said or response.reason_phrase}"


def _retry_after(headers: Mapping[str, str]) -> float | None:
    try:
        return max(0.0, float(headers["retry-after"]))
    except (KeyError, ValueError):  # the form with a date would compare the clocks of two machines
        return None
