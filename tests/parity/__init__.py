"""Bots of one source, served with ``fastapi_poe`` and with poebook: what both answer over sockets is compared."""
