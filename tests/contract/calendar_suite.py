"""What every calendar connector must do, whichever vendor keeps it: one suite, the same cases for each."""

import pytest

from tests.contract.calendar_observing import Observing
from tests.contract.calendar_office import CalendarOffice, CalendarView
from tests.contract.calendar_series import Series
from tests.contract.calendar_trouble import Trouble
from tests.contract.calendar_writing import Writing


class CalendarSuite(Observing, Series, Writing, Trouble):
    """Subclasses provide the `office` fixture."""

    @pytest.fixture
    def view(self, office: CalendarOffice) -> CalendarView:
        return CalendarView(office)
