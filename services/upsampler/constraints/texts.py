"""Text that is meant to be read in the picture, letter by letter."""

from services.upsampler.constraints.constraint import Constraint
from services.upsampler.constraints.reading import Reading


def find(reading: Reading) -> list[Constraint]:
    """List the texts that shall be rendered."""
    return [Constraint("text", quoted) for quoted in reading.quoted]


def keeps(constraint: Constraint, reading: Reading) -> bool:
    """Tell whether a text has it letter by letter."""
    return constraint.value in reading.whole
