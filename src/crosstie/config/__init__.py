"""What an installation is told from outside: environment, keys, logging and the Django settings."""
