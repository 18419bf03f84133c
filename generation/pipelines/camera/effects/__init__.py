"""Weather and light over a frame: one file each, painted after the camera has moved."""
