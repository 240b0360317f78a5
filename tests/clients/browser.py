"""A person's browser: opens the login page, clicks on Ada's name, and brings the answer back to the program."""

import sys

import httpx2

from tests.clients.steering import browser, sign_in

if __name__ == "__main__":
    address = httpx2.URL(sys.argv[1])
    answer = sign_in(str(address))
    with browser() as client:
        client.post(address.params["redirect_uri"], data=answer).raise_for_status()
