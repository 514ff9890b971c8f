"""`promptlift trace`: a trace's tree on the terminal, as the project's own trace server tells it."""

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

import httpx
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from promptlift import figures
from promptlift.cli import show
from promptlift.cli.exits import told
from promptlift.errors import Failed, PromptliftError, Rejected, Unavailable, Unreachable

LOCAL = "http://127.0.0.1:3010"
SECONDS = 30.0
LINE = 28
"""Characters of the time line."""
SHORT_ID = 18
"""Characters of a trace's id that tell it from others; the first dozen are a time."""
AROUND_PROMPT = 75
"""Characters that a list needs beside the prompt."""
LEAST_WIDTH = 110
"""Characters of a line where there is no terminal to fit."""
COLOURS = {"orchestrator": "blue", "upsampler": "yellow", "generator": "green", "judge": "magenta"}
MARKS = {"ok": "[green]●[/]", "error": "[red]●[/]", "running": "[blue]●[/]", "missing": "[yellow]○[/]"}
MARKS["incomplete"] = MARKS["missing"]

Node = dict[str, Any]


def trace(
    trace_id: Annotated[str | None, typer.Argument(help="Beginning of the trace's id; without it the newest.")] = None,
    *,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Traces to list.")] = 20,
    url: Annotated[str, typer.Option(envvar="PROMPTLIFT_TRACES_URL", help="Address of the trace server.")] = LOCAL,
    key: Annotated[str | None, typer.Option(envvar="PROMPTLIFT_TRACES_KEY", help="Its key, if it has one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Show where a request's time, tokens and money went, or list the newest requests."""
    with told():
        if trace_id is None:
            found = _get(url, key, "/traces.json", {"limit": limit, "batches": as_json})
        else:
            found = read(trace_id, url, key, bare=not as_json)
    if as_json:
        show.print_json(found)
        return
    console = Console()
    if trace_id is None:
        _print_list(console, found["traces"])
    else:
        print_tree(console, found, url)


def read(trace_id: str, url: str, key: str | None = None, *, bare: bool = True) -> dict[str, Any]:
    """Fetch a trace's tree, when `bare` without inputs and outputs.

    Raises:
        PromptliftError: the trace server does not answer, or knows no such trace.
    """
    return _get(url, key, f"/traces/{quote(trace_id, safe='')}.json", {"bare": bare})


def _get(url: str, key: str | None, path: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Ask the trace server.

    Raises:
        PromptliftError: it is not there, or says no.
    """
    try:
        answer = httpx.get(
            f"{url.rstrip('/')}{path}",
            params={name: str(value).lower() for name, value in asked.items()},
            auth=("api", key) if key else None,
            timeout=SECONDS,
        )
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise Rejected(f"{url!r} is no address; give one like {LOCAL}") from error
    except httpx.TransportError as error:
        raise Unreachable(f"the trace server {url} can't be reached: {error}; see --url") from error
    if answer.is_success:
        return _read(answer, url)
    raise _refusal(answer)


def _read(answer: httpx.Response, url: str) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError as error:
        raise Failed(f"what answers at {url} is no trace server") from error
    if not isinstance(found, dict) or not {"traces", "nodes"} & found.keys():
        raise Failed(f"what answers at {url} is no trace server")
    return found


def _refusal(answer: httpx.Response) -> PromptliftError:
    try:
        reason = str(answer.json()["reason"])
    except (ValueError, KeyError, TypeError):
        reason = f"{answer.url} answered {answer.reason_phrase or answer.status_code}"
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        reason = "the trace server wants a key; set PROMPTLIFT_TRACES_KEY"
    if answer.status_code in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE):
        return Unavailable(reason, status=answer.status_code)
    return (Rejected if answer.is_client_error else Failed)(reason, status=answer.status_code)


def _print_list(console: Console, traces: list[dict[str, Any]]) -> None:
    _widen(console)
    if not traces:
        console.print("no trace yet", style="dim")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("trace", no_wrap=True)
    table.add_column("prompt", overflow="ellipsis", no_wrap=True, max_width=max(20, console.width - AROUND_PROMPT))
    for name in ("duration", "tokens", "cost", "started"):
        table.add_column(name, justify="right", no_wrap=True)
    for each in traces:
        failed = f" [red]{each['errors']} failed[/]" if each["errors"] else ""
        table.add_row(
            f"{MARKS[each['status']]} {_plain(each['trace_id'][:SHORT_ID])}",
            f"{_plain(each['prompt'] or each['op'])}{failed}",
            *_figures(each),
            figures.ago(datetime.fromisoformat(each["started"]), datetime.now(UTC)),
        )
    console.print(table, highlight=False)


def _widen(console: Console) -> None:
    """Use more than a terminal's usual width in a pipe or a file."""
    if not console.is_terminal:
        console.width = max(console.width, LEAST_WIDTH)


def print_tree(console: Console, found: dict[str, Any], url: str) -> None:
    """Print a trace's tree as it was read from the trace server at `url`."""
    _widen(console)
    console.print(f"{MARKS[found['status']]} [bold]{_plain(found['prompt'] or found['op'])}[/]", highlight=False)
    console.print(
        f"[dim]{escape(url.rstrip('/'))}/traces/{_plain(found['trace_id'])}[/]", highlight=False, soft_wrap=True
    )
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("call", no_wrap=True, overflow="ellipsis")
    table.add_column("", no_wrap=True, width=LINE)
    for name in ("duration", "tokens", "cost"):
        table.add_column(name, justify="right", no_wrap=True)
    begin, length = _span(found["nodes"])
    for branch, node in zip(branches([node["depth"] for node in found["nodes"]]), found["nodes"], strict=True):
        table.add_row(f"[dim]{branch}[/]{_named(node)}", _bar(node, begin, length), *_figures(node))
    console.print(table, highlight=False)
    for node in found["nodes"]:
        if node["exception"]:
            console.print(f"[red]{_plain(node['name'])}: {_plain(node['exception'])}[/]", highlight=False)
    if found["calls"] > len(found["nodes"]):
        console.print(f"[yellow]the first {len(found['nodes'])} of {found['calls']} calls[/]", highlight=False)


def branches(depths: list[int]) -> list[str]:
    """Draw the lines in front of a tree's rows, which are in the order of the tree."""
    drawn = []
    open_below: set[int] = set()
    for depth in reversed(depths):
        open_below = {level for level in open_below if level <= depth}
        stem = "".join("│  " if level in open_below else "   " for level in range(1, depth))
        drawn.append(f"{stem}{'├─ ' if depth in open_below else '└─ '}" if depth else "")
        open_below.add(depth)
    return drawn[::-1]


def _named(node: Node) -> str:
    service = f" [{COLOURS.get(node['service'], 'cyan')}]{_plain(node['service'])}[/]" if node["service"] else ""
    batch = f" [dim]batch of {node['batch']['size']}[/]" if node["batch"] and node["batch"]["size"] else ""
    return f"{MARKS[node['status']]} {_plain(node['name'])}{service}{batch}"


def _plain(text: str) -> str:
    """Make any text harmless for a terminal: neither markup nor control characters."""
    return escape("".join(each if each.isprintable() else " " for each in text))


def _figures(told: dict[str, Any]) -> tuple[str, str, str]:
    tokens = told["tokens"]["read"] + told["tokens"]["written"]
    return figures.duration(told["duration_ms"]), figures.count(tokens) if tokens else "", figures.money(told["cost"])


def _span(nodes: list[Node]) -> tuple[datetime, float]:
    """Give the time line's beginning, and its length in seconds."""
    begin = min(datetime.fromisoformat(node["started"]) for node in nodes)
    is_over = all(node["ended"] or node["status"] == "missing" for node in nodes)
    ends = [datetime.fromisoformat(node["ended"]) for node in nodes if node["ended"]]
    end = max([*ends, *([] if is_over else [datetime.now(UTC)]), begin])
    return begin, max((end - begin).total_seconds(), 1e-6)


def _bar(node: Node, begin: datetime, length: float) -> Text:
    left = (datetime.fromisoformat(node["started"]) - begin).total_seconds() / length
    end = 1.0 if node["ended"] is None else (datetime.fromisoformat(node["ended"]) - begin).total_seconds() / length
    first = min(round(left * LINE), LINE - 1)
    width = max(1, round(end * LINE) - first)
    colour = "red" if node["status"] == "error" else COLOURS.get(node["service"], "cyan")
    filled = "╌" if node["status"] == "missing" else "━"
    return Text(" " * first + filled * width, style=colour)
