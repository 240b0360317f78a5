"""Measurements: counts and ratios side by side in one run (`python -m bench NAME`)."""
