"""Call sizes are used only where their bits were seen to agree."""

import pytest
import torch
from torch import nn

from services.generator.invariance import HEIGHT, FixedHeight, agreeing_sizes, fitting


def test_only_sizes_whose_every_row_agrees_are_used() -> None:
    def probe(rows: int) -> torch.Tensor:
        output = torch.ones(rows, 3)
        if rows == 5:
            output[-1, 0] = torch.nextafter(output[-1, 0], torch.tensor(2.0))
        return output if rows != 7 else output * 2

    assert agreeing_sizes(probe, 2, range(3, 9)) == (2, 3, 4, 6, 8)


def test_the_smallest_size_alone_is_always_there() -> None:
    assert agreeing_sizes(lambda rows: torch.full((rows, 1), float(rows)), 2, range(3, 9)) == (2,)


@pytest.mark.parametrize(("rows", "size"), [(1, 2), (2, 2), (3, 4), (4, 4)])
def test_a_call_is_padded_to_the_next_size(rows: int, size: int) -> None:
    assert fitting((2, 4), rows) == size


def test_no_call_is_larger_than_the_largest_size() -> None:
    with pytest.raises(ValueError, match="no call holds 5 rows, only 2, 4"):
        fitting((2, 4), 5)


def test_a_product_of_fixed_height_gives_each_row_the_same_bits_among_any_number() -> None:
    torch.manual_seed(0)
    layer = nn.Linear(64, 256)
    layer.__class__ = FixedHeight
    states = torch.randn(HEIGHT, 64)

    whole = layer(states)

    for rows in range(1, HEIGHT + 1):
        assert torch.equal(layer(states[:rows]), whole[:rows])


def test_a_product_of_fixed_height_is_a_linear_layer_for_everything_else() -> None:
    layer = nn.Linear(8, 4)
    plain = layer(torch.ones(HEIGHT + 1, 8)), layer(torch.ones(2, 3, 8))
    layer.__class__ = FixedHeight

    assert torch.equal(layer(torch.ones(HEIGHT + 1, 8)), plain[0])
    assert torch.equal(layer(torch.ones(2, 3, 8)), plain[1])
