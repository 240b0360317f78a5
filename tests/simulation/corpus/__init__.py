"""Real, odd and broken mail through the whole machine, judged by what Python's own `email` package reads in it."""
