"""The report as files."""

import csv
import json
import re
from pathlib import Path

import pytest

from promptlift.cli.controls import Result
from promptlift.evaluation import report
from promptlift.evaluation.effort import effort
from promptlift.evaluation.findings import findings
from promptlift.evaluation.plan import Plan
from promptlift.evaluation.record import Record
from promptlift.evaluation.report import command, duration
from tests.clients.evaluation.made import compared, failed, pair, plan
from tests.pictures import plain

PASSES = Result("blank pictures judged correct", 16, 0.0, "at most 0", True)
NASTY = 'a <script>alert(1)</script> | *cat* & "dog"'
SAFE = "https://example.org/t?a=1&b=2"


def written(folder: Path, *records: Record, controls: tuple[Result, ...] = (PASSES,), plan: Plan = plan()) -> Path:
    (folder / "pictures").mkdir(exist_ok=True)
    for arm in ("base", "upsampled"):
        plain(size=(600, 300)).save(folder / "pictures" / f"{arm}.png")
    spent = effort(records, [], [])
    report.write(findings(plan, records, controls), records, spent, folder)
    return folder


def page(folder: Path, *records: Record, **said: object) -> str:
    return (written(folder, *records, **said) / report.PAGE).read_text()  # type: ignore[arg-type]


def test_the_page_needs_nothing_but_itself(tmp_path: Path) -> None:
    html = page(tmp_path, pair("a cat", 0.1, 0.9), pair("a dog", 0.9, 0.1))

    assert html.count('src="data:image/webp;base64,') == 4
    assert not re.search(r'(src|href)="(?!data:)', html)
    assert "default-src 'none'" in html


def test_what_users_write_stays_text(tmp_path: Path) -> None:
    html = page(tmp_path, pair(NASTY, 0.1, 0.9, category=NASTY), pair("a dog", 0.1, 0.9))

    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; | *cat* &amp; &#34;dog&#34;" in html
    summary = (tmp_path / report.SUMMARY).read_text()
    assert r"a \<script\>alert(1)\</script\> \| \*cat\* & " in summary


@pytest.mark.parametrize(("url", "linked"), [(SAFE, True), ("javascript:alert(1)", False), (None, False)])
def test_a_row_leads_to_its_trace_and_nowhere_else(tmp_path: Path, url: str | None, linked: bool) -> None:
    html = page(tmp_path, pair("a cat", 0.1, 0.9, trace_id="the-trace", trace_url=url))

    assert ('<a href="https://example.org/t?a=1&amp;b=2">' in html) is linked
    assert ("<code>the-trace</code>" in html) is not linked
    assert "javascript:" not in html


def test_an_invalid_evaluation_says_so_before_any_figure(tmp_path: Path) -> None:
    html = page(tmp_path, pair("a cat", 0.1, 0.9), failed("b"))

    assert html.index("Invalid.") < html.index("<table")
    assert "1 of 2 base pictures have no verdict" in html
    assert "**Invalid.**" in (tmp_path / report.SUMMARY).read_text()


def test_an_unchecked_one_says_so(tmp_path: Path) -> None:
    assert "Unchecked." in page(tmp_path, pair("a cat", 0.1, 0.9), controls=())


def test_the_most_changed_prompts_are_shown_with_the_pair_that_shows_it_best(tmp_path: Path) -> None:
    html = page(tmp_path, pair("a cat", 0.5, 0.6, 0), pair("a cat", 0.1, 0.9, 1), pair("a dog", 0.9, 0.8, 0))

    assert html.index("Most improved") < html.index("a cat</h3>") < html.index("Most harmed") < html.index("a dog</h3>")
    assert "shown: seed 1" in html


def test_nothing_changed_shows_no_examples(tmp_path: Path) -> None:
    html = page(tmp_path, pair("a cat", 0.9, 0.9))

    assert "Most improved" not in html
    assert "Most harmed" not in html


@pytest.mark.parametrize(
    "records",
    [
        (failed("a"),),
        (pair("a", None, None),),
        (pair("a", 0.9, 0.9, comparison=compared("first")),),
        tuple(
            pair(str(n), 0.1 * n, 1 - 0.1 * n, comparison=compared("second"), category=str(n % 2)) for n in range(10)
        ),
    ],
)
def test_every_kind_of_outcome_can_be_written(tmp_path: Path, records: tuple[Record, ...]) -> None:
    html = page(tmp_path, *records)

    assert html.rstrip().endswith("</html>")
    assert "None" not in html
    assert "None" not in (tmp_path / report.SUMMARY).read_text()


def test_the_figures_are_there_as_data(tmp_path: Path) -> None:
    written(tmp_path, pair("a cat", 0.1, 0.9), pair("a dog", 0.9, 0.9))

    results = json.loads((tmp_path / report.RESULTS).read_text())
    assert results["whole"]["correct"]["difference"]["value"] == 0.5
    assert results["validity"]["verdict"] == "valid"
    assert results["changes"][0] == {"prompt": "a cat", "category": "", "correct": 1.0, "score": 0.8, "seeds": [0]}


def test_the_table_has_a_line_for_each_picture_and_no_formula(tmp_path: Path) -> None:
    written(tmp_path, pair("=1+1", 0.1, 0.9, comparison=compared("second")), failed("b"))

    rows = list(csv.DictReader((tmp_path / report.TABLE).read_text().splitlines()))
    assert [(row["prompt"], row["arm"], row["score"], row["winner"]) for row in rows] == [
        ("'=1+1", "base", "0.1", "upsampled"),
        ("'=1+1", "upsampled", "0.9", "upsampled"),
        ("b", "base", "", ""),
        ("b", "upsampled", "", ""),
    ]
    assert [row["fate"] for row in rows] == ["judged", "judged", "failed", "failed"]


def test_the_command_asks_for_the_same_pictures_again() -> None:
    said = command(plan(prompts="my prompts.tsv", steps=9, stock_negative_prompt=True, judge_mode="dalle3", limit=3))

    assert said == (
        "promptlift evaluate --arms base,upsampled --seeds 2 --prompts 'my prompts.tsv' --limit 3 --steps 9 "
        "--stock-negative-prompt --judge-mode dalle3"
    )


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.44, "0.4 s"), (59.9, "1 min 0 s"), (61, "1 min 1 s"), (3700, "1 h 1 min")]
)
def test_a_time_is_written_as_people_say_it(seconds: float, said: str) -> None:
    assert duration(seconds) == said
