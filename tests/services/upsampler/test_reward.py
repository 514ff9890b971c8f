"""The reward of a picture, from the real clients over a network that is a function."""

import json

import httpx
import pytest

from promptlift import Client, Retry
from services.upsampler.reward import Painted
from tests.fakes import generated, judged


def reward(painted: httpx.Response, told: httpx.Response) -> tuple[float | None, list[dict[str, object]]]:
    bodies: list[dict[str, object]] = []

    def network(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return painted if request.url.path == "/generate" else told

    client = Client("http://any", transport=httpx.MockTransport(network), retry=Retry(limit=0))
    return Painted(client, client, seed=3)("a bowl", "a bowl. On a table."), bodies


def picture() -> httpx.Response:
    return httpx.Response(200, json=[{"picture": generated().model_dump(mode="json")}])


def test_the_upsampled_prompt_is_painted_and_judged_against_the_users_own() -> None:
    score, (painting, judging) = reward(picture(), httpx.Response(200, json=judged(0.8).model_dump(mode="json")))

    assert score == 0.8
    assert (painting[0]["prompt"], painting[0]["seed"]) == ("a bowl. On a table.", 3)
    assert judging["prompt"] == "a bowl"


@pytest.mark.parametrize("told", [httpx.Response(503), httpx.Response(200, json=judged(None).model_dump(mode="json"))])
def test_without_a_verdict_there_is_no_reward(told: httpx.Response) -> None:
    assert reward(picture(), told)[0] is None
