"""Prompts that differ from each other, and captions that keep what they fix."""

COLOURS = ("red", "blue", "green", "yellow", "white", "black", "brown", "purple")
THINGS = ("bowl", "cup", "vase", "box", "lamp", "chair", "drum", "kite", "boat", "bell")


def prompt(number: int) -> str:
    """Give the prompt of a number; the first 6,400 differ."""
    first, second = THINGS[number % 10], THINGS[number // 10 % 10]
    return f"a {COLOURS[number // 100 % 8]} {first} beside a {COLOURS[number // 800 % 8]} {second}"


def caption(asked: str) -> str:
    """Give a caption of such a prompt, as a model that makes no mistake would write it."""
    return (
        f"A picture of {asked} on a wide oak table. Soft light from a tall window on the left falls across the wood, the "
        "wall behind is of plain plaster, and thin shadows lie to the right of both."
    )
