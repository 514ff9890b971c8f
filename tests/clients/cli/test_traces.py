"""`promptlift trace` against the real trace server."""

import json

import pytest
from typer.testing import CliRunner, Result

from promptlift.cli.app import app
from promptlift.cli.traces import branches
from tests.openai_server import OpenAIServer
from tests.services.traces.sending import call, send
from tests.trace_server import TraceServer


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["trace", *arguments])


def tell(server: TraceServer) -> None:
    send(
        server,
        call("root", trace="abc-1", op="create", took=10, inputs={"prompt": "a red circle"}),
        call("up", "root", trace="abc-1", op="upsample", took=2.5, attributes={"service": "upsampler"}),
        call("judge", "root", trace="abc-1", op="judge", at=7, exception="it refused"),
        call("other", trace="xyz-2", at=60, op="other"),
    )


def test_a_trace_is_a_tree_with_its_times_and_failures(trace_server: TraceServer) -> None:
    tell(trace_server)

    result = run("abc", "--url", trace_server.url)

    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert result.exit_code == 0, result.output
    assert lines[0] == "● a red circle"
    assert lines[1] == f"{trace_server.url}/traces/abc-1"
    assert [line.split("  ")[0] for line in lines[3:6]] == ["● create", "├─ ● upsample upsampler", "└─ ● judge"]
    assert [line.split("  ")[-1].strip() for line in lines[3:6]] == ["10.0 s", "2.50 s", "1.00 s"]
    assert lines[6] == "judge: it refused"


def test_without_an_id_the_newest_traces_are_listed(trace_server: TraceServer) -> None:
    tell(trace_server)

    result = run("--url", trace_server.url)

    assert [line.split()[1] for line in result.stdout.splitlines()[1:]] == ["xyz-2", "abc-1"]
    assert "a red circle 1 failed" in result.stdout


def test_as_json_it_is_what_the_server_told(trace_server: TraceServer) -> None:
    tell(trace_server)

    result = run("abc-1", "--url", trace_server.url, "--json")

    assert json.loads(result.stdout) == json.loads(trace_server.trace("abc-1").model_dump_json())


def test_a_prompt_can_do_a_terminal_no_harm(trace_server: TraceServer) -> None:
    send(trace_server, call("root", inputs={"prompt": "a \x1b[31mred[/red] [bold]circle"}))

    result = run("t1", "--url", trace_server.url)

    assert result.stdout.splitlines()[0] == "● a  [31mred[/red] [bold]circle"


def test_a_trace_that_is_not_there_is_told_by_the_exit_status(trace_server: TraceServer) -> None:
    result = run("none", "--url", trace_server.url)

    assert result.exit_code == 2
    assert "there is no trace 'none'" in result.stderr


@pytest.mark.parametrize(("url", "status"), [("http://127.0.0.1:9", 3), ("not a url", 2), ("ftp://x", 2)])
def test_a_server_that_is_not_there_is_told_with_its_address(url: str, status: int) -> None:
    result = run("--url", url)

    assert result.exit_code == status
    assert url in result.stderr


def test_another_kind_of_server_is_told_apart(openai_server: OpenAIServer) -> None:
    result = run("x", "--url", openai_server.url)

    assert result.exit_code == 2
    assert "answered Not Found" in result.stderr


def test_a_server_with_a_key_wants_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    with TraceServer(tmp_path_factory.mktemp("key") / "traces.db", key="sesam") as server:
        without, right = run("--url", server.url), run("--url", server.url, "--key", "sesam")

    assert (without.exit_code, right.exit_code) == (2, 0)
    assert "PROMPTLIFT_TRACES_KEY" in without.stderr


@pytest.mark.parametrize(
    ("depths", "drawn"),
    [
        ([0], [""]),
        ([0, 1, 1], ["", "├─ ", "└─ "]),
        ([0, 1, 2, 1, 2, 2], ["", "├─ ", "│  └─ ", "└─ ", "   ├─ ", "   └─ "]),
        ([0, 1, 0, 1], ["", "└─ ", "", "└─ "]),
    ],
)
def test_branches_join_siblings(depths: list[int], drawn: list[str]) -> None:
    assert branches(depths) == drawn
