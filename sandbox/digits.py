"""Numbers as requests write them."""


def is_whole(text: str) -> bool:
    """ASCII digits, and no more of them than anybody counts to: `²` and five thousand nines are no numbers."""
    return text.isascii() and text.isdigit() and len(text) <= 15
