"""What stands still or needs a person: counted, told to the right one, and mended."""
