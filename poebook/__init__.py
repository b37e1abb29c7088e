"""A notebook-first workbench for bots on Poe."""
