"""A person with a browser, as far as it takes to sign in and look at pages."""

import re
from html import unescape
from typing import Self
from urllib.parse import urlencode, urljoin

import httpx2

_REFRESH = re.compile(r'http-equiv="refresh" content="0;url=([^"]+)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Browser:
    """Keeps cookies and follows redirects, as browsers do."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx2.Client(follow_redirects=True, timeout=60)
        self.page = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def get(self, path: str) -> httpx2.Response:
        return self.client.get(urljoin(self.url, path))

    def post(self, path: str, **fields: str) -> httpx2.Response:
        """With the token of the page's form, as a click on its button sends it."""
        found = _TOKEN.search(self.page)
        token = {"csrfmiddlewaretoken": found[1]} if found else {}
        headers = {"Origin": self.url, "Referer": f"{self.url}/"}
        return self.client.post(urljoin(self.url, path), data=token | fields, headers=headers)

    def sign_in(self, user: str) -> httpx2.Response:
        """By the sandbox's sign-in, started with `--auto-login`; the answer is the first page."""
        self.page = self.get("/sign-in").text
        leaving = self.post("/sign-in/salesforce")
        link = _REFRESH.search(leaving.text)
        assert link, leaving.text
        first = self.client.get(f"{unescape(link[1])}&{urlencode({'auto': user})}")
        self.page = first.text
        return first
