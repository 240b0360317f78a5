"""How Google says no: to programs as JSON, to people on a page that nothing leads on from."""

from sandbox.google import pages
from sandbox.http import Response, json_response


class Refused(Exception):
    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status

    def to_program(self) -> Response:
        """Bodies as reported in googleapis/google-auth-library-nodejs #1518, google-api-php-client #2669 and
        google-api-java-client #1479.
        """
        return json_response({"error": self.error, "error_description": self.description}, self.status)

    def to_person(self) -> Response:
        """https://developers.google.com/identity/protocols/oauth2/web-server#authorization-errors"""
        return pages.blocked(self.status, self.error, self.description)
