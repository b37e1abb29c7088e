"""The manual, built by Sphinx from the tutorials, the pages of ``manual`` and the code: ``python3 -m tests manual``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from poebook import __version__

project = "poebook"
author = "the authors of poebook"
release = version = __version__
html_title = f"poebook {__version__}"

root_doc = "index"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx_copybutton", "tests.manual.extension"]
exclude_patterns = ["conf.py", "**.ipynb_checkpoints", "Untitled*"]  # what JupyterLab calls a reader's own

nb_execution_mode = "off"  # they are saved with outputs, and the tests run them
nb_mime_priority_overrides = [("html", "text/html", 0)]
nb_render_markdown_format = "myst"
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["ref.python"]  # a type named like a field

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
nitpick_ignore_regex = [("py:.*", ".*")]  # types in signatures: most have no page here
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

html_theme = "furo"
html_theme_options = {"navigation_with_keys": True}
html_show_sphinx = False
html_copy_source = False
html_show_copyright = False
pygments_style = "default"
pygments_dark_style = "github-dark"
