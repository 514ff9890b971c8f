"""Who may ask the trace server, how much at once, and that nothing is lost."""

import gzip
import threading

import pytest

from services.traces.gate import BODIES_AT_ONCE
from tests.services.traces.sending import call, picture, send
from tests.trace_server import PROJECT, TraceServer, basic, outline


def test_a_key_opens_what_is_closed_to_others(tmp_path_factory: pytest.TempPathFactory) -> None:
    with TraceServer(tmp_path_factory.mktemp("key") / "traces.db", key="sesam") as server, server.http as http:
        http.auth = None
        without = [http.get(path).status_code for path in ("/", "/traces.json", "/server_info", "/readyz", "/livez")]
        wrong = http.get("/", headers=basic("open")).status_code
        right = http.get("/", headers=basic("sesam")).status_code
        exporter = http.get("/server_info", headers={"wandb-api-key": "sesam"}).status_code
        challenge = http.get("/").headers["www-authenticate"]

    assert without == [401, 401, 401, 200, 200]
    assert (wrong, right, exporter) == (401, 200, 200)
    assert challenge.startswith("Basic ")


def test_other_sites_pages_and_names_are_refused(trace_server: TraceServer) -> None:
    with trace_server.http as http:
        origin = http.post("/call/end", json={}, headers={"origin": "https://elsewhere.example"})
        host = http.get("/", headers={"host": "elsewhere.example"})
        own = http.get("/", headers={"origin": trace_server.url})

    assert (origin.status_code, host.status_code, own.status_code) == (403, 421, 200)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("small") / "traces.db"
    with TraceServer(file, max_body_megabytes=1) as server, server.http as http:
        told = http.post("/call/end", content=b"x" * (2**20 + 1))
        untold = http.post("/call/end", content=iter([b"x" * 2**19] * 3))
        packed = http.post(
            "/otel/v1/traces", content=gzip.compress(b"\0" * 2**21), headers={"content-encoding": "gzip"}
        )

    assert (told.status_code, untold.status_code, packed.status_code) == (413, 413, 400)
    assert "send less" in packed.json()["reason"]


def test_bodies_together_have_a_bound(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("busy") / "traces.db"
    hold, come = threading.Event(), threading.Barrier(BODIES_AT_ONCE + 1)

    def slow():
        yield b"x"
        come.wait(10)
        hold.wait(10)

    with TraceServer(file, max_body_megabytes=1) as server:

        def send_slowly() -> None:
            with server.http as http:
                http.post("/call/end", content=slow())

        senders = [threading.Thread(target=send_slowly) for _ in range(BODIES_AT_ONCE)]
        for sender in senders:
            sender.start()
        come.wait(10)
        statuses = set()
        for _ in range(50):
            with server.http as http:
                statuses.add(http.post("/call/end", content=iter([b"{}"])).status_code)
            if 503 in statuses:
                break
        hold.set()
        for sender in senders:
            sender.join(10)
        with server.http as http:
            after = http.post("/call/end", content=iter([b"{}"])).status_code

    assert 503 in statuses
    assert after == 422


def test_a_file_that_is_no_picture_is_never_shown_by_a_browser(trace_server: TraceServer) -> None:
    page = picture(trace_server, b"<script>alert(1)</script>")["files"]["image.png"]
    drawn = picture(trace_server)["files"]["image.png"]

    with trace_server.http as http:
        text, image = http.get(f"/files/{PROJECT}/{page}"), http.get(f"/files/{PROJECT}/{drawn}")

    assert text.headers["content-type"] == "application/octet-stream"
    assert text.headers["content-disposition"] == "attachment"
    assert text.headers["x-content-type-options"] == "nosniff"
    assert image.headers["content-type"] == "image/png"
    assert image.headers["content-disposition"] == "inline"


def test_everything_is_still_there_after_the_server_died(tmp_path_factory: pytest.TempPathFactory) -> None:
    server = TraceServer(tmp_path_factory.mktemp("again") / "traces.db")

    with server:
        send(server, call("root"))
        url = server.url
        server.stop()
        server.start()

        assert server.url == url
        assert outline(server.trace("t1")) == "root"
