"""Serving bots, under the names by which bots import them: ``fastapi_poe.base``."""

from poebook.errors import CostRequestError as CostRequestError
from poebook.errors import InsufficientFundError as InsufficientFundError
from poebook.errors import InvalidParameterError as InvalidParameterError
from poebook.server.app import make_app as make_app
from poebook.server.bot import PoeBot as PoeBot
from poebook.server.log import LoggingMiddleware as LoggingMiddleware
from poebook.server.posting import POE_API_WEBSERVER_BASE_URL as POE_API_WEBSERVER_BASE_URL
from poebook.server.posting import generate_inline_ref as generate_inline_ref
from poebook.server.posting import get_filename_from_url as get_filename_from_url
from poebook.server.run import run as run
