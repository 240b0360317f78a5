"""The two-way core: an item of a mailbox and a record of the org are kept alike, whichever of them moves."""
