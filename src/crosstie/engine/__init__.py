"""How a sync works: tick, batch, session, plan."""
