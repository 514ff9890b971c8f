"""A planted mistake is found; this proves the rules, which else might find nothing at all."""

import functools
import itertools

import pytest

from tests.k8s import manifests
from tests.k8s.manifests import Docs
from tests.k8s.mistakes import INVALID, UNFIT, Mistake
from tests.k8s.rules import findings
from tests.k8s.test_manifests import ALTERNATIVES


@functools.cache
def corpora() -> tuple[Docs, ...]:
    """Production with the other choice of each pair of components, and production as it is."""
    return manifests.combined(ALTERNATIVES["hpa, ingress, in-cluster traces, spot"]), manifests.overlay("production")


def holding(mistake: Mistake) -> Docs:
    """Give the manifests in which a mistake can be made."""
    return next(
        docs
        for docs in corpora()
        if any(doc["kind"] == mistake.kind and doc["metadata"]["name"].startswith(mistake.target) for doc in docs)
    )


@pytest.mark.parametrize("mistake", [*INVALID, *UNFIT], ids=lambda mistake: mistake.name)
def test_a_planted_mistake_is_found(mistake: Mistake) -> None:
    assert findings(mistake.plant(holding(mistake)))


def test_what_the_mistakes_are_planted_in_has_none() -> None:
    assert [findings(docs) for docs in corpora()] == [[], []]


def test_no_two_mistakes_are_the_same() -> None:
    planted = [(mistake.name, mistake.plant(holding(mistake))) for mistake in (*INVALID, *UNFIT)]

    assert not [(one, other) for (one, a), (other, b) in itertools.combinations(planted, 2) if a == b]
