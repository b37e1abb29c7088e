"""``run_sync``, under the name by which scripts import it: ``fastapi_poe.sync_utils``."""

from poebook.client.sync import run_sync as run_sync
