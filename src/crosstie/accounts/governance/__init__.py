"""Settings at three levels, their locks, and the blocklist."""
