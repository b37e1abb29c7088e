"""What a bot gets to read of a file: its text, out of its bytes.

``poebook.client.documents.parsing.parse`` is the one way in; a kind of file is a row in ``kinds.py``.
"""
