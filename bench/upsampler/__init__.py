"""The upsampler's benchmarks; `python -m bench.upsampling` runs them."""
