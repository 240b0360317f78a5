"""For whom a command reads or changes settings: everybody, a profile or a person."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crosstie.accounts.governance.layers import Place
    from crosstie.store.models import Scope


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--tenant", default="")
    level = parser.add_mutually_exclusive_group()
    level.add_argument("--person", default="", metavar="ADDRESS")
    level.add_argument("--profile", default="", metavar="NAME")


def chosen(options: Namespace) -> "tuple[Scope, Place]":
    from crosstie.accounts import people, tenants
    from crosstie.accounts.governance import settings

    scope = tenants.find(options.tenant)
    if options.person:
        return scope, settings.for_person(scope, people.find(scope, options.person).person_id)
    if options.profile:
        return scope, settings.for_profile(scope, tenants.find_profile(scope, options.profile).pk)
    return scope, settings.EVERYBODY
