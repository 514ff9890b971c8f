"""What a fresh machine gets without a key, a GPU or a model hub: the embedded parts, in their own processes."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image as Pillow

from pocket.parse import parse
from promptlift import Client, Creation
from services.local.system import LocalSystem
from services.upsampler import embedded
from tests.e2e.conftest import Running, log_of

pytestmark = pytest.mark.e2e
NO_ENDPOINT = {
    f"{service}_{name}": "" for service in ("UPSAMPLER", "JUDGE") for name in ("MODEL", "API_BASE", "API_KEY")
}


@pytest.fixture(scope="module")
def fresh(running: Running) -> Iterator[LocalSystem]:
    if embedded.find_weights() is None:
        pytest.skip("the embedded language model is not installed")
    with running(GENERATOR_MODEL="pocket", GENERATOR_STEPS="", **NO_ENDPOINT) as system:
        yield system


@pytest.fixture(scope="module")
def shape(fresh: LocalSystem) -> Creation:
    with Client(fresh.url) as client:
        return client.create(prompt="a red circle", compare=True, seed=3)


def test_the_log_says_which_embedded_parts_were_picked(fresh: LocalSystem) -> None:
    log = log_of(fresh)

    assert f"the upsampler asks {embedded.NAME}, because there is no key and no server" in log
    assert "the judge looks with pocket-eyes, because there is no multimodal model" in log


def test_two_pictures_are_painted_at_the_painters_own_size(shape: Creation) -> None:
    assert [picture.arm for picture in shape.pictures] == ["base", "upsampled"]
    for picture in shape.pictures:
        assert Pillow.open(io.BytesIO(picture.generated.image.data)).size == (128, 128)
        assert (picture.generated.model, picture.generated.steps) == ("pocket", 20)


def test_the_caption_keeps_the_users_words_and_stays_in_the_painters_world(shape: Creation) -> None:
    assert shape.upsampling is not None
    assert shape.upsampling.prompt.startswith("a red circle, ")
    assert parse(shape.upsampling.prompt).understood
    assert not shape.warnings


def test_both_pictures_are_judged_fact_by_fact(shape: Creation) -> None:
    for picture in shape.pictures:
        assert picture.judgement is not None
        assert (picture.judgement.status, picture.judgement.model) == ("ok", "pocket-eyes")
        assert [fact.kind for fact in picture.judgement.facts] == ["entity", "colour", "count"]
    assert shape.comparison is not None
    assert shape.comparison.status == "ok"


def test_a_seed_paints_the_same_picture_again(fresh: LocalSystem, shape: Creation) -> None:
    with Client(fresh.url) as client:
        again = client.create(prompt="a red circle", upsample=False, judge=False, seed=3)

    assert again.pictures[0].generated.image == shape.pictures[0].generated.image


def test_a_prompt_from_outside_is_painted_with_a_warning_and_gets_no_score(fresh: LocalSystem) -> None:
    with Client(fresh.url) as client:
        creation = client.create(prompt="a frog dressed as a knight", seed=3)

    [picture] = creation.pictures
    assert picture.judgement is not None
    assert (picture.judgement.status, picture.judgement.score) == ("unavailable", None)
    assert any(
        "the pocket painter paints what it can: only coloured shapes are known, not: frog, dressed" in said
        for said in creation.warnings
    )
    assert any(
        "the embedded eyes give no score: only coloured shapes are known, not: frog" in said
        for said in creation.warnings
    )
