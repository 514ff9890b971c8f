"""What a user's words fix, found by rules alone, and whether a text keeps it.

A floor under what a language model understands: the rules know words, not meanings, so a reversal of roles ("a pizza
cooking an oven", answered with a pizza in an oven) keeps every word and passes.
"""

from services.upsampler.constraints.constraint import Constraint
from services.upsampler.constraints.rules import clashes, extract, keeps, lost, read

__all__ = ["Constraint", "clashes", "extract", "keeps", "lost", "read"]
