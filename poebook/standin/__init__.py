"""Poe's doors as an ASGI application: what stands behind ``fp.LocalPoe``. It needs no bot server's code.

``state`` holds what Poe would know; each file of ``doors`` is one kind of request; ``app`` puts them together.
"""
