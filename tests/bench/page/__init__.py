"""How fast an answer appears, in a real JupyterLab and Chromium: ``python3 -m tests.bench.page``, by hand.

- ``cells``: the notebook that is measured, and the floor in it
- ``watch``: what the page itself notes: when the last character stood there, stalls, how long a key took
- ``ours``: poebook's works, one by one
- ``rivals``: gradio's and Panel's chat, in an environment of their own and in the same browser
- ``goals``: what is to be reached, and the table
"""
