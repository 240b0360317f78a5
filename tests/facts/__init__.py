"""The sandbox's field facts held against what others have recorded and published."""
