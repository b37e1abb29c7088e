"""The same bots in OpenAI's shapes: ``/v1/models``, ``/v1/chat/completions``, ``/v1/responses``.

What has no counterpart there:

- ``replace_response``: a whole answer holds the last text only. In a stream what was sent stays: when the new text
  goes on from it, the rest is sent, else the new text after an empty line.
- Files stand as Markdown links at the end of the text, pictures as Markdown pictures.
- Suggested replies, and what a bot stores with its answer, are left out.
- ``usage`` is an estimate: a token is four characters.
- Fields that OpenAI does not know (``extra_body``) are the bot's parameters.
"""
