"""Benchmarks: they compare within one run and print ratios."""
