"""The engine's promises, with a studio that computes nothing but remembers everything."""

import threading
from concurrent.futures import CancelledError

import pytest

from services.errors import DeadlineExceeded, DeadlineUnmeetable, Invalid, Overloaded, ServiceError
from services.generator.engine import Engine
from tests.services.generator.fakes import Easel, Observer, Studio, engine, order, until


def test_pictures_of_different_steps_share_calls_and_leave_when_they_are_done() -> None:
    studio = Studio(free=False)
    with engine(studio) as running:
        blocker = running.submit(order(9, steps=1), 10)
        until(lambda: studio.waiting)
        short, long = running.submit(order(1, steps=2), 10), running.submit(order(2, steps=4), 10)
        studio.allow(5)

        assert (short.result(5).pixels, long.result(5).pixels) == ("pixels 1", "pixels 2")
        assert blocker.result(5).company == 1.0

    assert studio.calls == [[9], [1, 2], [1, 2], [2], [2]]


def test_a_picture_that_comes_later_joins_between_steps() -> None:
    studio = Studio(free=False)
    with engine(studio) as running:
        first = running.submit(order(1, steps=3), 10)
        studio.allow(1)
        until(lambda: studio.waiting)
        late = running.submit(order(2, steps=1), 10)  # the second step of the first is under way
        studio.allow(2)

        assert first.result(5).company == pytest.approx(4 / 3)
        assert late.result(5).company == 2.0

    assert studio.calls == [[1], [1], [1, 2]]


def test_a_cancelled_picture_frees_its_rows_before_the_next_step() -> None:
    studio, observer = Studio(free=False), Observer()
    with engine(studio, observer) as running:
        gone = running.submit(order(1, steps=50), 10)
        studio.allow(2)
        gone.cancel()
        studio.permits.release()
        until(lambda: 1 in studio.dropped)

    assert len(studio.calls) <= 3
    assert observer.outcomes == ["cancelled"]


def test_a_cancelled_picture_that_still_waited_cost_nothing() -> None:
    studio = Studio(free=False)
    with engine(studio, capacity=2) as running:
        first = running.submit(order(1, steps=2), 10)
        until(lambda: studio.waiting)
        waiting = running.submit(order(2, steps=2), 10)
        waiting.cancel()
        studio.allow(2)
        first.result(5)

    assert all(2 not in call for call in studio.calls)
    with pytest.raises(CancelledError):
        waiting.result(0)


def test_a_picture_whose_time_is_up_is_dropped() -> None:
    studio = Studio(seconds=0.02)
    with engine(studio) as running:
        late = running.submit(order(1, steps=1000), 0.2)

        with pytest.raises(DeadlineExceeded, match=r"within the 0\.2 s"):
            late.result(5)

    assert len(studio.calls) < 50


def test_a_picture_that_cannot_be_done_in_time_is_not_begun() -> None:
    studio = Studio(seconds=0.01)
    with engine(studio) as running:
        running.submit(order(1, steps=8), 10).result(5)

        with pytest.raises(DeadlineUnmeetable) as caught:
            running.submit(order(2, steps=1000), 0.5)

    assert caught.value.retry_after >= 1
    assert all(2 not in call for call in studio.calls)


def test_beyond_the_queue_there_is_no_place() -> None:
    studio = Studio(free=False)
    with engine(studio, queue_rows=5) as running:
        running.submit(order(1), 10)
        running.submit(order(2), 10)

        with pytest.raises(Overloaded) as caught:
            running.submit(order(3), 10)
        running.submit(order(4, guidance=0), 10)

    assert caught.value.retry_after >= 1


def test_a_picture_that_fails_does_not_harm_its_company() -> None:
    studio = Studio(free=False, failing={2: RuntimeError("numbers went bad")})
    with engine(studio) as running:
        blocker = running.submit(order(9, steps=1), 10)
        until(lambda: studio.waiting)
        good, bad = running.submit(order(1, steps=2), 10), running.submit(order(2, steps=2), 10)
        studio.free = True
        studio.permits.release()

        assert good.result(5).pixels == "pixels 1"
        with pytest.raises(ServiceError, match="numbers went bad"):
            bad.result(5)
        blocker.result(5)


def test_a_picture_too_large_for_the_memory_is_told_so() -> None:
    studio = Studio(failing={2: MemoryError()})
    with engine(studio) as running:
        bad = running.submit(order(2, width=2048), 10)

        with pytest.raises(Invalid, match="2048x64 needs more memory"):
            bad.result(5)


def test_an_impossible_order_fails_alone() -> None:
    with engine(Studio()) as running:
        bad, good = running.submit(order(1, steps=99), 10), running.submit(order(2), 10)

        with pytest.raises(Invalid, match="steps: 99"):
            bad.result(5)
        assert good.result(5).pixels == "pixels 2"


def test_progress_is_told_step_by_step() -> None:
    told: list[tuple[int, int]] = []
    with engine(Studio()) as running:
        running.submit(order(1, steps=3), 10, lambda done, steps: told.append((done, steps))).result(5)

    assert told == [(1, 3), (2, 3), (3, 3)]


def test_an_idle_engine_says_so_and_shows_what_waits() -> None:
    studio, observer = Studio(free=False), Observer()
    with engine(studio, observer, capacity=2) as running:
        pictures = [running.submit(order(seed, steps=1), 10) for seed in range(3)]
        studio.allow(3)
        for picture in pictures:
            picture.result(5)
        until(lambda: observer.idles >= 2)

    assert [waiting for _, _, waiting in observer.steps][-1] == 0
    assert max(waiting for _, _, waiting in observer.steps) >= 2


def test_stopping_gives_up_what_is_in_work_and_takes_no_more() -> None:
    studio = Studio(seconds=0.01)
    running = Engine(studio, Observer(), capacity=8, queue_rows=64)
    running.start()
    picture = running.submit(order(1, steps=1000), 60)
    running.stop()

    with pytest.raises(Overloaded, match="stops"):
        picture.result(5)
    with pytest.raises(Overloaded, match="stops"):
        running.submit(order(2), 60)


def test_a_storm_of_cancellations_leaks_nothing_and_harms_nobody() -> None:
    studio, observer = Studio(seconds=0.0005), Observer()
    with engine(studio, observer, queue_rows=1000) as running:
        pictures = [running.submit(order(seed, steps=1 + seed % 7), 30) for seed in range(200)]
        cancelled = {seed for seed in range(0, 200, 2) if pictures[seed].cancel()}
        painted = {seed: pictures[seed].result(30).pixels for seed in range(200) if seed not in cancelled}
        until(lambda: not running._desk.live and not running._desk.finished)

    assert painted == {seed: f"pixels {seed}" for seed in painted}
    assert len(painted) + len(cancelled) == 200
    assert observer.outcomes.count("painted") == len(painted)


def test_a_studio_that_cannot_paint_is_told_at_the_start() -> None:
    class Small(Studio):
        def warm_up(self, rows: int) -> int:
            raise RuntimeError("a picture does not fit into memory")

    with pytest.raises(RuntimeError, match="does not fit"):
        Engine(Small(), Observer(), capacity=8, queue_rows=64).start()


def test_calls_have_no_more_rows_than_the_memory_holds() -> None:
    class Small(Studio):
        def warm_up(self, rows: int) -> int:
            return 4

    with engine(Small()) as running:
        assert running.capacity == 4


def test_a_picture_that_arrives_while_another_is_decoded_has_waited_no_less_than_nothing() -> None:
    decoding, arrived = threading.Event(), threading.Event()

    class SlowToDecode(Studio):
        def decode(self, easel: Easel) -> str:
            decoding.set()
            arrived.wait(10)
            return super().decode(easel)

    with engine(SlowToDecode()) as running:
        running.submit(order(1, steps=1), 60)
        assert decoding.wait(10)
        late = running.submit(order(2, steps=1), 60)
        arrived.set()

        assert late.result(10).waited >= 0
