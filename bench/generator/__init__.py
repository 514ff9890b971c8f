"""The generator against what one would use instead, on the same weights, traces and machine."""
