"""What a service can answer instead of a result, and its translation to HTTP, in this one place.

    core raises ServiceError ──► answered / Edge ──► status, Retry-After, {"error": {code, message, …}}

The class carries the status, so no other module names one.
"""

import asyncio
import functools
import math
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from starlette.responses import Response

from promptlift import PromptliftError, Rejected, Unavailable, Unreachable
from promptlift.contracts import ErrorResponse, Problem

Answer = TypeVar("Answer")


class ServiceError(Exception):
    """The root of what a core raises when it has no result; the message says what happened and what to do.

    `retry_after` is the number of seconds after which another try may succeed.
    """

    status = 500
    code = "failed"

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after

    def problem(self) -> Problem:
        """Say it in the words of the contract."""
        return Problem(code=self.code, message=self.message, retry_after=self.retry_after)


class Invalid(ServiceError):
    """The request asks for what no try can give."""

    status = 422
    code = "invalid"


class NotJson(ServiceError):
    """The body is of another type than JSON."""

    status = 415
    code = "invalid"


class BodyTooLarge(ServiceError):
    """The body has more bytes than the service reads."""

    status = 413
    code = "invalid"


class NotReady(ServiceError):
    """The service, or one that it needs, is still loading."""

    status = 503
    code = "not_ready"


class Overloaded(ServiceError):
    """There is more to do than can wait in line."""

    status = 429
    code = "overloaded"


class DeadlineUnmeetable(ServiceError):
    """The caller's time is too short for the work ahead of it, so that it is not begun."""

    status = 503
    code = "deadline_unmeetable"


class DependencyUnavailable(ServiceError):
    """A service that this one can't do without does not answer."""

    status = 503
    code = "unavailable"


class DependencyFailed(ServiceError):
    """A service that this one can't do without failed."""

    status = 502
    code = "failed"


class DeadlineExceeded(ServiceError):
    """The caller's time ran out first."""

    status = 504
    code = "deadline_exceeded"


def from_client(error: PromptliftError, service: str) -> ServiceError:
    """Translate what a call to another service raised."""
    if isinstance(error, Rejected):
        return Invalid(f"the {service} rejected the request: {error.detail}")
    if isinstance(error, Unavailable | Unreachable):
        return DependencyUnavailable(
            f"the {service} is not available: {error.detail}", retry_after=error.retry_after or 5
        )
    return DependencyFailed(f"the {service} failed: {error.detail}")


def response_to(error: ServiceError) -> Response:
    """Make the HTTP answer of an error."""
    headers = {"retry-after": str(math.ceil(error.retry_after))} if error.retry_after else None
    body = ErrorResponse(error=error.problem()).model_dump_json(exclude_none=True)
    return Response(body, error.status, headers, media_type="application/json")


def answered(method: Callable[..., Awaitable[Answer]]) -> Callable[..., Awaitable[Answer | Response]]:
    """Wrap an API method: its errors become answers, and it stops at the deadline that its request names.

    Stands below `@bentoml.api`, which would hide the message of every error of 500 or above.
    """

    @functools.wraps(method)
    async def answering(self: Any, request: Any, /) -> Answer | Response:
        seconds = getattr(request, "timeout", None)  # a batch has one for each of its items
        limit = asyncio.timeout(seconds)
        try:
            async with limit:
                return await method(self, request)
        except ServiceError as error:
            return response_to(error)
        except TimeoutError:
            if not limit.expired():
                raise
            return response_to(DeadlineExceeded(f"not done within the {seconds:g} s that the caller gave"))

    return answering
