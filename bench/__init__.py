"""Scripts that print the figures the README quotes, one figure a script."""
