"""What a request leaves open is chosen, and what fails is told item by item."""

from promptlift.contracts import MAX_SEED, GenerateRequest
from services.generator.order import Defaults, order_of

DEFAULTS = Defaults(side=1024, steps=30, guidance=5.0)


def test_a_request_that_leaves_everything_open_gets_the_models_own_choices() -> None:
    order = order_of(GenerateRequest(prompt="a"), DEFAULTS)

    assert (order.width, order.height, order.steps, order.guidance) == (1024, 1024, 30, 5.0)
    assert 0 <= order.seed <= MAX_SEED


def test_guidance_of_zero_is_a_choice() -> None:
    order = order_of(GenerateRequest(prompt="a", guidance=0, seed=0), DEFAULTS)

    assert (order.guidance, order.seed, order.guided, order.rows) == (0.0, 0, False, 1)


def test_work_grows_with_steps_rows_and_area() -> None:
    small = order_of(GenerateRequest(prompt="a", width=512, height=512, steps=10), DEFAULTS)
    large = order_of(GenerateRequest(prompt="a", width=1024, height=1024, steps=20), DEFAULTS)

    assert large.work == 8 * small.work
