"""The routes that the Weave SDK calls, each a request's type and what answers it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from services.traces import (
    calls,
    contents,
    feedback,
    labels,
    objects,
    prices,
    project,
    references,
    search,
    tables,
    wire,
)
from services.traces import wire_data as data


@dataclass(frozen=True)
class Endpoint:
    """A route with JSON in and JSON out.

    Attributes:
        answer: takes the connection and the request of that type; what the path names is part of the request.
        writes: whether it changes the file.
    """

    path: str
    request: type[wire.Wire]
    answer: Callable[..., Any]
    writes: bool = False
    methods: Sequence[str] = ("POST",)


VERSION = "/objs/{object_id}/versions/{digest}"
NAMED = "/objs/{object_id}"
WRITING = ("POST", "PUT", "DELETE")

ENDPOINTS = (
    Endpoint("/v2/{entity}/{project}/calls/complete", wire.Complete, calls.complete, writes=True),
    Endpoint("/v2/{entity}/{project}/call/start", wire.Start, calls.start, writes=True),
    Endpoint("/v2/{entity}/{project}/call/end", wire.End, calls.end, writes=True),
    Endpoint("/call/start", wire.Start, calls.start, writes=True),
    Endpoint("/call/end", wire.End, calls.end, writes=True),
    Endpoint("/call/upsert_batch", wire.Upsert, calls.upsert, writes=True),
    Endpoint("/call/update", wire.Rename, calls.rename, writes=True),
    Endpoint("/calls/delete", wire.CallIds, calls.delete, writes=True),
    Endpoint("/call/read", wire.CallRead, search.read),
    Endpoint("/calls/query_stats", wire.CallsQuery, search.count),
    Endpoint("/obj/create", wire.ObjectCreate, objects.create, writes=True),
    Endpoint("/obj/read", wire.ObjectRead, objects.read),
    Endpoint("/objs/query", wire.ObjectsQuery, objects.query),
    Endpoint("/obj/delete", wire.ObjectDelete, objects.delete, writes=True),
    Endpoint(f"{VERSION}/tags", wire.Label, labels.tag, writes=True, methods=WRITING),
    Endpoint(f"{VERSION}/tags/remove", wire.Label, labels.untag, writes=True, methods=WRITING),
    Endpoint(f"{NAMED}/aliases", wire.Label, labels.name, writes=True, methods=WRITING),
    Endpoint(f"{NAMED}/aliases/remove", wire.Label, labels.unname, writes=True, methods=WRITING),
    Endpoint("/tags", wire.OfProject, labels.tags, methods=("GET",)),
    Endpoint("/aliases", wire.OfProject, labels.aliases, methods=("GET",)),
    Endpoint("/table/create", data.TableCreate, tables.create, writes=True),
    Endpoint("/table/create_from_digests", data.TableOfDigests, tables.of_digests, writes=True),
    Endpoint("/table/update", data.TableUpdate, tables.update, writes=True),
    Endpoint("/table/query", data.TableQuery, tables.query),
    Endpoint("/table/query_stats", data.TableStats, tables.count),
    Endpoint("/table/query_stats_batch", data.TablesStats, tables.count_each),
    Endpoint("/refs/read_batch", data.References, references.read),
    Endpoint("/files/query_stats", wire.OfProject, contents.count),
    Endpoint("/feedback/create", data.NewFeedback, feedback.create, writes=True),
    Endpoint("/feedback/batch/create", data.FeedbackBatch, feedback.create_batch, writes=True),
    Endpoint("/feedback/replace", data.FeedbackReplace, feedback.replace, writes=True),
    Endpoint("/feedback/query", wire.Searched, feedback.query),
    Endpoint("/feedback/purge", wire.Searched, feedback.purge, writes=True),
    Endpoint("/cost/create", data.NewPrices, prices.create, writes=True),
    Endpoint("/cost/query", wire.Searched, prices.query),
    Endpoint("/cost/purge", wire.Searched, prices.purge, writes=True),
    Endpoint("/graphql", data.GraphQl, project.graphql),
    Endpoint("/service/projects_info", data.Projects, project.ids),
    Endpoint("/server_info", wire.Wire, project.versions, methods=("GET",)),
)
