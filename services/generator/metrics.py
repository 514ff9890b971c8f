"""The engine's Prometheus metrics; their names are stable, for dashboards, alerts and autoscaling."""

from typing import Protocol

from prometheus_client import Counter, Gauge, Histogram

PREFIX = "promptlift_generator"
SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0)

queue_rows = Gauge(f"{PREFIX}_queue_rows", "Rows of pictures that wait for a step", multiprocess_mode="livesum")
rows_at_hand = Gauge(
    f"{PREFIX}_rows", "Rows of all pictures in work or waiting, for autoscaling", multiprocess_mode="livesum"
)
rows_in_flight = Gauge(f"{PREFIX}_rows_in_flight", "Rows of the last U-Net call", multiprocess_mode="livesum")
batch_rows = Histogram(f"{PREFIX}_batch_rows", "Rows of U-Net calls", buckets=(1, 2, 4, 6, 8, 12, 16, 24, 32))
step_seconds = Histogram(
    f"{PREFIX}_step_seconds", "Seconds of U-Net calls", buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
)
picture_steps = Counter(f"{PREFIX}_picture_steps", "Steps, counted for each picture that was advanced")
pictures = Counter(f"{PREFIX}_pictures", "Pictures that ended, by how", ["outcome"])
wait_seconds = Histogram(
    f"{PREFIX}_wait_seconds", "Seconds from a picture's arrival to its first step", buckets=SECONDS
)
compute_seconds = Histogram(
    f"{PREFIX}_compute_seconds", "Seconds from a picture's first step to its end", buckets=SECONDS
)


class Observer(Protocol):
    """What hears of everything that happens, for metrics."""

    def stepped(self, pictures: int, rows: int, seconds: float, waiting_rows: int) -> None:
        """One step was done."""

    def ended(self, outcome: str, waited: float, computed: float) -> None:
        """A picture was finished, failed or dropped."""

    def idle(self) -> None:
        """There is nothing left to do."""


class Metrics:
    """Hears of everything that happens in an engine; implements `Observer`."""

    def stepped(self, pictures: int, rows: int, seconds: float, waiting_rows: int) -> None:
        """Count a step."""
        queue_rows.set(waiting_rows)
        rows_in_flight.set(rows)
        rows_at_hand.set(rows + waiting_rows)
        batch_rows.observe(rows)
        step_seconds.observe(seconds)
        picture_steps.inc(pictures)

    def ended(self, outcome: str, waited: float, computed: float) -> None:
        """Count a picture that was finished, failed or dropped."""
        pictures.labels(outcome).inc()
        if outcome == "painted":
            wait_seconds.observe(waited)
            compute_seconds.observe(computed)

    def idle(self) -> None:
        """Show that nothing is in work; a gauge would keep its last value and hold replicas up."""
        queue_rows.set(0)
        rows_in_flight.set(0)
        rows_at_hand.set(0)
