"""Pictures that show what was asked, with proof: the typed client of the promptlift services."""

from promptlift.async_client import AsyncClient
from promptlift.client import Client
from promptlift.contracts import (
    CompareRequest,
    Comparison,
    CreateRequest,
    Creation,
    GeneratedImage,
    GenerateRequest,
    GenerateResult,
    Image,
    Judgement,
    JudgeRequest,
    Picture,
    Problem,
    Progress,
    Timing,
    UpsampleRequest,
    UpsampleResult,
    Upsampling,
)
from promptlift.errors import Failed, PromptliftError, Rejected, Unavailable, Unreachable
from promptlift.retry import Retry
from promptlift.version import __version__

__all__ = [
    "AsyncClient",
    "Client",
    "CompareRequest",
    "Comparison",
    "CreateRequest",
    "Creation",
    "Failed",
    "GenerateRequest",
    "GenerateResult",
    "GeneratedImage",
    "Image",
    "JudgeRequest",
    "Judgement",
    "Picture",
    "Problem",
    "Progress",
    "PromptliftError",
    "Rejected",
    "Retry",
    "Timing",
    "Unavailable",
    "Unreachable",
    "UpsampleRequest",
    "UpsampleResult",
    "Upsampling",
    "__version__",
]
