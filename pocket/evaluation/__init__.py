"""Measures painter and eyes on what they never saw in training."""
