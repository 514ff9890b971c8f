"""Rules of the optimizer: it is the published one, and takes the kernels of convolutions too."""

import torch
from torch import nn

from pocket.training.muon import Muon, hidden, orthogonal


def test_singular_values_come_near_one_whatever_they_were() -> None:
    torch.manual_seed(0)
    matrices = torch.randn(3, 40, 96) * torch.logspace(-3, 3, 3)[:, None, None]

    for made in (orthogonal(matrices), orthogonal(matrices.mT)):
        values = torch.linalg.svdvals(made)
        assert values.min() > 0.5
        assert values.max() < 1.5


def test_matrices_are_stepped_as_by_the_library() -> None:
    torch.manual_seed(0)
    ours = [nn.Parameter(torch.randn(48, 32)), nn.Parameter(torch.randn(48, 32)), nn.Parameter(torch.randn(64, 48))]
    theirs = [nn.Parameter(weight.detach().clone()) for weight in ours]
    started = [weight.detach().clone() for weight in ours]
    optimizers = [
        Muon(ours, lr=0.01, weight_decay=0.1),
        torch.optim.Muon(theirs, lr=0.01, weight_decay=0.1, adjust_lr_fn="match_rms_adamw"),
    ]

    for _ in range(3):
        for weight, twin in zip(ours, theirs, strict=True):
            weight.grad = torch.randn_like(weight)
            twin.grad = weight.grad.clone()
        for optimizer in optimizers:
            optimizer.step()

    for weight, twin, start in zip(ours, theirs, started, strict=True):
        moved = (weight - start).norm()
        assert (weight - twin).norm() < 0.05 * moved


def test_a_kernel_is_stepped_as_a_matrix_however_it_lies_in_memory() -> None:
    torch.manual_seed(0)
    plain = nn.Parameter(torch.randn(32, 8, 3, 3))
    last = nn.Parameter(plain.detach().clone(memory_format=torch.channels_last))
    matrix = nn.Parameter(plain.detach().flatten(1).clone())
    slope = torch.randn_like(plain)
    for weight in (plain, last, matrix):
        weight.grad = slope.reshape(weight.shape)
        Muon([weight], lr=0.01).step()

    assert torch.equal(plain, last)
    assert torch.equal(plain.flatten(1), matrix)


def test_a_weight_without_a_gradient_stays() -> None:
    weights = [nn.Parameter(torch.ones(4, 4)), nn.Parameter(torch.ones(4, 4))]
    weights[0].grad = torch.eye(4)

    Muon(weights, weight_decay=0.1).step()

    assert not torch.equal(weights[0], torch.ones(4, 4))
    assert torch.equal(weights[1], torch.ones(4, 4))


def test_embeddings_biases_and_outermost_layers_are_left_to_adam() -> None:
    network = nn.ModuleDict(
        {"conv_in": nn.Conv2d(4, 64, 3), "inner": nn.Conv2d(64, 64, 3), "embedding": nn.Embedding(64, 64)}
    )

    matrices, rest = hidden(network)

    assert [weight is network["inner"].weight for weight in matrices] == [True]
    assert len(rest) == 4
