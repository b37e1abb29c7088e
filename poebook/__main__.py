"""``python -m poebook`` is the same program as ``poebook``."""

import sys

from poebook.cli import main

sys.exit(main())
