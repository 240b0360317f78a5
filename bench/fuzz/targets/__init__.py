"""What is fed, by name."""

from collections.abc import Callable, Mapping

from bench.fuzz.runner import Target
from bench.fuzz.targets.calendar import Calendar
from bench.fuzz.targets.graph import Graph
from bench.fuzz.targets.mail import Mail, RealMail
from bench.fuzz.targets.requests import Requests
from bench.fuzz.targets.salesforce import Salesforce
from bench.fuzz.targets.soql import Soql
from bench.fuzz.targets.text import Text
from bench.fuzz.targets.webhook import Webhook

TARGETS: Mapping[str, Callable[[], Target]] = {
    "mail": Mail,
    "real-mail": RealMail,
    "text": Text,
    "calendar": Calendar,
    "graph": Graph,
    "salesforce": Salesforce,
    "soql": Soql,
    "requests": Requests,
    "webhook": Webhook,
}
