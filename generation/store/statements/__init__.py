"""The SQL of every table, one module for each; who runs it is in the folder above."""
