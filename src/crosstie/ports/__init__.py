"""What the engine asks of the world: Protocols only. Implementations live in the connectors and the store."""
