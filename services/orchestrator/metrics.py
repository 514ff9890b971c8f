"""The orchestrator's Prometheus metrics; their names are stable, for dashboards, alerts and autoscaling."""

from prometheus_client import Counter, Gauge, Histogram

from promptlift.contracts import Creation

PREFIX = "promptlift_orchestrator"
SECONDS = (0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 640.0, 1280.0)

waiting_jobs = Gauge(
    f"{PREFIX}_waiting_jobs", "Jobs that wait for a generator which is not there yet", multiprocess_mode="livesum"
)
jobs = Counter(f"{PREFIX}_jobs", "Jobs that ended: whole, degraded (with a warning), or by their error", ["outcome"])
job_seconds = Histogram(f"{PREFIX}_job_seconds", "Seconds of jobs that gave pictures", buckets=SECONDS)
stage_seconds = Histogram(f"{PREFIX}_stage_seconds", "Seconds of stages, by name", ["stage"], buckets=SECONDS)


def created(creation: Creation) -> None:
    """Count a job that gave pictures."""
    jobs.labels("degraded" if creation.warnings else "whole").inc()
    job_seconds.observe(creation.seconds)
    for timing in creation.timings:
        stage_seconds.labels(timing.stage).observe(timing.seconds)


def failed(code: str) -> None:
    """Count a job that gave none."""
    jobs.labels(code).inc()
