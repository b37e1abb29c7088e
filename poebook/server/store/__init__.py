"""What bots remember, where all workers find it: ``Store``.

- ``store``: the store, and the drawers of users and conversations in it
- ``backend``: what a place to keep things must be able to do
- ``sqlite``, ``redis``: the two places, one for one machine and one for many
- ``values``: from values to the text that is kept, and back
"""
