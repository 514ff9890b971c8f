"""What the Weave SDK 0.54 sends, as far as it is read here; what it sends besides is kept or ignored."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Project = Annotated[str, Field(pattern=r"^[^/]+/[^/]+$", max_length=300)]
"""`entity/project`."""
Id = Annotated[str, Field(min_length=1, max_length=200)]
Name = Annotated[str, Field(min_length=1, max_length=500)]
Names = list[str] | None
Expression = dict[str, Any]
"""A condition in the SDK's query language, such as `{"$eq": [{"$getField": "id"}, {"$literal": "7"}]}`."""
Document = dict[str, Any]
Limit = Annotated[int | None, Field(ge=0, le=2**31)]


class Wire(BaseModel):
    """The root of every request."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class CallPart(Wire):
    """A start, an end, a whole call or a change of one: what is given replaces what was known."""

    project_id: Project
    id: Id
    trace_id: Id | None = None
    parent_id: Id | None = None
    op_name: Annotated[str, Field(max_length=2000)] | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    exception: str | None = None
    thread_id: str | None = None
    turn_id: str | None = None
    attributes: Document | None = None
    summary: Document | None = None


class WholeCall(CallPart):
    """A call that has ended, in one piece."""

    trace_id: Id
    op_name: Annotated[str, Field(max_length=2000)]
    started_at: datetime


class Complete(Wire):
    """POST /v2/{entity}/{project}/calls/complete."""

    batch: list[Document]


class Start(Wire):
    """POST /call/start."""

    start: Document


class End(Wire):
    """POST /call/end."""

    end: Document


class UpsertItem(Wire):
    """One item of a legacy batch."""

    mode: Literal["start", "end"]
    req: Document


class Upsert(Wire):
    """POST /call/upsert_batch."""

    batch: list[UpsertItem]


class Rename(Wire):
    """POST /call/update."""

    project_id: Project
    call_id: Id
    display_name: str | None = None


class CallIds(Wire):
    """POST /calls/delete."""

    project_id: Project
    call_ids: list[str]


class CallRead(Wire):
    """POST /call/read."""

    project_id: Project
    id: Id
    include_costs: bool | None = None


class CallFilter(Wire):
    """Which calls are wanted; every condition that is given must hold."""

    call_ids: Names = None
    trace_ids: Names = None
    parent_ids: Names = None
    op_names: Names = None
    thread_ids: Names = None
    turn_ids: Names = None
    input_refs: Names = None
    output_refs: Names = None
    trace_roots_only: bool | None = None


class SortBy(Wire):
    """A field to sort by."""

    field: str
    direction: Literal["asc", "desc"] = "asc"


class Query(Wire):
    """A condition, wrapped as the SDK does."""

    expr: Expression = Field(alias="$expr")


class Searched(Wire):
    """What every search has."""

    project_id: Project
    query: Query | None = None
    sort_by: list[SortBy] | None = None
    limit: Limit = None
    offset: Limit = None


class CallsQuery(Searched):
    """POST /calls/stream_query and /calls/query_stats."""

    filter: CallFilter | None = None
    columns: Names = None
    include_costs: bool | None = None
    include_feedback: bool | None = None


class NewObject(Wire):
    """An object's version."""

    project_id: Project
    object_id: Name
    val: Any
    builtin_object_class: str | None = None
    expected_digest: str | None = None


class ObjectCreate(Wire):
    """POST /obj/create."""

    obj: NewObject


class ObjectRead(Wire):
    """POST /obj/read."""

    project_id: Project
    object_id: Name
    digest: Name
    metadata_only: bool | None = None


class ObjectFilter(Wire):
    """Which objects are wanted."""

    object_ids: Names = None
    base_object_classes: Names = None
    leaf_object_classes: Names = None
    exclude_base_object_classes: Names = None
    is_op: bool | None = None
    latest_only: bool | None = None
    tags: Names = None
    aliases: Names = None


class ObjectsQuery(Searched):
    """POST /objs/query."""

    filter: ObjectFilter | None = None
    metadata_only: bool | None = None


class ObjectDelete(Wire):
    """POST /obj/delete."""

    project_id: Project
    object_id: Name
    digests: Names = None


class Label(Wire):
    """PUT and POST under /objs/{object_id}: tags and aliases."""

    project_id: Project
    object_id: Name
    digest: str = ""
    tags: list[Name] = []
    aliases: list[Name] = []


class OfProject(Wire):
    """What is asked of a project as a whole."""

    project_id: Project
