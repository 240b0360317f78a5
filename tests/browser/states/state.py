"""A state of a page: how the small company comes to it, in whose browser, and what only that state says."""

from collections.abc import Callable
from dataclasses import dataclass

from django.test import Client
from playwright.sync_api import Page

from crosstie.accounts import people
from tests.browser import acts
from tests.unit.web.office import ADA, Office

Stage = Callable[[Office], str]
"""Has the company come to a state; the address of the page that shows it."""
Act = Callable[[Page], object]


@dataclass(frozen=True)
class State:
    name: str
    stage: Stage
    says: str
    act: Act | None = None
    """What somebody does on the page to come to it."""
    who: str = ADA
    """Empty: a stranger."""
    by: Callable[[Office], Client] | None = None
    """The browser of somebody who went some of the way, after `stage`; None: `who` has just signed in."""

    def browser(self, office: Office) -> Client:
        if self.by:
            return self.by(office)
        return office.seated(people.find(office.scope, self.who)) if self.who else office.browser()


def at(path: str) -> Stage:
    return lambda office: path


def pressing(name: str) -> Act:
    return lambda page: acts.press(page, page.get_by_role("button", name=name, exact=True).first)
