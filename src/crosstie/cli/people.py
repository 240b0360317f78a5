"""`crosstie people list|role|release|confirm|remove|end|registration`."""

from argparse import ArgumentParser, Namespace

from crosstie.cli import frame

ROLES = ("user", "profile-admin", "platform-admin")
WHO = ("nobody", "users")
NONE = "There is nobody here yet."
UNPROVEN = "  (by their own word)"


def configure(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(
        dest="verb", required=True, metavar="list|role|release|confirm|remove|end|registration"
    )
    reader = verbs.add_parser("list", help="everybody, with role and profile")
    giver = verbs.add_parser("role", help="give somebody a role; a profile admin's is for their own profile")
    releaser = verbs.add_parser(
        "release", help="forget somebody's accounts at Microsoft: the next sign-in binds anew"
    )
    confirmer = verbs.add_parser("confirm", help="say that an address is theirs who registered themselves with it")
    remover = verbs.add_parser(
        "remove", help="remove somebody who registered themselves with an address not theirs"
    )
    ender = verbs.add_parser("end", help="sign somebody out of every browser, and end their tokens")
    opener = verbs.add_parser("registration", help="who of an org may make themselves an account by signing in")
    opener.add_argument("who", choices=WHO)
    opener.add_argument("--org", default="", help="label of the org, where the tenant has several")
    for verb in (giver, releaser, confirmer, remover, ender):
        verb.add_argument("address", metavar="ADDRESS")
    giver.add_argument("role", choices=ROLES)
    for verb in (reader, giver, releaser, confirmer, remover, ender, opener):
        verb.add_argument("--tenant", default="", help="name of the tenant, where there are several")
        frame.add_json(verb)


def run(options: Namespace) -> int:
    with frame.server():
        from crosstie.accounts import people, tenants

        scope = tenants.find(options.tenant)
        if options.verb == "list":
            found = people.of_tenant(scope)
            shown = [
                {
                    "address": one.address,
                    "address_proven": one.address_proven,
                    "name": one.name,
                    "role": one.role,
                    "profile": one.profile,
                }
                for one in found
            ]
            text = "\n".join(
                f"{one.address}  {one.role}  {one.profile}  {one.name}{'' if one.address_proven else UNPROVEN}"
                for one in found
            )
            frame.answer(options, shown, text or NONE)
        elif options.verb == "registration":
            sentence = _let(options)
            frame.answer(options, {"who": options.who, "said": sentence}, sentence)
        else:
            sentence = _change(options)
            frame.answer(options, {"address": options.address, "said": sentence}, sentence)
    return 0


def _change(options: Namespace) -> str:
    from crosstie.accounts import people, tenants
    from crosstie.accounts.audit import Actor
    from crosstie.accounts.sign_in import identities, proving, proving_words, sign_ins
    from crosstie.domain.clock import SystemClock

    scope, clock, actor = tenants.find(options.tenant), SystemClock(), Actor("cli")
    if options.verb in ("confirm", "remove", "end"):
        person = people.find_claimant(scope, options.address)
    else:
        person = people.find(scope, options.address)
    if options.verb == "confirm":
        proving.confirm(scope, person.person_id, clock, actor)
        return proving_words.CONFIRMED.said(address=person.address, name=person.name)
    if options.verb == "remove":
        proving.remove(scope, person.person_id, clock, actor)
        return proving_words.REMOVED.said(address=person.address, name=person.name)
    if options.verb == "role":
        found = people.give_role(scope, person.person_id, options.role, clock, actor)
        return f"{found.address} is {found.role} now."
    if options.verb == "release":
        count = identities.release(scope, person.person_id, clock, actor)
        return (
            f"{count} account(s) of {person.address} were forgotten: the next sign-in binds anew. "
            "Whoever was signed in is out, and tokens have ended."
        )
    ended = sign_ins.end_all(person, clock, actor)
    return (
        f"{person.address} was signed out of {ended.browsers} browser(s), and {ended.tokens} token(s) have ended."
    )


def _let(options: Namespace) -> str:
    from crosstie.accounts import tenants
    from crosstie.accounts.audit import Actor
    from crosstie.accounts.connection import orgs
    from crosstie.accounts.sign_in import registering_words
    from crosstie.domain.clock import SystemClock

    scope = tenants.find(options.tenant)
    org = orgs.find(scope, options.org) if options.org else orgs.only(scope)
    orgs.let_register(org.scope, options.who, SystemClock(), Actor("cli"))
    return registering_words.registration_said(options.who, orgs.called(org))
