"""A service is alive while its model loads, and ready when it has loaded."""

import threading
import time

import pytest

from services.errors import NotReady
from services.loading import Loading


def wait_for(loading: Loading[str]) -> str:
    for _ in range(500):
        try:
            return loading.get()
        except NotReady as error:
            if "could not be loaded" in error.message:
                raise
            time.sleep(0.01)
    raise AssertionError("never loaded")


def test_before_the_model_is_there_a_request_is_told_to_come_again() -> None:
    gate = threading.Event()
    loading = Loading("generator", lambda: gate.wait(5) and "model", supervised=False)
    loading.start()

    with pytest.raises(NotReady, match="the generator is still loading") as caught:
        loading.get()
    gate.set()

    assert caught.value.retry_after
    assert wait_for(loading) == "model"


def test_a_model_that_cannot_be_loaded_is_told_in_words() -> None:
    def load() -> str:
        raise RuntimeError("GENERATOR_DEVICE is cuda, but torch sees no CUDA GPU")

    loading = Loading("generator", load, supervised=False)
    loading.start()

    with pytest.raises(NotReady, match="torch sees no CUDA GPU"):
        wait_for(loading)
