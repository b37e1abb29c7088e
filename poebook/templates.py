"""The words around an attachment's content, under the name by which bots import them: ``fastapi_poe.templates``."""

from poebook.wire.templates import IMAGE_VISION_ATTACHMENT_TEMPLATE as IMAGE_VISION_ATTACHMENT_TEMPLATE
from poebook.wire.templates import TEXT_ATTACHMENT_TEMPLATE as TEXT_ATTACHMENT_TEMPLATE
from poebook.wire.templates import URL_ATTACHMENT_TEMPLATE as URL_ATTACHMENT_TEMPLATE
