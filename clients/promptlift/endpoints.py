"""Each route once: its service, its path, and the types of its request and of its answer."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from promptlift.contracts import (
    CompareRequest,
    Comparison,
    CreateRequest,
    Creation,
    GenerateBatch,
    GenerateRequest,
    GenerateResult,
    Judgement,
    JudgeRequest,
    Progress,
    UpsampleBatch,
    UpsampleRequest,
    UpsampleResult,
    Upsampling,
)

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")


@dataclass(frozen=True)
class Endpoint(Generic[Asked, Answered]):
    """A route that is POSTed JSON.

    Attributes:
        service: the service that answers it, one of the four nouns.
        path: its path, which is its verb.
        asked: reads and writes the request.
        answered: reads and writes the answer.
    """

    service: str
    path: str
    asked: TypeAdapter[Asked]
    answered: TypeAdapter[Answered]


GENERATE_REQUESTS: TypeAdapter[list[GenerateRequest]] = TypeAdapter(GenerateBatch)
UPSAMPLE_REQUESTS: TypeAdapter[list[UpsampleRequest]] = TypeAdapter(UpsampleBatch)

UPSAMPLE = Endpoint("upsampler", "/upsample", TypeAdapter(UpsampleRequest), TypeAdapter(Upsampling))
UPSAMPLE_BATCH = Endpoint("upsampler", "/upsample/batch", UPSAMPLE_REQUESTS, TypeAdapter(list[UpsampleResult]))
GENERATE = Endpoint("generator", "/generate", GENERATE_REQUESTS, TypeAdapter(list[GenerateResult]))
JUDGE = Endpoint("judge", "/judge", TypeAdapter(JudgeRequest), TypeAdapter(Judgement))
COMPARE = Endpoint("judge", "/compare", TypeAdapter(CompareRequest), TypeAdapter(Comparison))
CREATE = Endpoint("orchestrator", "/create", TypeAdapter(CreateRequest), TypeAdapter(Creation))
STREAM = Endpoint("orchestrator", "/create/stream", TypeAdapter(CreateRequest), TypeAdapter(Progress))
"""Answers with server-sent events, one `Progress` each."""

ALL: tuple[Endpoint[Any, Any], ...] = (UPSAMPLE, UPSAMPLE_BATCH, GENERATE, JUDGE, COMPARE, CREATE, STREAM)
