"""An evaluation as a user runs it: killed and gone on with, in Weave, in a browser, and by the examples."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from promptlift.evaluation.journal import JOURNAL
from services.local.system import LocalSystem
from tests.clients.evaluation.opinions import opinionated
from tests.e2e.conftest import Running
from tests.openai_server import OpenAIServer
from tests.readme import ROOT
from tests.trace_server import TraceServer

pytestmark = pytest.mark.e2e
COMMAND = [sys.executable, "-c", "from promptlift.cli import main; main()"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CONCURRENCY = 4
ATTEMPTS = 3
"""How often the upsampler asks for a caption at most."""
PASSING = re.compile(r'<section id="spent">.*?</section>|<code title="request id">\w+</code>', re.DOTALL)
"""What of a page differs between two runs by its nature: times, and the ids of requests."""


def environment(**variables: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **variables}


def arguments(system: LocalSystem, out: Path, *options: str) -> list[str]:
    places = ["--url", system.url, "--out", str(out), "--concurrency", str(CONCURRENCY)]
    return [*COMMAND, "evaluate", *places, *options]


def evaluate(system: LocalSystem, out: Path, *options: str, **variables: str) -> str:
    shown = subprocess.run(
        arguments(system, out, *options),
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 0, shown.stdout + shown.stderr
    return shown.stdout


def stopped(command: list[str], out: Path, lines: int, how: signal.Signals) -> subprocess.Popen[str]:
    """Start an evaluation, and stop it once its journal has so many lines."""
    journal = out / JOURNAL
    process = subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, text=True)
    while not journal.exists() or journal.read_bytes().count(b"\n") < lines:
        assert process.poll() is None, "it ended before it could be stopped"
        time.sleep(0.02)
    process.send_signal(how)
    process.wait(30)
    return process


def trials(out: Path) -> list[str]:
    entries = (json.loads(line) for line in (out / JOURNAL).read_text().splitlines())
    return [entry["trial"]["key"] for entry in entries if "trial" in entry]


def captions(llm: OpenAIServer) -> int:
    return sum("caption" in chat.fields for chat in llm.chats)


def lasting(out: Path) -> dict[str, Any]:
    """Give everything of a report that must not depend on how the run went."""
    results = json.loads((out / "results.json").read_text())
    spent = results.pop("spent")
    summary = (out / "report.md").read_text().partition("## Cost and time")[0]
    pictures = {file.name: file.read_bytes() for file in (out / "pictures").iterdir()}
    page = PASSING.sub("", (out / "report.html").read_text())
    table = (out / "trials.csv").read_text()
    return {"results": results, "summary": summary, "page": page, "table": table, "pictures": pictures} | {
        "asked": (spent["pictures"], spent["upsampler_tokens"])  # a judge that planned before plans no more
    }


def test_killed_twice_and_gone_on_with_gives_the_report_of_an_undisturbed_run(
    system: LocalSystem, llm: OpenAIServer, tmp_path: Path
) -> None:
    llm.play(brain=opinionated())
    evaluate(system, tmp_path / "undisturbed", "--seeds", "2")
    undisturbed = captions(llm)
    llm.play(brain=opinionated())
    command = arguments(system, tmp_path / "disturbed", "--seeds", "2")

    interrupted = stopped(command, tmp_path / "disturbed", 50, signal.SIGINT)  # while the judge is checked
    killed = stopped(command, tmp_path / "disturbed", 130, signal.SIGKILL)  # amid the trials
    done = len(trials(tmp_path / "disturbed"))
    evaluate(system, tmp_path / "disturbed", "--seeds", "2")

    assert (interrupted.returncode, killed.returncode) == (130, -signal.SIGKILL)
    assert interrupted.stderr is not None
    assert "the same command goes on from there" in interrupted.stderr.read()
    assert 0 < done < 80
    assert len(trials(tmp_path / "disturbed")) == len(set(trials(tmp_path / "disturbed"))) == 80
    assert captions(llm) <= undisturbed + CONCURRENCY * ATTEMPTS  # only what was in work is paid for twice
    assert lasting(tmp_path / "disturbed") == lasting(tmp_path / "undisturbed")


READ = """
import json, sys, weave
from weave.flow.leaderboard import get_leaderboard_results
client = weave.init(sys.argv[1])
board = weave.ref(sys.argv[2]).get()
names = {one.model_ref.split("/")[-1].split(":")[0]: [column.scores[-1].value for column in one.column_scores]
         for one in get_leaderboard_results(board, client)}
calls = [call for call in client.get_calls() if call.op_name.split("/")[-1].startswith("Painter.predict")]
outputs = [dict(call.output) for call in calls]
picture = outputs[0]["picture"]
print(json.dumps({
    "scores": names,
    "rows": len(weave.ref("smoke-trials").get().rows),
    "traces": sorted({(one["trace_id"], one["trace_url"]) for one in outputs}),
    "picture": [picture.mimetype, picture.size],
    "figures": weave.ref("smoke-figures").get()["headline"],
}))
"""


def test_prompts_and_results_are_kept_in_weave_and_lead_to_the_services_traces(
    running: Running, llm: OpenAIServer, trace_server: TraceServer, tmp_path: Path
) -> None:
    llm.play(brain=opinionated())
    known = trace_server.environment
    publish = [*COMMAND, "publish", "--prompts", "smoke", "--project", "tests", "--entity", "local"]
    published = subprocess.run(publish, env=environment(**known), capture_output=True, text=True, check=True)
    ref = published.stdout.strip().splitlines()[-1]

    options = ["--prompts", ref, "--seeds", "1", "--limit", "10", "--project", "tests", "--entity", "local"]
    with running(TRACING_TO=trace_server.url) as traced:
        shown = evaluate(traced, tmp_path, *options, **known)

    board = shown.strip().splitlines()[-1].strip()
    read = subprocess.run(
        [sys.executable, "-c", READ, "local/tests", board], env=environment(**known), capture_output=True, text=True
    )
    assert read.returncode == 0, read.stderr
    said = json.loads(read.stdout.splitlines()[-1])
    whole = json.loads((tmp_path / "results.json").read_text())["whole"]
    assert ref.startswith("weave:///local/tests/object/smoke:")
    assert said["rows"] == 10
    assert said["scores"] == {
        arm: [pytest.approx(whole["correct"][arm]["value"]), pytest.approx(whole["score"][arm]["value"]), 10]
        for arm in ("base", "upsampled")
    }
    assert said["picture"][0] == "image/jpeg"
    assert said["figures"] in shown
    assert len(said["traces"]) == 10
    for trace_id, url in said["traces"]:
        assert url.endswith(trace_id)
        assert trace_server.trace(trace_id).nodes[0].op == "create"
    assert all(url in (tmp_path / "report.html").read_text() for _, url in said["traces"])


@pytest.fixture(scope="module")
def report(system: LocalSystem, openai_server: OpenAIServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of an evaluation."""
    openai_server.play(brain=opinionated())
    out = tmp_path_factory.mktemp("report")
    evaluate(system, out, "--seeds", "2")
    return out / "report.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real browser without a window."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright")
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"needs a browser: none of {', '.join(BROWSERS)} is installed")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1180), ("dark", 1180), ("light", 400)])
def test_the_report_is_whole_in_a_browser(browser: Any, report: Path, scheme: str, width: int, tmp_path: Path) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: said.append(request.url) if request.url.startswith("http") else None)

    page.goto(report.as_uri())
    page.screenshot(path=tmp_path / "report.png", full_page=True)

    drawn = page.evaluate("[...document.images].map(image => image.complete && image.naturalWidth > 0)")
    assert said == []
    assert len(drawn) >= 4
    assert all(drawn)
    assert page.locator("h1").inner_text().endswith(".")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for plot in page.locator("svg").all():
        assert plot.bounding_box()["width"] > 300
    page.close()


def test_no_text_of_a_plot_covers_another(browser: Any, report: Path) -> None:
    page = browser.new_page(viewport={"width": 1180, "height": 900})
    page.goto(report.as_uri())

    boxes = [text.bounding_box() for text in page.locator("svg text").all()]

    assert boxes
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            apart_x = one["x"] + one["width"] <= other["x"] + 1 or other["x"] + other["width"] <= one["x"] + 1
            apart_y = one["y"] + one["height"] <= other["y"] + 1 or other["y"] + other["height"] <= one["y"] + 1
            assert apart_x or apart_y
    page.close()


def test_the_figures_of_every_prompt_unfold(browser: Any, report: Path) -> None:
    page = browser.new_page()
    page.goto(report.as_uri())

    page.locator("summary").click()

    assert page.locator("#prompts tbody tr").count() == 40
    assert page.locator("#prompts tbody tr").first.is_visible()
    page.close()


@pytest.mark.parametrize(
    ("name", "said", "left"),
    [
        ("generate_and_validate.py", "which shows more: ", "generated/upsampled.png"),
        ("evaluate_upsampling.py", "This evaluation is valid.", "evaluation/report.html"),
    ],
)
def test_an_example_runs_as_it_stands(
    name: str, said: str, left: str, system: LocalSystem, llm: OpenAIServer, tmp_path: Path
) -> None:
    llm.play(brain=opinionated())
    given = ["a red circle", system.url] if name.startswith("generate") else [system.url]

    shown = subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "examples" / name), *given],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert shown.returncode == 0, shown.stderr
    assert said in shown.stdout
    assert (tmp_path / left).exists()
