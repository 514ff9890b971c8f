"""What the Weave SDK 0.54 sends about tables, references, feedback and prices."""

from typing import Any

from pydantic import Field

from services.traces.wire import Document, Id, Name, Names, Project, Searched, Wire


class NewTable(Wire):
    """Rows that make a table."""

    project_id: Project
    rows: list[Document]
    expected_digest: str | None = None


class TableCreate(Wire):
    """POST /table/create."""

    table: NewTable


class TableOfDigests(Wire):
    """POST /table/create_from_digests."""

    project_id: Project
    row_digests: list[str]
    expected_digest: str | None = None


class Row(Wire):
    """A row to put into a table."""

    row: Document
    index: int = Field(default=0, ge=0)


class Position(Wire):
    """A place in a table."""

    index: int = Field(ge=0)


class TableEdit(Wire):
    """One change of a table; exactly one of the three is given."""

    append: Row | None = None
    pop: Position | None = None
    insert: Row | None = None


class TableUpdate(Wire):
    """POST /table/update."""

    project_id: Project
    base_digest: Name
    updates: list[TableEdit]


class RowFilter(Wire):
    """Which rows are wanted."""

    row_digests: Names = None


class TableQuery(Searched):
    """POST /table/query."""

    digest: Name
    filter: RowFilter | None = None


class TableStats(Wire):
    """POST /table/query_stats."""

    project_id: Project
    digest: Name


class TablesStats(Wire):
    """POST /table/query_stats_batch."""

    project_id: Project
    digests: list[str]


class References(Wire):
    """POST /refs/read_batch."""

    refs: list[str]


class FileRead(Wire):
    """POST /file/content."""

    project_id: Project
    digest: Name


class NewFeedback(Wire):
    """POST /feedback/create."""

    project_id: Project
    weave_ref: str = Field(max_length=2000)
    feedback_type: str
    payload: Document
    id: Id | None = None
    creator: str | None = None
    annotation_ref: str | None = None
    runnable_ref: str | None = None
    call_ref: str | None = None
    trigger_ref: str | None = None
    scorer_tags: list[str] | None = None


class FeedbackBatch(Wire):
    """POST /feedback/batch/create."""

    batch: list[NewFeedback]


class FeedbackReplace(NewFeedback):
    """POST /feedback/replace."""

    feedback_id: Id


class Price(Wire):
    """What one model's tokens cost, in US dollars a token."""

    prompt_token_cost: float = Field(ge=0, allow_inf_nan=False)
    completion_token_cost: float = Field(ge=0, allow_inf_nan=False)
    cache_read_input_token_cost: float = Field(default=0, ge=0, allow_inf_nan=False)
    cache_creation_input_token_cost: float = Field(default=0, ge=0, allow_inf_nan=False)
    prompt_token_cost_unit: str | None = "USD"
    completion_token_cost_unit: str | None = "USD"
    effective_date: str | None = None
    provider_id: str | None = "default"


class NewPrices(Wire):
    """POST /cost/create; prices by model."""

    project_id: Project
    costs: dict[str, Price]


class Projects(Wire):
    """POST /service/projects_info."""

    project_ids: list[str]


class GraphQl(Wire):
    """POST /graphql."""

    query: str
    variables: dict[str, Any] | None = None
