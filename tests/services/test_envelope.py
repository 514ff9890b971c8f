"""BentoML's three shapes of error become one."""

import json

import pytest

from services.envelope import problem_in


@pytest.mark.parametrize(
    ("status", "content", "code", "message"),
    [
        (429, b'{"error": "Too many requests"}', "overloaded", "Too many requests"),
        (409, b'[{"error": "slow down"}]', "failed", "slow down"),
        (503, b"Service is not ready", "unavailable", "Service is not ready"),
        (500, b"", "failed", "no reason was given"),
        (405, b"Method Not Allowed", "not_allowed", "Method Not Allowed"),
    ],
)
def test_whoever_wrote_it_an_error_is_read(status: int, content: bytes, code: str, message: str) -> None:
    assert problem_in(status, content, "/upsample", b"") == (
        status,
        problem_in(status, content, "/upsample", b"")[1].model_copy(update={"code": code, "message": message}),
    )


def test_our_own_error_passes_unchanged() -> None:
    content = json.dumps({"error": {"code": "invalid", "message": "n: too many"}}).encode()

    status, problem = problem_in(422, content, "/create", b"")

    assert (status, problem.code, problem.message) == (422, "invalid", "n: too many")


def test_a_body_out_of_bounds_is_explained_with_its_values() -> None:
    content = b'{"error": "1 validation error", "detail": []}'

    status, problem = problem_in(400, content, "/upsample", b'{"prompt": "a", "seed": -3}')

    assert (status, problem.message) == (422, "seed: must be greater than or equal to 0, got -3")


def test_a_body_that_is_no_json_is_a_bad_request() -> None:
    status, problem = problem_in(400, b'{"error": "", "detail": []}', "/upsample", b"{")

    assert status == 400
    assert "Invalid JSON" in problem.message


def test_a_validation_error_of_our_own_is_not_blamed_on_the_caller() -> None:
    status, problem = problem_in(400, b'{"error": "", "detail": []}', "/upsample", b'{"prompt": "a"}')

    assert (status, problem.code) == (500, "failed")
