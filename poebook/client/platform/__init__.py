"""What Poe does between a user and a bot: pure, and the same for the chat, the local Poe and tests.

- ``limits``: what an answer may cost in time, events and text;
- ``settings``: what Poe assumes where a bot leaves a setting out;
- ``parameters``: the values that a bot's controls have when nobody touched them;
- ``history``: which messages a bot is told, and in whose name;
- ``query``: one message's request, whole;
- ``relay``: the events of an answer as they reach whoever asked;
- ``calls``: who asked whom for which message, with the dependencies that a bot declared.
"""

from poebook.client.platform.calls import Call as Call
from poebook.client.platform.calls import Calls as Calls
from poebook.client.platform.history import told as told
from poebook.client.platform.limits import Limits as Limits
from poebook.client.platform.parameters import defaults as defaults
from poebook.client.platform.query import body_of as body_of
from poebook.client.platform.query import prepared as prepared
from poebook.client.platform.relay import Relay as Relay
from poebook.client.platform.settings import Assumed as Assumed
from poebook.client.platform.settings import assumed as assumed
from poebook.client.platform.settings import rows as rows
