"""The pages, as their HTML says and as a browser shows them."""

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from services.traces.waterfall import bars
from tests.services.traces.sending import BEGIN, call, picture, send, start
from tests.trace_server import PROJECT, TraceServer

CHROMIUM = shutil.which("chromium")
VOID = {"meta", "link", "img", "input", "rect"}


class Reader(HTMLParser):
    """Reads a page: its text, what it links to, and whether every tag is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str] = []
        self.sources: list[str] = []
        self.styled: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [given["href"] or ""] if "href" in given else []
        self.sources += [given["src"] or ""] if "src" in given else []
        self.styled += [tag] if tag == "style" or "style" in given or any(name[:2] == "on" for name in given) else []
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(server: TraceServer, path: str) -> Reader:
    with server.http as http:
        answer = http.get(path).raise_for_status()
    assert answer.headers["content-type"].startswith("text/html")
    return Reader(answer.text)


def tell(server: TraceServer) -> None:
    """Send a request whose picture shared a batch, and whose judge failed."""
    shown = picture(server)
    batch = {"trace_id": "tb", "call_id": "whole", "index": 0, "size": 3}
    frame = {"filename": "judge.py", "line_number": 7, "function_name": "look", "text": "raise Refused"}
    failed = json.dumps({"type": "Refused", "message": "<b>no</b>", "traceback": [frame]})
    send(
        server,
        call("root", took=10, op="create", inputs={"prompt": "a <i>red</i> circle"}),
        call("up", "root", at=1, took=2, op="upsample", attributes={"service": "upsampler"}),
        call(
            "lm",
            "up",
            at=1.5,
            took=1,
            op="ask",
            summary={"usage": {"m": {"prompt_tokens": 90, "completion_tokens": 9}}},
        ),
        call("item", "root", at=3, took=4, op="generate", output=shown, attributes={"batch": batch}),
        call("judge", "root", at=7, took=3, op="judge", exception=failed),
    )
    link = {"index": 0, "trace_id": "t1", "call_id": "item"}
    send(server, call("whole", trace="tb", at=3, op="paint_batch", attributes={"links": [link]}))


def test_the_list_shows_what_each_trace_was_about(trace_server: TraceServer) -> None:
    tell(trace_server)

    page = read(trace_server, "/")

    assert "a <i>red</i> circle" in page.text
    assert "1 failed" in page.text
    assert "10.0 s" in page.text
    assert "/traces/t1" in page.links
    assert any(source.startswith(f"/files/{PROJECT}/") for source in page.sources)


def test_the_list_leaves_batches_out_unless_they_are_asked_for(trace_server: TraceServer) -> None:
    tell(trace_server)

    assert "/traces/tb" not in read(trace_server, "/").links
    assert "/traces/tb" in read(trace_server, "/?batches=true").links


def test_a_long_list_leads_to_its_next_page_and_keeps_the_filter(trace_server: TraceServer) -> None:
    send(trace_server, *(call(f"c{n}", trace=f"t{n}", at=n, op="work") for n in range(51)))

    page = read(trace_server, "/?op=work")
    (older,) = [link for link in page.links if "before=" in link]

    assert "op=work" in older
    assert "/traces/t0" in read(trace_server, older).links


def test_an_empty_list_tells_how_to_fill_it(trace_server: TraceServer) -> None:
    assert f"WF_TRACE_SERVER_URL={trace_server.url}" in read(trace_server, "/").text
    assert "No trace is like that" in read(trace_server, "/?text=nothing").text


def test_a_trace_is_shown_with_all_its_calls(trace_server: TraceServer) -> None:
    tell(trace_server)

    page = read(trace_server, "/traces/t1")

    for shown in ("create", "upsample", "ask", "generate", "judge", "Refused: <b>no</b>", "judge.py:7 in look", "99"):
        assert shown in page.text
    assert page.links.count("/traces/tb#call-whole") == 1
    assert "as item 1 of 3" in page.text


def test_a_batch_leads_to_its_items(trace_server: TraceServer) -> None:
    tell(trace_server)

    assert "/traces/t1#call-item" in read(trace_server, "/traces/tb").links


def test_a_missing_parent_is_told_of(trace_server: TraceServer) -> None:
    send(trace_server, call("child", "root"))

    assert "not here" in read(trace_server, "/traces/t1").text


def test_pages_need_nothing_from_elsewhere_and_no_style_or_script_of_their_own(trace_server: TraceServer) -> None:
    tell(trace_server)

    for path in ("/", "/traces/t1", "/traces/tb", "/?text=x"):
        page = read(trace_server, path)
        assert all(link.startswith("/") for link in (*page.links, *page.sources))
        assert page.styled == []
    with trace_server.http as http:
        policy = http.get("/").headers["content-security-policy"]
        parts = [http.get(f"/static/{name}") for name in ("traces.css", "live.js", "icon.svg")]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert all(
        part.status_code == 200 and "http" not in re.sub(r"http://www\.w3\.org/\S+", "", part.text) for part in parts
    )


def test_a_trace_that_is_not_here_is_a_page_too(trace_server: TraceServer) -> None:
    with trace_server.http as http:
        answer = http.get("/traces/none")

    assert answer.status_code == 404
    assert "there is no trace &#39;none&#39;" in answer.text


def test_only_what_may_still_change_is_looked_at_again(trace_server: TraceServer) -> None:
    now = (datetime.now(UTC) - BEGIN).total_seconds()
    start(trace_server, call("running", trace="t1", at=now))
    start(trace_server, call("stuck", trace="t2", at=now - 3600))
    send(trace_server, call("over", trace="t3", at=now))

    with trace_server.http as http:
        live = ["data-live" in http.get(f"/traces/{name}").text for name in ("t1", "t2", "t3")]

    assert live == [True, False, False]


def test_bars_lie_where_their_calls_were(trace_server: TraceServer) -> None:
    send(
        trace_server, call("root", took=10), call("child", "root", at=2.5, took=5), call("short", "root", at=10, took=0)
    )

    placed = [(bar.left, bar.width) for bar in bars(trace_server.trace("t1"), BEGIN + timedelta(days=1))]

    assert placed == [(0, 100), (25, 50), (99.75, 0.25)]


def test_a_huge_value_is_cut_and_the_whole_of_it_is_a_link_away(trace_server: TraceServer) -> None:
    send(trace_server, call("root", inputs={"text": "x" * 50_000, "list": list(range(5000))}))

    page = read(trace_server, "/traces/t1")
    with trace_server.http as http:
        whole = http.get(f"/calls/{PROJECT}/root.json").json()

    assert len(page.text) < 20_000
    assert "all of it as JSON" in page.text
    assert len(whole["inputs"]["text"]) == 50_000


@pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium")
def test_a_browser_shows_a_trace_and_opens_the_call_that_is_named(trace_server: TraceServer, tmp_path: Path) -> None:
    tell(trace_server)
    command = [str(CHROMIUM), "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}"]
    command += ["--virtual-time-budget=1500", "--enable-logging=stderr", "--dump-dom"]

    done = subprocess.run(
        [*command, f"{trace_server.url}/traces/t1#call-judge"], capture_output=True, text=True, timeout=120, check=True
    )

    opened = re.findall(r'<details class="call" id="details-(\w+)"[^>]* open', done.stdout)
    assert opened == ["judge"]
    assert "CONSOLE" not in done.stderr, done.stderr  # such as a breach of the content policy
