"""The only objects that travel to a replica: they unpack the sources, for which they need nothing but Python."""

from __future__ import annotations

from typing import Any


def door_and_bots() -> tuple[Any, type]:
    """The application that requests are handed to, and the class of the deployment.

    Made within a function, they are sent as they are and not by their module's name, which the machines may not have.
    """

    class Door:
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            from poebook.runtime.cluster.replica import answer

            await answer(scope, receive, send)

    class Bots:
        def __init__(self, sources: bytes, spec: str, secrets: dict[str, str]) -> None:
            import io
            import sys
            import tempfile
            import zipfile

            self.unpacked = tempfile.TemporaryDirectory(prefix="poebook-", ignore_cleanup_errors=True)
            with zipfile.ZipFile(io.BytesIO(sources)) as archive:
                archive.extractall(self.unpacked.name)
            project = f"{self.unpacked.name}/project"
            sys.path[:0] = [project, self.unpacked.name]

            from poebook.runtime.cluster.replica import begin

            begin(project, spec, secrets)

        def __del__(self) -> None:
            self.unpacked.cleanup()

    return Door(), Bots
