"""The REST resources below `/services/data/vNN.0`, free of HTTP so that a composite's parts run the same code."""
