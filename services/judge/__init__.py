"""Picture and prompt in, verdict with evidence out."""
