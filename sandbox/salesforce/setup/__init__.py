"""What an administrator does in an org's set-up pages. Bad input raises ValueError with a sentence."""

from sandbox.salesforce.setup.asking import AskingSetup
from sandbox.salesforce.setup.calendars import CalendarSetup
from sandbox.salesforce.setup.package import PackageSetup
from sandbox.salesforce.setup.people import PeopleSetup


class Setup(PackageSetup, PeopleSetup, CalendarSetup, AskingSetup):
    """Its methods are acts of the sandbox's control address too, their arguments its JSON (`control`)."""
