"""Reaching the place where calls are recorded: hosted W&B, or a trace server of one's own."""

import functools
import os
import sys
import typing
from collections.abc import Mapping
from typing import TYPE_CHECKING

from services.tracing.settings import TracingSettings

if TYPE_CHECKING:
    from services.tracing.ledger import WeaveLedger

QUIET = {
    "WANDB_ERROR_REPORTING": "false",  # no telemetry to anywhere but the named server
    "WEAVE_IMPLICITLY_PATCH_INTEGRATIONS": "false",  # calls are noted by us; patched libraries would note them twice
    "WEAVE_PRINT_CALL_LINK": "false",
    "WEAVE_CAPTURE_CODE": "false",
    "WEAVE_ENABLE_DISK_FALLBACK": "false",
    "WEAVE_USE_SERVER_CACHE": "false",  # it keeps up to a gigabyte on disk
    "WEAVE_HTTP_TIMEOUT": "10",
    "WEAVE_RETRY_MAX_ATTEMPTS": "2",
    "WEAVE_MAX_CALLS_QUEUE_SIZE": "2000",
    "WEAVE_CLIENT_PARALLELISM": "4",
}
"""The SDK's own settings; one that the environment names stays as it is."""
LOCAL = "local"
"""The entity on a server that has no accounts."""


def connect(settings: TracingSettings, service: str) -> "WeaveLedger":
    """Reach the trace server.

    Raises:
        Exception: it can't be reached, or does not accept the key; the SDK has many kinds.
    """
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    _remember_protocols()
    from weave.trace_server_bindings import call_batch_processor  # noqa: PLC0415  reads the settings above

    call_batch_processor.FLUSH_TIMEOUT_SECONDS = settings.flush  # type: ignore[assignment]  # else five minutes
    attributes = {"service": service}
    return _hosted(settings, attributes) if settings.hosted else _own(settings, attributes)


def _remember_protocols() -> None:
    """Keep what `isinstance` looks up of a protocol, as Python does from 3.12 on.

    Weave asks of every attribute of a picture whether it is an op, by a protocol: four fifths of what a picture costs.
    """
    if sys.version_info < (3, 12) and not hasattr(typing._get_protocol_attrs, "cache_info"):  # type: ignore[attr-defined]
        typing._get_protocol_attrs = functools.cache(typing._get_protocol_attrs)  # type: ignore[attr-defined]


def _hosted(settings: TracingSettings, attributes: Mapping[str, str]) -> "WeaveLedger":
    import weave  # noqa: PLC0415
    from weave.trace.urls import redirect_call  # noqa: PLC0415

    from services.tracing.ledger import WeaveLedger  # noqa: PLC0415

    project = f"{settings.entity}/{settings.project}" if settings.entity else settings.project
    client = weave.init(project, attributes=dict(attributes))
    return WeaveLedger(client, lambda call, trace: redirect_call(client.entity, client.project, call))


def _own(settings: TracingSettings, attributes: Mapping[str, str]) -> "WeaveLedger":
    from weave.trace.context import weave_client_context  # noqa: PLC0415
    from weave.trace.weave_client import WeaveClient  # noqa: PLC0415
    from weave.trace_server_bindings.remote_http_trace_server import RemoteHTTPTraceServer  # noqa: PLC0415

    from services.tracing.ledger import WeaveLedger  # noqa: PLC0415

    address = settings.server or ""
    key = settings.traces_key.get_secret_value() if settings.traces_key else ""
    server = RemoteHTTPTraceServer(address, should_batch=True, username="api", password=key)
    server.server_info()
    client = WeaveClient(
        settings.entity or LOCAL, settings.project, server, ensure_project_exists=False, attributes=dict(attributes)
    )
    weave_client_context.set_weave_client_global(client)  # without one, nothing is recorded by any
    pages = (settings.pages or address).rstrip("/")
    return WeaveLedger(client, lambda call, trace: f"{pages}/traces/{trace}")
