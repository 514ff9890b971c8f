"""The embedded default: a drawn world of shapes, a painter small enough to carry, and eyes that see its pictures."""
