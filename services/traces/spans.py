"""Taking OpenTelemetry's spans: each becomes a call, as on the hosted server."""

import sqlite3
import zlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from services.traces import calls, moments
from services.traces.errors import Malformed
from services.traces.wire import Document

if TYPE_CHECKING:
    from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
    from opentelemetry.proto.trace.v1.trace_pb2 import Span

MODEL = ("gen_ai.response.model", "gen_ai.request.model")
USED = {"prompt_tokens": "gen_ai.usage.input_tokens", "completion_tokens": "gen_ai.usage.output_tokens"}
FAILED = 2
"""OpenTelemetry's status code of an error."""
GZIP = 16 + zlib.MAX_WBITS


def keep(file: sqlite3.Connection, content: bytes, project: str | None) -> None:
    """Keep every span of an export request.

    Raises:
        Malformed: it is none.
    """
    calls.keep(file, read(content, project))


def read(content: bytes, project: str | None) -> Iterable[Document]:
    """Make calls of an export request's spans; without a `project` each resource names its own."""
    from google.protobuf.message import DecodeError  # noqa: PLC0415  only who sends spans needs it
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest  # noqa: PLC0415

    try:
        request = ExportTraceServiceRequest.FromString(content)
    except DecodeError as error:
        raise Malformed("the body is no OTLP export request in protobuf") from error
    for group in request.resource_spans:
        resource = _plain(group.resource.attributes)
        named = f"{resource.get('wandb.entity', 'local')}/{resource.get('wandb.project', 'otel')}"
        for scope in group.scope_spans:
            for span in scope.spans:
                yield _call(span, project or named, resource.get("service.name"))


def unzip(content: bytes, most: int) -> bytes:
    """Unpack a gzipped body of at most so many bytes.

    Raises:
        Malformed: it is larger, or no gzip.
    """
    unpacker = zlib.decompressobj(GZIP)
    try:
        unpacked = unpacker.decompress(content, most)
    except zlib.error as error:
        raise Malformed("the body is no gzip") from error
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise Malformed(f"the unpacked body is larger than {most} bytes or cut off; send less")
    return unpacked


def _call(span: "Span", project: str, service: Any) -> Document:
    attributes = _plain(span.attributes)
    model = next((attributes[name] for name in MODEL if name in attributes), None)
    used = {name: attributes[key] for name, key in USED.items() if key in attributes}
    links = [{"trace_id": link.trace_id.hex(), "call_id": link.span_id.hex()} for link in span.links]
    return {
        "project_id": project,
        "id": span.span_id.hex(),
        "trace_id": span.trace_id.hex(),
        "parent_id": span.parent_span_id.hex() or None,
        "op_name": span.name or "span",
        "started_at": moments.iso(span.start_time_unix_nano // 1000),
        "ended_at": moments.iso(span.end_time_unix_nano // 1000) if span.end_time_unix_nano else None,
        "exception": (span.status.message or "failed") if span.status.code == FAILED else None,
        "inputs": {},
        "summary": {"usage": {str(model): used}} if model and used else {},
        "attributes": attributes | ({"service": service} if service else {}) | ({"links": links} if links else {}),
    }


def _plain(attributes: "Iterable[KeyValue]") -> Document:
    return {each.key: _value(each.value) for each in attributes}


def _value(value: "AnyValue") -> Any:
    match value.WhichOneof("value"):
        case None:
            return None
        case "array_value":
            return [_value(each) for each in value.array_value.values]
        case "kvlist_value":
            return _plain(value.kvlist_value.values)
        case "bytes_value":
            return value.bytes_value.hex()
        case kind:
            return getattr(value, kind)
