"""The wire models of every route: what a request may say, in which bounds, and what an answer holds."""

from promptlift.contracts.creation import CreateRequest, Creation, Picture, Progress, Timing
from promptlift.contracts.fields import (
    MAX_IMAGE_BYTES,
    MAX_PROMPT_CHARACTERS,
    MAX_SEED,
    Arm,
    Contract,
    ErrorResponse,
    Format,
    MediaType,
    Problem,
    Prompt,
    Request,
    Stage,
)
from promptlift.contracts.generation import (
    MAX_BATCH,
    GenerateBatch,
    GeneratedImage,
    GenerateRequest,
    GenerateResult,
    TokenUse,
)
from promptlift.contracts.image import Image, media_type_of
from promptlift.contracts.judging import CompareRequest, Comparison, Judgement, JudgeRequest, Opinion
from promptlift.contracts.upsampling import UpsampleRequest, Upsampling

__all__ = [
    "MAX_BATCH",
    "MAX_IMAGE_BYTES",
    "MAX_PROMPT_CHARACTERS",
    "MAX_SEED",
    "Arm",
    "CompareRequest",
    "Comparison",
    "Contract",
    "CreateRequest",
    "Creation",
    "ErrorResponse",
    "Format",
    "GenerateBatch",
    "GenerateRequest",
    "GenerateResult",
    "GeneratedImage",
    "Image",
    "JudgeRequest",
    "Judgement",
    "MediaType",
    "Opinion",
    "Picture",
    "Problem",
    "Progress",
    "Prompt",
    "Request",
    "Stage",
    "Timing",
    "TokenUse",
    "UpsampleRequest",
    "Upsampling",
    "media_type_of",
]
