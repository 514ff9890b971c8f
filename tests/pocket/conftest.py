"""Property tests here draw pictures: a deadline for each example would only measure the machine."""

from hypothesis import settings

settings.register_profile("pocket", deadline=None, max_examples=60)
settings.load_profile("pocket")
