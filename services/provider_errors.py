"""What an OpenAI-compatible endpoint's failures are called in DSPy's words."""

from typing import Any

import openai
from dspy import lm15


def canonical(error: openai.OpenAIError) -> lm15.LM15Error:
    """Translate the SDK's errors into the ones that DSPy knows."""
    message = str(error)
    if isinstance(error, openai.APITimeoutError):
        return lm15.TimeoutError(message)
    if isinstance(error, openai.APIStatusError):
        return _canonical_status(error, message)
    if isinstance(error, openai.APIConnectionError):
        return lm15.TransportError(message)
    return lm15.ProviderError(message)


def _canonical_status(error: openai.APIStatusError, message: str) -> lm15.LM15Error:
    details: dict[str, Any] = {"status": error.status_code, "provider_code": error.code, "request_id": error.request_id}
    match error.status_code, error.code:
        case ((401 | 403), _):
            return lm15.AuthError(message, **details)
        case 404, _:
            return lm15.UnsupportedModelError(message, **details)
        case _, "insufficient_quota":
            return lm15.BillingError(message, **details)
        case 429, _:
            return lm15.RateLimitError(message, **details)
        case _, "context_length_exceeded":
            return lm15.ContextLengthError(message, **details)
        case _, ("content_policy_violation" | "content_filter"):
            return lm15.InvalidRequestError(message, **details | {"provider_code": "refused"})
    kind = lm15.InvalidRequestError if error.status_code < 500 else lm15.ServerError
    return kind(message, **details)
