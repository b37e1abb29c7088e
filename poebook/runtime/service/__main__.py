"""A worker process of a service; `poebook serve --workers` starts it."""

from poebook.runtime.service.worker import main

main()
