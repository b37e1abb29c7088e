"""The key that the bots want; apart, so that the asking side need not import them."""

KEY = "k" * 32
