"""Every address the product uses × every trouble that may befall it, and what must hold then."""
