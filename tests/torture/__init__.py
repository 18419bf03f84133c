"""People who ask for clips while everything that makes them is killed and stopped at random."""
