"""Claims of torch about architectures, built of its own layers where no memory is needed."""

import torch
from torch import Tensor
from torch.nn import BatchNorm2d, Conv2d, Linear, MaxPool2d, Module, functional

from conformance.adapters.contract import implements

VGG = {"A": (1, 1, 2, 2, 2), "B": (2, 2, 2, 2, 2), "C": (2, 2, 3, 3, 3), "D": (2, 2, 3, 3, 3), "E": (2, 2, 4, 4, 4)}
RESNET = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


def learned(*layers: Module) -> int:
    """How many numbers these layers learn."""
    return sum(p.numel() for layer in layers for p in layer.parameters())


def shapes(x: Tensor, *layers: Module) -> list[tuple[int, ...]]:
    """The shape of an image and of what each of the layers makes of it, one after the other."""
    made = [tuple(x.shape[1:])]
    for layer in layers:
        x = layer(x)
        made.append(tuple(x.shape[1:]))
    return made


@implements("lenet_5_parameters")
def lenet_5_parameters(*, channels: int) -> Tensor:
    with torch.device("meta"):
        layers = [Conv2d(channels, 6, 5), Conv2d(6, 16, 5), Linear(400, 120), Linear(120, 84), Linear(84, 10)]
    return torch.tensor([learned(layer) for layer in layers])


@implements("lenet_5_shapes")
def lenet_5_shapes(*, channels: int, side: int) -> Tensor:
    with torch.device("meta"):
        image = torch.empty(1, channels, side, side)
        *stages, last = shapes(image, Conv2d(channels, 6, 5), MaxPool2d(2), Conv2d(6, 16, 5), MaxPool2d(2))
        flat = torch.flatten(torch.empty(1, *last), 1).shape[1]
    return torch.tensor([*stages, last, (flat, 1, 1)])


@implements("alexnet_parameters")
def alexnet_parameters(*, classes: int) -> Tensor:
    with torch.device("meta"):
        layers = [
            Conv2d(3, 96, 11), Conv2d(96, 256, 5, groups=2), Conv2d(256, 384, 3), Conv2d(384, 384, 3, groups=2),
            Conv2d(384, 256, 3, groups=2), Linear(9216, 4096), Linear(4096, 4096), Linear(4096, classes),
        ]  # fmt: skip
    return torch.tensor([learned(layer) for layer in layers])


@implements("alexnet_sides")
def alexnet_sides(*, side: int) -> Tensor:
    with torch.device("meta"):
        made = shapes(
            torch.empty(1, 3, side, side), Conv2d(3, 96, 11, 4), MaxPool2d(3, 2), Conv2d(96, 256, 5, padding=2),
            MaxPool2d(3, 2), Conv2d(256, 384, 3, padding=1), Conv2d(384, 384, 3, padding=1),
            Conv2d(384, 256, 3, padding=1), MaxPool2d(3, 2),
        )  # fmt: skip
    return torch.tensor([shape[-1] for shape in made])


def vgg_blocks(configuration: str) -> list[torch.nn.Sequential]:
    """The five blocks, each with its pooling."""
    blocks, channels = [], 3
    for width, depth in zip((64, 128, 256, 512, 512), VGG[configuration], strict=True):
        layers: list[Module] = []
        for place in range(depth):
            K = 1 if configuration == "C" and place == 2 else 3
            layers.append(Conv2d(channels, width, K, padding=K // 2))
            channels = width
        blocks.append(torch.nn.Sequential(*layers, MaxPool2d(2)))
    return blocks


@implements("vgg_parameters")
def vgg_parameters(*, configuration: str, classes: int) -> Tensor:
    with torch.device("meta"):
        convolutions = [m for block in vgg_blocks(configuration) for m in block if isinstance(m, Conv2d)]
        layers = [*convolutions, Linear(512 * 7 * 7, 4096), Linear(4096, 4096), Linear(4096, classes)]
    return torch.tensor([learned(layer) for layer in layers])


@implements("vgg_shapes")
def vgg_shapes(*, configuration: str, side: int) -> Tensor:
    with torch.device("meta"):
        return torch.tensor(shapes(torch.empty(1, 3, side, side), *vgg_blocks(configuration)), device="cpu")


def normalised(channels: int, kernels: int, K: int) -> int:
    """What a convolution without a bias and the normalisation after it learn."""
    return learned(Conv2d(channels, kernels, K, bias=False), BatchNorm2d(kernels))


@implements("resnet_parameters")
def resnet_parameters(*, depth: int, classes: int) -> Tensor:
    with torch.device("meta"):
        counts, channels = [normalised(3, 64, 7)], 64
        for width, blocks in zip((64, 128, 256, 512), RESNET[depth], strict=True):
            out, total = width * (4 if depth >= 50 else 1), 0
            for _ in range(blocks):
                if depth >= 50:
                    total += normalised(channels, width, 1) + normalised(width, width, 3) + normalised(width, out, 1)
                else:
                    total += normalised(channels, width, 3) + normalised(width, width, 3)
                total += normalised(channels, out, 1) if channels != out else 0
                channels = out
            counts.append(total)
        counts.append(learned(Linear(channels, classes)))
    return torch.tensor(counts)


@implements("resnet_sides")
def resnet_sides(*, side: int) -> Tensor:
    with torch.device("meta"):
        made = shapes(
            torch.empty(1, 3, side, side), Conv2d(3, 4, 7, 2, 3), MaxPool2d(3, 2, 1), Conv2d(4, 4, 3, 1, 1),
            Conv2d(4, 4, 3, 2, 1), Conv2d(4, 4, 3, 2, 1), Conv2d(4, 4, 3, 2, 1),
        )  # fmt: skip
    return torch.tensor([shape[-1] for shape in made])


@implements("residual")
def residual(x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tensor:
    return x + functional.linear(torch.sigmoid(functional.linear(x, W1, b1)), W2, b2)


@implements("basic_block")
def basic_block(x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Tensor:
    inner = functional.relu(functional.conv2d(x, w1, b1, padding=1))
    return functional.relu(x + functional.conv2d(inner, w2, b2, padding=1))


@implements("bottleneck_block")
def bottleneck_block(
    x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor, w3: Tensor, b3: Tensor
) -> Tensor:
    narrow = functional.relu(functional.conv2d(x, w1, b1))
    seen = functional.relu(functional.conv2d(narrow, w2, b2, padding=1))
    return functional.relu(x + functional.conv2d(seen, w3, b3))
