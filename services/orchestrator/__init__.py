"""Prompt in, judged pictures out: the three other services, composed."""
