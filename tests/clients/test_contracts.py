"""The bounds of every field, and the shape of JSON."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from promptlift import contracts
from promptlift.contracts import (
    Comparison,
    Contract,
    CreateRequest,
    GeneratedImage,
    GenerateRequest,
    GenerateResult,
    Image,
    Judgement,
    Problem,
    UpsampleRequest,
)
from promptlift.errors import explain

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("prompt", ""),
        ("prompt", "   "),
        ("prompt", "a" * 2001),
        ("prompt", "a\x00b"),
        ("prompt", "a\nb"),
        ("prompt", "a\ud800b"),
        ("prompt", 7),
        ("width", 63),
        ("width", 72.5),
        ("width", 100),
        ("height", 2056),
        ("steps", 0),
        ("steps", 151),
        ("steps", True),
        ("guidance", -0.1),
        ("guidance", 30.1),
        ("guidance", float("nan")),
        ("seed", -1),
        ("seed", 2**32),
        ("seed", "7"),
        ("format", "gif"),
        ("timeout", 0),
        ("colour", "red"),
    ],
)
def test_a_value_out_of_bounds_is_refused_by_name(field: str, value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        GenerateRequest(**{"prompt": "a red circle"} | {field: value})

    assert explain(caught.value).startswith(f"{field}: ")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("prompt", "a" * 2000),
        ("prompt", 'sign "Zürich" 東京 🦊'),
        ("width", 64),
        ("height", 2048),
        ("steps", 150),
        ("guidance", 0),
        ("guidance", 30),
        ("seed", 0),
        ("seed", 2**32 - 1),
        ("format", "webp"),
    ],
)
def test_a_value_on_the_bounds_is_taken(field: str, value: Any) -> None:
    request = GenerateRequest(**{"prompt": "a red circle"} | {field: value})

    assert getattr(request, field) == value


@pytest.mark.parametrize("n", [0, 17])
def test_a_job_has_one_to_sixteen_pictures_of_each_arm(n: int) -> None:
    with pytest.raises(ValidationError):
        CreateRequest(prompt="a", n=n)


def test_images_are_standard_base64_in_json() -> None:
    image = Image(data=PNG)

    text = json.loads(image.model_dump_json())["data"]

    assert base64.b64decode(text, validate=True) == PNG
    assert Image.model_validate_json(image.model_dump_json()) == image


def test_a_picture_must_be_what_its_media_type_says() -> None:
    with pytest.raises(ValidationError, match="media_type says image/webp, but data is image/png"):
        Image(data=PNG, media_type="image/webp")


@pytest.mark.parametrize("data", ["", "!!!", "AAA", base64.b64encode(b"plain text").decode()])
def test_what_is_no_picture_in_base64_is_refused(data: str) -> None:
    with pytest.raises(ValidationError, match="data"):
        Image.model_validate_json(json.dumps({"data": data}))


@given(st.binary(max_size=40), st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF1234WEBP"]))
def test_a_picture_is_recognised_by_its_first_bytes_and_survives_json(rest: bytes, head: bytes) -> None:
    image = Image.of(head + rest)

    assert Image.model_validate_json(image.model_dump_json()).data == head + rest


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "ok"},
        {"status": "ok", "score": 0.9},
        {"status": "ok", "score": 0.9, "verdict": "incorrect"},
        {"status": "ok", "score": 0.5, "verdict": "correct"},
        {"status": "refused", "score": 0.0, "verdict": "incorrect"},
        {"status": "ok", "score": 1.2, "verdict": "correct"},
    ],
)
def test_a_judgement_never_contradicts_itself(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Judgement(model="m", rubric_version="1", **fields)


@given(st.floats(0, 1), st.sampled_from(["correct", "incorrect"]))
def test_a_score_is_at_most_a_half_exactly_when_incorrect(score: float, verdict: str) -> None:
    agrees = (score <= 0.5) == (verdict == "incorrect")

    try:
        Judgement(status="ok", score=score, verdict=verdict, model="m", rubric_version="1")
    except ValidationError:
        assert not agrees
    else:
        assert agrees


def test_a_comparison_without_an_opinion_has_no_winner() -> None:
    with pytest.raises(ValidationError):
        Comparison(status="unavailable", winner="tie", consistent=True, model="m", rubric_version="1")


def test_an_item_of_a_batch_is_a_picture_or_an_error() -> None:
    with pytest.raises(ValidationError, match="never both or neither"):
        GenerateResult()
    assert GenerateResult(error=Problem(code="failed", message="no")).error is not None


EXPORTED = [getattr(contracts, name) for name in contracts.__all__]
MODELS = [model for model in EXPORTED if isinstance(model, type) and issubclass(model, Contract)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_wire_model_is_frozen_and_refuses_unknown_fields(model: type[Contract]) -> None:
    assert model.model_config["frozen"] is True
    assert model.model_config["extra"] == "forbid"


def test_no_request_has_a_field_that_bentoml_keeps_for_itself() -> None:
    from _bentoml_sdk.io_models import IOMixin

    reserved = set(vars(IOMixin)) | set(IOMixin.__annotations__)
    for model in (UpsampleRequest, GenerateRequest, CreateRequest, contracts.JudgeRequest, contracts.CompareRequest):
        assert not reserved & set(model.model_fields)


def test_a_model_cannot_be_changed() -> None:
    request = GenerateRequest(prompt="a")

    with pytest.raises(ValidationError):
        request.prompt = "b"  # type: ignore[misc]


def test_an_answer_of_a_newer_service_is_not_misread() -> None:
    with pytest.raises(ValidationError, match="surprise"):
        GeneratedImage.model_validate_json('{"surprise": 1}')
