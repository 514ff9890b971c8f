"""Everything that can go wrong with a call, as four kinds under one root.

PromptliftError
├── Unreachable   no answer came: refused, broken off, or not in time
├── Rejected      the request is at fault (4xx); the same one will fail again
├── Unavailable   not now (429, 502, 503, 504); later it may work
└── Failed        the service is at fault (other 5xx, or an answer that can't be read)
"""

import re

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from promptlift.contracts import Problem

SHOWN_CHARACTERS = 80
SHOULD = re.compile(r"^(Input|String|List|Data) should")


class PromptliftError(Exception):
    """The root of every error that a client raises.

    Attributes:
        detail: what happened, with the value, and what to do.
        status: the HTTP status; None when no answer came.
        code: a stable name for programs, such as `invalid` or `overloaded`.
        request_id: finds the call in the services' logs and traces.
        retry_after: seconds after which another try may succeed, when the service said so.
    """

    def __init__(
        self,
        detail: str,
        *,
        status: int | None = None,
        code: str = "",
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        """Keep what is known of the failure."""
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        """Say what happened, and where to look."""
        known = [f"status {self.status}"] if self.status else []
        known += [f"request {self.request_id}"] if self.request_id else []
        return f"{self.detail} ({', '.join(known)})" if known else self.detail


class Unreachable(PromptliftError):
    """No answer came: the connection was refused or broke off, or the time ran out."""


class Rejected(PromptliftError):
    """The request is at fault; the same request will be rejected again."""


class Unavailable(PromptliftError):
    """The service can't answer now; `retry_after` says when it may."""


class Failed(PromptliftError):
    """The service failed, or its answer can't be read."""


def explain(error: ValidationError) -> str:
    """Say in one line which fields are wrong, what they must hold, and what they held."""
    return "; ".join(_fault(fault) for fault in error.errors(include_url=False, include_context=False))


def _fault(fault: ErrorDetails) -> str:
    field = ".".join(str(part) for part in fault["loc"]) or "request"
    match fault["type"]:
        case "missing":
            return f"{field}: is required"
        case "extra_forbidden":
            return f"{field}: is unknown; remove it"
    advice = SHOULD.sub("must", fault["msg"].removeprefix("Value error, "))
    if fault["type"] == "json_invalid" and "hex escape" in advice:
        advice += " (half of a surrogate pair is no character; remove it)"
    return f"{field}: {advice}, got {_shown(fault['input'])}"


def _shown(value: object) -> str:
    if isinstance(value, str | bytes):
        value = value[:SHOWN_CHARACTERS]
    shown = repr(value)
    return shown if len(shown) <= SHOWN_CHARACTERS else shown[:SHOWN_CHARACTERS] + "…"


KINDS: dict[str, type[PromptliftError]] = {
    "invalid": Rejected,
    "overloaded": Unavailable,
    "not_ready": Unavailable,
    "deadline_exceeded": Unavailable,
    "deadline_unmeetable": Unavailable,
    "unavailable": Unavailable,
    "unreachable": Unreachable,
}
"""The kind of each problem's code; any other code is a failure of the service."""


def of_problem(problem: Problem) -> PromptliftError:
    """Make an error of the problem that an item of a batch or a stream reports."""
    kind = KINDS.get(problem.code, Failed)
    return kind(problem.message, code=problem.code, request_id=problem.request_id, retry_after=problem.retry_after)
