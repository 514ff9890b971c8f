"""Terse prompt in, faithful and detailed prompt out."""
