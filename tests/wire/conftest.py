"""Property tests: as many cases on a slow machine as on a fast one, and no folder left behind."""

from hypothesis import settings

settings.register_profile("poebook", deadline=None, database=None)
settings.load_profile("poebook")
