"""A client's method, made from an endpoint, so that no field of a request is declared twice."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Self, TypeVar, overload

from pydantic import ValidationError

from promptlift import endpoints
from promptlift.contracts import (
    CompareRequest,
    CreateRequest,
    GeneratedImage,
    GenerateRequest,
    GenerateResult,
    JudgeRequest,
    Request,
    UpsampleRequest,
)
from promptlift.endpoints import Endpoint
from promptlift.errors import Rejected, explain, of_problem

if TYPE_CHECKING:
    from promptlift.async_client import AsyncClient
    from promptlift.client import Client

P = ParamSpec("P")
Asked = TypeVar("Asked", bound=Request)
Answered = TypeVar("Answered")
Result = TypeVar("Result")


class Method(Generic[P, Result]):
    """A method of both clients: its keyword arguments are the fields of the request, `timeout` among them.

    Raises:
        PromptliftError: one of its four kinds; `Rejected`, and nothing is sent, when an argument is out of bounds.
    """

    def __init__(
        self,
        endpoint: Endpoint[Any, Answered],
        request: Callable[P, Request],
        answer: Callable[[Answered], Result],
        *,
        batched: bool = False,
    ) -> None:
        """Bind an endpoint to its request model; `batched` sends the one request as a list."""
        self._endpoint = endpoint
        self._request = request
        self._answer = answer
        self._batched = batched
        self.__doc__ = request.__doc__

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: "Client", owner: type) -> Callable[P, Result]: ...
    @overload
    def __get__(self, client: "AsyncClient", owner: type) -> Callable[P, Awaitable[Result]]: ...
    def __get__(self, client: "Client | AsyncClient | None", owner: type) -> Any:
        """Give the method itself on a class, and a call on a client."""
        if client is None:
            return self

        def call(*args: P.args, **kwargs: P.kwargs) -> Any:
            asked = checked(self._request, *args, **kwargs)
            return client._call(self._endpoint, [asked] if self._batched else asked, self._answer, asked.timeout)

        call.__doc__ = self.__doc__
        return call


def checked(build: Callable[P, Asked], *args: P.args, **kwargs: P.kwargs) -> Asked:
    """Build a request.

    Raises:
        Rejected: an argument is out of its bounds; the message names each, with its value.
    """
    try:
        return build(*args, **kwargs)
    except ValidationError as error:
        raise Rejected(explain(error), code="invalid") from error


def itself(answer: Answered) -> Answered:
    """Give the answer as it came."""
    return answer


def _only_picture(results: list[GenerateResult]) -> GeneratedImage:
    [result] = results
    if result.error is not None:
        raise of_problem(result.error)
    assert result.picture is not None, "the contract allows no third case"
    return result.picture


class Methods:
    """What both clients can be asked."""

    upsample = Method(endpoints.UPSAMPLE, UpsampleRequest, itself)
    generate = Method(endpoints.GENERATE, GenerateRequest, _only_picture, batched=True)
    judge = Method(endpoints.JUDGE, JudgeRequest, itself)
    compare = Method(endpoints.COMPARE, CompareRequest, itself)
    create = Method(endpoints.CREATE, CreateRequest, itself)
