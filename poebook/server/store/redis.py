"""A Redis server: for many machines."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from poebook.errors import InvalidParameterError, MissingExtra, StoreError
from poebook.server.store.backend import Change

if TYPE_CHECKING:
    import redis

_PATIENCE_S = 20.0  # for others who change the same
_TIMEOUT_S = 5.0


class RedisBackend:
    """*shown* is the URL without its password."""

    def __init__(self, url: str, shown: str) -> None:
        self._shown = shown
        self._client = _client(url, shown)

    def read(self, key: str) -> str | None:
        with self._errors():
            return _text(self._client.get(key))

    def write(self, key: str, text: str, expires_s: float | None) -> None:
        with self._errors():
            self._client.set(key, text, px=_milliseconds(expires_s))

    def change(self, key: str, change: Change, expires_s: float | None) -> None:
        from redis.exceptions import WatchError

        end = time.monotonic() + _PATIENCE_S
        with self._errors(), self._client.pipeline() as opened:
            pipe: Any = opened  # its types are missing in part
            while True:
                try:
                    pipe.watch(key)
                    text = change(_text(pipe.get(key)))
                    pipe.multi()
                    pipe.set(key, text, px=_milliseconds(expires_s))
                    pipe.execute()
                except WatchError:  # somebody else was faster
                    if time.monotonic() > end:
                        raise StoreError(
                            f"The Store at {self._shown} is changed by too many at once; spread what they change over "
                            "several names."
                        ) from None
                    time.sleep(random.uniform(0, 0.01))
                else:
                    return

    def remove(self, key: str) -> None:
        with self._errors():
            self._client.delete(key)

    def close(self) -> None:
        self._client.close()

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        from redis.exceptions import AuthenticationError, ConnectionError, RedisError, TimeoutError

        try:
            yield
        except AuthenticationError:
            raise StoreError(
                f"The Store at {self._shown} refuses the password; set the right one in its URL."
            ) from None
        except (ConnectionError, TimeoutError):
            raise StoreError(
                f"The Store at {self._shown} cannot be reached; start Redis there, or correct the URL."
            ) from None
        except RedisError as error:
            raise StoreError(
                f"The Store at {self._shown} did not do what it was asked ({type(error).__name__}); its log says more."
            ) from None


def _client(url: str, shown: str) -> redis.Redis:
    try:
        import redis
    except ImportError:
        raise MissingExtra("redis", extra="redis") from None
    try:
        return redis.Redis.from_url(
            url, decode_responses=True, socket_timeout=_TIMEOUT_S, socket_connect_timeout=_TIMEOUT_S
        )
    except ValueError:
        raise InvalidParameterError(f"The Store's URL {shown} is none; one is redis://HOST:6379/0.") from None


def _milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else max(1, round(seconds * 1000))


def _text(found: object) -> str | None:
    return None if found is None else str(found)
