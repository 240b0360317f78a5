"""Doubts about Google's sign-in."""

from sandbox.doubts import Doubt

ROWS = (
    Doubt("3.1", "google.issuer_is_bare"),
    Doubt("3.1", "google.verified_is_text"),
    Doubt("3.1", "google.hd_is_first_domain"),
    Doubt("3.1", "google.answer_names_issuer"),
    Doubt("3.1", "google.other_domains_are_let_through"),
    Doubt(
        "3.1",
        what="How long a code of Google's sign-in is good, and how often its keys follow one another",
        why="ten minutes and a week are taken: who redeems at once and fetches keys each time meets neither",
    ),
    Doubt(
        "3.1",
        what="Wording and status of refusals of Google's token endpoint",
        why="those of field reports; the code in `error` is what the standard says",
    ),
)
