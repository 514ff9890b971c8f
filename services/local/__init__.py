"""The whole system on one machine, for trying, developing and testing it."""
