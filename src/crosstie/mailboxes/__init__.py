"""One folder a mailbox vendor, the same files in each."""
