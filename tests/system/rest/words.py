"""The words that are planted: no text of ours, of a library or of the machine holds any of them."""

IN_MAIL = {
    "subject": "zanzibarquill",
    "subject, not ASCII": "žluťoučkýkůň",
    "text": "quokkamarmalade",
    "text, not ASCII": "übermorgenstürme",
    "markup": "xylophonetundra",
    "file name": "marzipanobelisk",
    "file name, not ASCII": "naïvetégrâce",
    "file content": "papayacathedral",
    "display name": "Wolframquist",
    "display name, not ASCII": "Đặngquýnhmai",
    "local part": "perri.umbrellastand",
    "domain": "gabardinelantern",
    "conversation": "kiwicarburetor",
    "stranger, local part": "otto.velvetharpoon",
    "stranger, domain": "saffronpylons",
    "Message-ID": "tamarindgyroscope",
}
IN_SALESFORCE = {
    "Contact": "Ferdinandolux",
    "Account": "Hollowaybrontis",
    "Account, domain": "brontisworks",
}
IN_ERRORS = {
    "Salesforce": "persimmonrotunda",
    "Graph": "jackfruitbalustrade",
}
WORDS = IN_MAIL | IN_SALESFORCE | IN_ERRORS
