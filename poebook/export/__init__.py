"""A bot taken out of its notebook: what it reaches, as a project that runs anywhere."""
