"""A DSPy language model behind any OpenAI-compatible endpoint, carried by the openai SDK.

DSPy 3.4.1 on its own returns an answer that was cut by the token limit as if it were whole, loses the text of a
refusal, and sends no JSON schema to a model whose name it does not know. This engine does none of that.
"""

import re
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import cycle
from types import MappingProxyType
from typing import Any

import dspy
import openai
from dspy import lm15
from openai.types.chat import ChatCompletion

from services import tracing
from services.provider_errors import canonical
from services.replies import record, reply_in
from services.settings import LanguageModelSettings

REASONING_MODEL = re.compile(r"^(o[1-9]|gpt-5(?!.*-chat))")
"""Families that accept no temperature but their own."""

POOLS = 8
"""Clients of one language model. For every request httpcore looks at, and polls, each connection of a client's pool:
in one pool 64 requests at once take it half a second of CPU time."""
OP = "openai.chat.completions.create"
"""What the call is named in traces, as Weave's own integration names it."""
CHAT = "/chat/completions"
"""Posted to as it is: the SDK's own method walks through every message again, which takes it 4 ms for ten demos."""

attachments: ContextVar[Mapping[str, str]] = ContextVar("attachments", default=MappingProxyType({}))
"""Data URLs of the images that a call may send, by the name under which DSPy knows each.

DSPy searches, copies and keeps what it is given, megabytes of base64 too, so it sees the name alone. An image that is
not named here is never sent, which also stops text that smuggles in an image by DSPy's own markers.
"""


@dataclass(frozen=True)
class Dialect:
    """How one endpoint is spoken to.

    Attributes:
        is_openai: whether it is OpenAI's own, which renamed the token limit.
        temperature: what a request that names none is sampled at; None leaves it to the endpoint.
        max_tokens: tokens that an answer may have.
        prices: US dollars per million tokens that are read and written, for traces; None where unknown.
    """

    is_openai: bool
    temperature: float | None
    max_tokens: int
    prices: tuple[float, float] | None = None


def connect(settings: LanguageModelSettings, model: str) -> dspy.LM:
    """Make a language model for DSPy; nothing is sent yet."""
    base_url, key = settings.endpoint
    options: dict[str, Any] = {
        "base_url": base_url,
        "api_key": key,
        "timeout": settings.request_timeout,
        "max_retries": settings.max_retries,
    }
    dialect = Dialect(
        is_openai=base_url is None,
        temperature=settings.temperature,
        max_tokens=settings.max_tokens,
        prices=settings.prices,
    )
    return dspy.LM(
        f"openai/{model}",
        engine=Engine(openai.OpenAI(**options), dialect),
        async_engine=AsyncEngine([openai.AsyncOpenAI(**options) for _ in range(POOLS)], dialect),
        cache=False,  # DSPy's cache ignores the base URL and keeps refusals
        num_retries=0,  # the SDK retries, and honours Retry-After
    )


def name_model(settings: LanguageModelSettings, openai_default: str) -> tuple[str, str]:
    """Say which model to ask, and why that one.

    Raises:
        RuntimeError: the endpoint of an unnamed model can't be reached, or serves none.
    """
    base_url, _ = settings.endpoint
    if settings.model != "auto":
        return settings.model, f"it is named, at {base_url or 'OpenAI'}"
    if base_url is None:
        return openai_default, "there is a key for OpenAI"
    return _first_model(settings), f"it is the first that {base_url} serves"


def _first_model(settings: LanguageModelSettings) -> str:
    base_url, key = settings.endpoint
    try:
        with openai.OpenAI(base_url=base_url, api_key=key, timeout=10, max_retries=1) as client:
            names = [model.id for model in client.models.list()]
    except openai.OpenAIError as error:
        raise RuntimeError(
            f"{base_url} does not tell its models: {error}; is it running, and is the key right?"
        ) from error
    if not names:
        raise RuntimeError(f"{base_url} serves no model; load one there, or name one")
    return names[0]


class Engine:
    """Asks an OpenAI-compatible chat endpoint once, for DSPy's synchronous programs."""

    supports_response_schema = True
    supported_params = frozenset({"response_format", "temperature", "seed", "max_tokens"})

    def __init__(self, client: openai.OpenAI, dialect: Dialect) -> None:
        self._client = client
        self._dialect = dialect

    def complete(self, request: lm15.Request) -> lm15.Response:
        """Answer one request.

        Raises:
            lm15.LM15Error: no whole answer came; `provider_code` is `refused` or `truncated` where that is why.
        """
        chat = chat_of(request, self._dialect)
        with tracing.call(OP, chat) as noted:
            try:
                completion = self._client.post(CHAT, cast_to=ChatCompletion, body=chat)
                return answer_of(told(noted, completion, self._dialect))
            except openai.OpenAIError as error:
                raise canonical(error) from error

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class AsyncEngine:
    """Asks an OpenAI-compatible chat endpoint once, without blocking the event loop; takes its clients in turns."""

    def __init__(self, clients: Sequence[openai.AsyncOpenAI], dialect: Dialect) -> None:
        self._clients = clients
        self._turns = cycle(clients)
        self._dialect = dialect

    async def complete(self, request: lm15.Request) -> lm15.Response:
        """Answer one request, as `Engine.complete` does."""
        chat = chat_of(request, self._dialect)
        with tracing.call(OP, chat) as noted:
            try:
                completion = await next(self._turns).post(CHAT, cast_to=ChatCompletion, body=chat)
                return answer_of(told(noted, completion, self._dialect))
            except openai.OpenAIError as error:
                raise canonical(error) from error

    async def aclose(self) -> None:
        """Close the connections."""
        for client in self._clients:
            await client.close()


def chat_of(request: lm15.Request, dialect: Dialect) -> dict[str, Any]:
    """Write a request in the words of the chat completions API."""
    model = request.model.removeprefix("openai/")
    config = request.config
    system = [{"role": "system", "content": request.system}] if request.system else []
    chat: dict[str, Any] = {
        "model": model,
        "messages": system + [{"role": message.role, "content": _content(message)} for message in request.messages],
        "seed": config.seed,
        "response_format": _format(config.response_format),
    }
    chat["max_completion_tokens" if dialect.is_openai else "max_tokens"] = config.max_tokens or dialect.max_tokens
    if not REASONING_MODEL.match(model):
        chat["temperature"] = dialect.temperature if config.temperature is None else config.temperature
    return {name: value for name, value in chat.items() if value is not None}


def _format(canonical: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Write a JSON schema as the chat API wants it, one level deeper than DSPy keeps it."""
    if canonical is None or canonical["type"] != "json_schema":
        return dict(canonical) if canonical else None
    schema = {name: value for name, value in canonical.items() if name != "type"}
    return {"type": "json_schema", "json_schema": schema}


def _content(message: lm15.Message) -> str | list[dict[str, Any]]:
    """Write what a message holds: text alone as a string, which every server reads."""
    parts = [_part(part) for part in message.parts]
    return parts[0]["text"] if len(parts) == 1 and "text" in parts[0] else parts


def _part(part: Any) -> dict[str, Any]:
    match part.type:
        case "text":
            return {"type": "text", "text": part.text}
        case "image" if part.url in attachments.get():
            image = {"url": attachments.get()[part.url], "detail": part.detail or "auto"}
            return {"type": "image_url", "image_url": image}
    raise lm15.UnsupportedFeatureError(
        f"a {part.type} that this service did not attach is never sent", feature=part.type
    )


def told(noted: tracing.Call, completion: object, dialect: Dialect) -> object:
    """Note what the endpoint answered, and what it cost."""
    noted.result(completion)
    if isinstance(completion, ChatCompletion):
        reply = reply_in(completion)
        tokens = {"prompt_tokens": reply.input_tokens, "completion_tokens": reply.output_tokens}
        noted.spent(reply.model, dialect.prices, **tokens)
    return completion


def answer_of(completion: object) -> lm15.Response:
    """Read a whole answer.

    Raises:
        lm15.LM15Error: it was refused, filtered, cut off, or is no chat completion at all.
    """
    if not isinstance(completion, ChatCompletion) or not completion.choices:
        raise lm15.ProviderError(f"the endpoint gave no chat completion: {str(completion)[:200]!r}")
    record(reply_in(completion))
    choice = completion.choices[0]
    if choice.message.refusal or choice.finish_reason == "content_filter":
        raise lm15.InvalidRequestError(choice.message.refusal or "the content filter refused", provider_code="refused")
    if choice.finish_reason == "length":
        raise lm15.InvalidRequestError("the answer was cut off at the token limit", provider_code="truncated")
    return lm15.response_from_openai_chat(completion.model_dump(exclude_none=True))
