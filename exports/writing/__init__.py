"""Writing files: one format a module, each fed with chunks so that no file has to fit into memory."""
