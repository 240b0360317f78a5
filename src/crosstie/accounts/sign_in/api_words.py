"""Sentences about personal access tokens, and those that a person's own programs are answered with (words.py)."""

from crosstie.accounts.words import Phrase

# -- tokens --------------------------------------------------------------------------------------------
TOKEN_NAME_BAD = Phrase(
    "TOKEN-NAME-BAD", "Give the token a name of up to 60 characters, such as that of the program that will use it."
)
TOKEN_DAYS_BAD = Phrase("TOKEN-DAYS-BAD", "A token is good for 1 to {most} days. Choose a number between them.")
TOKENS_MANY = Phrase("TOKENS-MANY", "You have {most} tokens, and more there cannot be. Revoke one first.")
TOKEN_SIGN_IN_OLD = Phrase(
    "TOKEN-SIGN-IN-OLD",
    "You signed in more than a quarter of an hour ago. Sign in once more, and make the token then.",
)
TOKEN_UNKNOWN = Phrase("TOKEN-UNKNOWN", "You have no such token; it may have been revoked already.")
TOKEN_MADE = Phrase("TOKEN-MADE", "The token was made. Copy it now: it is not shown again.")
TOKEN_REVOKED = Phrase("TOKEN-REVOKED", "The token {name} is good for nothing any more.")

# -- who asks ------------------------------------------------------------------------------------------
UNAUTHORIZED = Phrase(
    "UNAUTHORIZED",
    "Send a personal access token in the header Authorization: Bearer. This one is missing, misspelt, expired or "
    "revoked, or its person has not signed in here for 30 days or is not to; see the page My tokens.",
)
READ_ONLY = Phrase("TOKEN-READ-ONLY", "This token may only read. Make one that may act, on the page My tokens.")

# -- what is asked -------------------------------------------------------------------------------------
NO_SUCH_PLACE = Phrase("NO-SUCH-PLACE", "There is nothing at this address. See openapi.json for those there are.")
NO_SUCH_METHOD = Phrase("NO-SUCH-METHOD", "That cannot be done at this address; the header Allow says what can.")
NOT_JSON = Phrase("NOT-JSON", "Send the body as application/json in UTF-8.")
TOO_LARGE = Phrase("TOO-LARGE", "The body is larger than {most} bytes, which is more than anything here needs.")
JSON_BAD = Phrase(
    "JSON-BAD",
    "The body is not JSON as it is taken here: UTF-8, each name once, no NaN or Infinity, no null characters, "
    "nested {deepest} levels at most.",
)
INPUT_BAD = Phrase("INPUT-BAD", "What was sent is not what openapi.json describes; errors says where.")
NAME_UNKNOWN = Phrase("NAME-UNKNOWN", "Nothing of this name is asked for here.")
NO_NULL = Phrase("INPUT-BAD", "No id has a null character.")
REQUEST_BAD = Phrase("REQUEST-BAD", "The request cannot be understood.")
FAILED = Phrase(
    "FAILED", "Something went wrong here. It was written down; if it stays, tell your administrator when it was."
)

# -- what is the matter --------------------------------------------------------------------------------
SETTINGS_REFUSED = Phrase("SETTINGS-REFUSED", "Nothing was changed; errors says which of the settings and why.")
WOULD_TAKE_AWAY = Phrase(
    "WOULD-TAKE-AWAY",
    "{count} items that came from Salesforce would be taken out of your calendar, unless somebody was invited to "
    "them; Salesforce keeps them. Nothing was changed. To do it, add take_away=true to the address.",
)
WHY_UNKNOWN = Phrase(
    "WHY-UNKNOWN",
    "No such item was ever looked at, nor is it in the folders we look at. A mail's headers have its Message-ID.",
)
