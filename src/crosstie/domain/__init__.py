"""The words everything else is written in: frozen values, no input or output, nothing of ours imported."""
