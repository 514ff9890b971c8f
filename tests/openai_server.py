"""A local server that speaks OpenAI's chat completions, checks what it is sent, and has bad days on request.

Without a script it answers what the request's JSON schema asks for. Each `Step` of a script is the answer to one
request: a text, a refusal, an HTTP error, a slow, cut or malformed answer.
"""

import asyncio
import base64
import io
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import uvicorn
from PIL import Image
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

MODEL = "local-multimodal-1"
KEY = "sk-test"
SIMPLEST: dict[str, Any] = {"array": [], "number": 0.9, "integer": 1, "boolean": True}


class Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class TextPart(Wire):
    type: Literal["text"]
    text: str


class ImageUrl(Wire):
    url: str = Field(pattern=r"^data:image/(png|jpeg|webp);base64,")
    detail: Literal["auto", "low", "high"] = "auto"


class ImagePart(Wire):
    type: Literal["image_url"]
    image_url: ImageUrl


class Message(Wire):
    role: Literal["system", "user", "assistant"]
    content: str | list[TextPart | ImagePart]

    @property
    def text(self) -> str:
        if isinstance(self.content, str):
            return self.content
        return "".join(part.text for part in self.content if isinstance(part, TextPart))

    @property
    def images(self) -> list[Image.Image]:
        parts = [] if isinstance(self.content, str) else self.content
        return [_decoded(part.image_url.url) for part in parts if isinstance(part, ImagePart)]


class JsonSchema(Wire):
    name: str
    schema_: dict[str, Any] = Field(alias="schema")
    strict: bool


class ResponseFormat(Wire):
    type: Literal["json_schema"]
    json_schema: JsonSchema


class Chat(Wire):
    """A request as the API takes it; anything else is answered with 400."""

    model: str
    messages: list[Message] = Field(min_length=1)
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    temperature: float | None = Field(default=None, ge=0, le=2)
    seed: int | None = None
    response_format: ResponseFormat | None = None

    @property
    def images(self) -> list[Image.Image]:
        return [image for message in self.messages for image in message.images]

    @property
    def fields(self) -> set[str]:
        """Give the names of what the answer must hold."""
        return set(self.response_format.json_schema.schema_["properties"]) if self.response_format else set()

    def asked(self, name: str) -> str:
        """Give the value of an input field as DSPy's adapters write it."""
        found = re.search(
            rf"\[\[ ## {name} ## \]\]\n(.*?)(?=\n\n\[\[ ## |\n\nRespond|\Z)", self.messages[-1].text, re.S
        )
        return found.group(1).strip() if found else ""


@dataclass(frozen=True)
class Step:
    content: str | None = None
    refusal: str | None = None
    status: int = 200
    code: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    finish_reason: str = "stop"
    raw: str | None = None


Brain = Callable[[Chat], dict[str, Any] | Step | None]
"""Thinks of an answer where no step is scripted; None makes one up."""


class OpenAIServer:
    """Use as a context manager. `chats` holds what was asked, `headers` how; both in the order of arrival."""

    def __init__(self) -> None:
        self.chats: list[Chat] = []
        self.headers: list[dict[str, str]] = []
        self.steps: list[Step] = []
        self.brain: Brain = lambda chat: None
        self.models = [MODEL]
        routes = [Route("/v1/chat/completions", self._chat, methods=["POST"]), Route("/v1/models", self._models)]
        config = uvicorn.Config(Starlette(routes=routes), port=0, log_config=None)
        self._server = uvicorn.Server(config)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    def play(self, *steps: Step, brain: Brain | None = None) -> None:
        """Forget the past, and script the next answers."""
        self.chats.clear()
        self.headers.clear()
        self.steps[:] = steps
        self.brain = brain or (lambda chat: None)

    def __enter__(self) -> "OpenAIServer":
        threading.Thread(target=self._server.run, daemon=True).start()
        while not self._server.started:
            time.sleep(0.01)
        self._port = self._server.servers[0].sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True

    async def _models(self, request: Request) -> Response:
        return JSONResponse(
            {
                "object": "list",
                "data": [{"id": name, "object": "model", "created": 0, "owned_by": "local"} for name in self.models],
            }
        )

    async def _chat(self, request: Request) -> Response:
        self.headers.append(dict(request.headers))
        step = self.steps.pop(0) if self.steps else Step()
        try:
            chat = Chat.model_validate_json(await request.body())
        except ValidationError as error:
            return _error(400, f"the request is not a chat completion: {error}", "invalid_request_error")
        self.chats.append(chat)
        if step.content is None and step.raw is None:
            step = _thought(step, self.brain(chat) or _made_up(chat))
        await asyncio.sleep(step.delay)
        if step.status != 200:
            return _error(step.status, "scripted", step.code, step.headers)
        if step.raw is not None:
            return Response(step.raw, media_type="text/html")
        return JSONResponse(self._completion(chat, step))

    def _completion(self, chat: Chat, step: Step) -> dict[str, Any]:
        message = {"role": "assistant", "content": step.content, "refusal": step.refusal}
        return {
            "id": "chatcmpl-local",
            "object": "chat.completion",
            "created": 0,
            "model": chat.model,
            "system_fingerprint": "fp_local",
            "choices": [{"index": 0, "message": message, "finish_reason": step.finish_reason, "logprobs": None}],
            "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
        }


def _error(status: int, message: str, code: str | None, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"message": message, "type": "error", "param": None, "code": code}}, status, headers)


def _decoded(url: str) -> Image.Image:
    image = Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2], validate=True)))
    image.load()
    return image


def _thought(step: Step, thought: dict[str, Any] | Step) -> Step:
    """Fill a step that says neither what to answer nor how to fail."""
    if isinstance(thought, Step):
        return thought
    failing = step.refusal is not None or step.status != 200
    return step if failing else replace(step, content=json.dumps(thought))


def _made_up(chat: Chat) -> Any:
    """Make the simplest answer that satisfies the request's JSON schema and says something sensible."""
    if chat.response_format is None:
        return {}
    schema = chat.response_format.json_schema.schema_
    return _value(schema, schema.get("$defs", {}), "answer", chat)


def _value(schema: dict[str, Any], definitions: dict[str, Any], name: str, chat: Chat) -> Any:
    if "$ref" in schema:
        return _value(definitions[schema["$ref"].rpartition("/")[2]], definitions, name, chat)
    if "enum" in schema:
        return schema["enum"][0]
    if name == "seen":
        numbers = re.findall(r"(\d+)\. ", chat.asked("questions"))
        return [_value(schema["items"], definitions, "", chat) | {"id": int(number)} for number in numbers]
    if {"type": "null"} in schema.get("anyOf", []):
        return None
    if schema.get("type") == "object":
        return {key: _value(value, definitions, key, chat) for key, value in schema["properties"].items()}
    if schema.get("type") in SIMPLEST:
        return SIMPLEST[schema["type"]]
    prompt = chat.asked("prompt")
    sensible = {
        "caption": f"{prompt}, seen from the front in soft light on a plain grey ground.",
        "corrected_prompt": prompt,
    }
    return sensible.get(name, f"made up {name}")
