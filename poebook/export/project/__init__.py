"""The files of an exported project, one kind a module: each is a function from ``Facts`` to text."""
