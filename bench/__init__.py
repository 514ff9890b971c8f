"""Benchmarks: what the parts do, measured, and printed beside what they are compared with."""
