"""Which company a history is of, drawn from its seed: its org, the vendors' manners, and what is set at first."""

import random
from dataclasses import replace

from crosstie.domain.access import AuthMode
from crosstie.domain.settings import AutoTrackMode, MailWay, Resolving, Settings
from sandbox import switches
from tests.simulation import folk
from tests.simulation.house import Make

PEOPLE = ("ada", "ben", "cleo")
LEFT_OUT = {
    "graph.never_ending_round": "a listing that never ends is never read to its end: promise 1 cannot hold",
    "graph.message_id_is_added": "copies of a nameless mail get names of their own: nothing tells they are one",
}
"""Switches whose other answer voids a promise by definition. Those that interfere are left out as well: somebody
else then changes what people and Crosstie wrote, and the ledger does not know who meant what.
"""


def make_of(seed: int, dice: random.Random) -> Make:
    turned = {}
    for one in sorted(switches.declared(), key=lambda found: found.name):
        # Dice of its own, so that a new doubt leaves the histories of old seeds as they were.
        other = random.Random(f"{seed} {one.name}").random() < 0.3
        if one.name not in LEFT_OUT and other and not one.interferes:
            turned[one.name] = not one.default
    if {"salesforce.locators_die", "salesforce.small_pages"} <= turned.keys():
        # Pages of one row behind locators that die three times in ten: nothing is ever read to its end.
        del turned["salesforce.small_pages"]
    linking, rules = random.Random(f"{seed} linking"), random.Random(f"{seed} rules")
    modes = (AutoTrackMode.GENERAL,) * 5 + (AutoTrackMode.FORCED, AutoTrackMode.FLEXIBLE, AutoTrackMode.SMART)
    settings = Settings(
        resolving_create=False,
        mail_auto_track_mode=rules.choice(modes),
        mail_way=rules.choice((MailWay.BOTH,) * 8 + (MailWay.INBOUND, MailWay.OUTBOUND)),
        include_internal=rules.random() < 0.1,
        internal_known=rules.random() < 0.35,
        free_mail_known=rules.random() < 0.3,
        skip_spam=rules.random() < 0.7,
        mail_folders=rules.choice(((), (), (), ("archive",))),
        never_linked=rules.choice(((),) * 8 + (("Lead",), ("Contact",), ("Account", "Opportunity"))),
        attachments_allowed_extensions=rules.choice(((), (), (), ("pdf",))),
        attachments_max_count=rules.choice((100, 100, 100, 1)),
        store_body=rules.random() < 0.85,
        crop_quotes=rules.random() < 0.4,
        link_opportunities=linking.random() < 0.8,
        link_person_alone=linking.random() < 0.2,
        mail_auto_save=dice.random() < 0.85,
        mail_save_unlinked=dice.random() < 0.15,
        blocklist=(folk.NEWS, "deals.test") if dice.random() < 0.7 else (),
    )
    keyed = dice.random() < 0.75
    if keyed and rules.random() < 0.35:
        made = rules.choice((Resolving.LEAD, Resolving.CONTACT))
        housing = random.Random(f"{seed} housing")
        settings = replace(settings, resolving=made, resolving_create=housing.random() < 0.5)
    return Make(
        syncing=PEOPLE,
        keyed=keyed,
        enhanced_email=dice.random() < 0.7,
        settings=settings,
        switches=turned,
        seed=seed,
        crm_mode=dice.choice(list(AuthMode)),
        delegated=dice.random() < 0.25,
    )
