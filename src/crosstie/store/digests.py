"""Keyed digests of natural ids and addresses: equal things are found again, and nothing can be read back."""

import hmac
from collections.abc import Iterable, Mapping

from crosstie.config.secrets import KeyRing
from crosstie.domain.address import canonical

DIGEST_BYTES = 16


class Digests:
    """Of one org: HMAC-SHA256 over purpose, org and value, cut to 128 bit, written `key-id:hex`.

    Written under the ring's current key, found under any of its keys. Items and the directory have rings of
    their own, so that neither table can be joined with the other.
    """

    def __init__(self, org_id: int, *, items: KeyRing, directory: KeyRing) -> None:
        self._org_id = org_id
        self._items = items
        self._directory = directory

    def item(self, plain: str) -> str:
        """Of a natural key, a conversation id or a sender; nothing stays nothing."""
        return self._make("item", plain, self._items, self._items.current) if plain else ""

    def item_candidates(self, plain: str) -> tuple[str, ...]:
        """The digests this value may have been stored under, the current key's first."""
        return self._candidates("item", plain, self._items) if plain else ()

    def alike(self, said: str) -> str:
        """Of what an event says, so that equal ones of one org are told without keeping it."""
        return self._make("alike", said, self._items, self._items.current)

    def alike_candidates(self, said: str) -> tuple[str, ...]:
        return self._candidates("alike", said, self._items)

    def same(self, digest: str, plain: str) -> bool:
        return digest in self.item_candidates(plain) if plain else not digest

    def naturals(self, plain: str, known: str) -> tuple[str, ...]:
        """Of a link: as `item_candidates`, or what it is `known` by where nobody has its natural key at hand."""
        return self.item_candidates(plain) or ((known,) if known else ())

    def sealed(self, link_key: str, side: str, values: Mapping[str, str]) -> dict[str, str]:
        """Field → digest of its value on that side of that link: two links with equal values share nothing."""
        return self._fields(link_key, side, values, self._items.current)

    def moved(
        self, link_key: str, side: str, sealed: Mapping[str, str], values: Mapping[str, str]
    ) -> frozenset[str] | None:
        """Fields whose value was not sealed as it is now; None where one was under a key that the ring lacks."""
        key_ids = {digest.partition(":")[0] for name in values if (digest := sealed.get(name))}
        if not key_ids <= self._items.keys.keys():
            return None
        now = [self._fields(link_key, side, values, key_id) for key_id in key_ids]
        return frozenset(name for name in values if all(one[name] != sealed.get(name) for one in now))

    def address(self, email: str) -> str:
        return self._make("address", canonical(email), self._directory, self._directory.current)

    def address_candidates(self, email: str) -> tuple[str, ...]:
        return self._candidates("address", canonical(email), self._directory)

    def items_by_candidate(self, plains: Iterable[str]) -> dict[str, str]:
        return {digest: plain for plain in plains for digest in self.item_candidates(plain)}

    def addresses_by_candidate(self, emails: Iterable[str]) -> dict[str, str]:
        return {digest: email for email in emails for digest in self.address_candidates(email)}

    def _fields(self, link_key: str, side: str, values: Mapping[str, str], key_id: str) -> dict[str, str]:
        place = f"field\x1f{self._org_id}\x1f{link_key}\x1f{side}"
        return {
            name: _digest(f"{place}\x1f{name}\x1f{value}", self._items, key_id) for name, value in values.items()
        }

    def _candidates(self, purpose: str, plain: str, ring: KeyRing) -> tuple[str, ...]:
        ids = (ring.current, *(key_id for key_id in ring.keys if key_id != ring.current))
        return tuple(self._make(purpose, plain, ring, key_id) for key_id in ids)

    def _make(self, purpose: str, plain: str, ring: KeyRing, key_id: str) -> str:
        return _digest(f"{purpose}\x1f{self._org_id}\x1f{plain}", ring, key_id)


def _digest(message: str, ring: KeyRing, key_id: str) -> str:
    digest = hmac.digest(ring.keys[key_id], message.encode("utf-8", "surrogatepass"), "sha256")
    return f"{key_id}:{digest[:DIGEST_BYTES].hex()}"
