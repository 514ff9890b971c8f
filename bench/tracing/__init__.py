"""Benchmarks of the local trace server."""
