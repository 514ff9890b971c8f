"""What the services count, for dashboards, alerts and autoscaling."""

import pytest
from prometheus_client import REGISTRY

from promptlift.contracts import Creation, Picture, Timing, Usage
from services.generator.metrics import Metrics
from services.judge import metrics as judge
from services.orchestrator import metrics as orchestrator
from services.upsampler import metrics as upsampler
from tests.fakes import generated, judged, upsampling


class Grown:
    """Tells by how much a series grew since it was made."""

    def __init__(self, name: str, **labels: str) -> None:
        self._series = (name, labels)
        self._before = self._now()

    def _now(self) -> float:
        return REGISTRY.get_sample_value(*self._series) or 0.0

    def by(self) -> float:
        return self._now() - self._before


def creation(*warnings: str) -> Creation:
    return Creation(
        prompt="a",
        pictures=(Picture(arm="base", generated=generated()),),
        best=0,
        warnings=warnings,
        timings=(Timing(stage="generate", seconds=2.0),),
        seconds=3.0,
    )


@pytest.mark.parametrize(("warnings", "outcome"), [((), "whole"), (("no score",), "degraded")])
def test_a_job_with_a_warning_is_a_degraded_one(warnings: tuple[str, ...], outcome: str) -> None:
    jobs = Grown("promptlift_orchestrator_jobs_total", outcome=outcome)
    seconds = Grown("promptlift_orchestrator_job_seconds_sum")
    painting = Grown("promptlift_orchestrator_stage_seconds_sum", stage="generate")

    orchestrator.created(creation(*warnings))

    assert (jobs.by(), seconds.by(), painting.by()) == (1, 3.0, 2.0)


def test_a_job_that_failed_is_counted_by_its_error() -> None:
    jobs = Grown("promptlift_orchestrator_jobs_total", outcome="unavailable")

    orchestrator.failed("unavailable")

    assert jobs.by() == 1


@pytest.mark.parametrize(("reason", "outcome"), [(None, "upsampled"), ("it refused", "kept")])
def test_an_upsampling_is_counted_with_its_tokens(reason: str | None, outcome: str) -> None:
    prompts = Grown("promptlift_upsampler_prompts_total", outcome=outcome)
    read, written = (Grown("promptlift_upsampler_tokens_total", kind=kind) for kind in ("input", "output"))
    dollars = Grown("promptlift_upsampler_dollars_total")
    answer = upsampling(reason=reason).model_copy(update={"cost": 0.25})

    assert upsampler.counted(answer) is answer

    assert (prompts.by(), read.by(), written.by(), dollars.by()) == (1, 11, 7, 0.25)


@pytest.mark.parametrize(("stored", "tokens"), [(False, 11), (True, 0)])
def test_an_opinion_out_of_the_store_costs_nothing(stored: bool, tokens: int) -> None:
    opinions = Grown("promptlift_judge_opinions_total", kind="judgement", status="ok")
    read = Grown("promptlift_judge_tokens_total", kind="input")
    usage = Usage(calls=1, input_tokens=11, output_tokens=7)

    judge.counted(judged(0.9).model_copy(update={"stored": stored, "usage": usage}))

    assert (opinions.by(), read.by()) == (1, tokens)


def test_rows_in_work_and_rows_that_wait_are_the_generators_load_until_it_is_idle() -> None:
    metrics = Metrics()

    metrics.stepped(pictures=2, rows=4, seconds=0.1, waiting_rows=6)
    busy = REGISTRY.get_sample_value("promptlift_generator_rows")
    metrics.idle()

    assert busy == 10
    assert REGISTRY.get_sample_value("promptlift_generator_rows") == 0
