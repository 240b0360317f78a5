"""Change notifications: who asked to be told of what, and the courier that tells them."""
