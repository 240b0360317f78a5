"""When things run: the queue, the worker and ticker processes, and what keeps them alive."""
