"""What words ask of the camera and the weather."""
