"""What a person sees and does of the sessions: when, how it went, why, and what else is to be looked at."""
