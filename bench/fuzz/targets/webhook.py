"""Bodies that anybody may post to the door for pushes."""

import json
from random import Random
from typing import Any

from bench.fuzz.mutate import as_bytes, mutated_bytes, mutated_json, random_json
from bench.fuzz.replay import BODIES
from bench.fuzz.runner import Stateless
from crosstie.domain.push import Notice
from crosstie.mailboxes.graph.push import Malformed, notices

NOTICE: dict[str, Any] = {
    "subscriptionId": "7f105c7d-2dc5-4530-97cd-4e7ae6534c07",
    "subscriptionExpirationDateTime": "2026-11-22T09:00:00Z",
    "clientState": "a word of ours",
    "changeType": "created",
    "resource": "users/1/messages/AAMk=",
    "tenantId": "84bd8158-6d4d-4958-8b9f-9d6445542f95",
    "resourceData": {"@odata.type": "#Microsoft.Graph.Message", "@odata.etag": 'W/"CQAA"', "id": "AAMk="},
}
SEEDS = (
    {"value": [NOTICE]},
    {"value": [NOTICE, {**NOTICE, "changeType": "updated"}], "validationTokens": ["a.b.c"]},
    {"value": [{**NOTICE, "lifecycleEvent": "reauthorizationRequired"}]},
    {"value": [{**NOTICE, "lifecycleEvent": "missed", "clientState": None}]},
)


class Webhook(Stateless):
    def feed(self, dice: Random) -> None:
        try:
            found = notices(_body(dice))
        except Malformed:
            return
        assert all(isinstance(one, Notice) and one.word for one in found)


def _body(dice: Random) -> bytes:
    seed = dice.choice(SEEDS)
    chance = dice.random()
    if chance < 0.6:
        return as_bytes(mutated_json(seed, dice))
    if chance < 0.85:
        plain = json.dumps(seed).encode()
        return mutated_bytes(plain, dice, (b'"', b"{", b"]", b"null", b"\\ud800", b"1e999"), (plain,))
    return dice.choice((dice.choice(BODIES), as_bytes(random_json(dice))))
