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
        self._pair: tuple[str, dict[str, str]] = ("", {})
        """The link that was asked about last, and what was made of its fields: a pair is asked what moved, and is
        sealed as it is then. It holds what one pair says, and no longer than until the next one.
        """

    def item(self, plain: str) -> str:
        """Of a natural key, a conversation id or a sender; nothing stays nothing."""
        return self._make("item", plain, self._items, self._items.current) if plain else ""

    def item_candidates(self, plain: str) -> tuple[str, ...]:
        """The digests this value may have been stored under, the current key's first."""
        return self._candidates("item", plain, self._items) if plain else ()

    def same(self, digest: str, plain: str) -> bool:
        return digest in self.item_candidates(plain) if plain else not digest

    def naturals(self, plain: str, known: str) -> tuple[str, ...]:
        """Of a link: as `item_candidates`, or what it is `known` by where nobody has its natural key at hand."""
        return self.item_candidates(plain) or ((known,) if known else ())

    def sealed(self, link_key: str, side: str, values: Mapping[str, str]) -> dict[str, str]:
        """Field → digest of its value on that side of that link: two links with equal values share nothing."""
        key_id, made = self._items.current, self._made(link_key)
        return {name: self._field(made, key_id, link_key, side, name, value) for name, value in values.items()}

    def moved(
        self, link_key: str, side: str, sealed: Mapping[str, str], values: Mapping[str, str]
    ) -> frozenset[str] | None:
        """Fields whose value was not sealed as it is now; None where one was under a key that the ring lacks."""
        found, made = set(), self._made(link_key)
        for name, value in values.items():
            digest = sealed.get(name, "")
            key_id = digest.partition(":")[0]
            if digest and key_id not in self._items.keys:
                return None
            if not digest or digest != self._field(made, key_id, link_key, side, name, value):
                found.add(name)
        return frozenset(found)

    def address(self, email: str) -> str:
        return self._make("address", canonical(email), self._directory, self._directory.current)

    def address_candidates(self, email: str) -> tuple[str, ...]:
        return self._candidates("address", canonical(email), self._directory)

    def items_by_candidate(self, plains: Iterable[str]) -> dict[str, str]:
        return {digest: plain for plain in plains for digest in self.item_candidates(plain)}

    def addresses_by_candidate(self, emails: Iterable[str]) -> dict[str, str]:
        return {digest: email for email in emails for digest in self.address_candidates(email)}

    def _made(self, link_key: str) -> dict[str, str]:
        if self._pair[0] != link_key:
            self._pair = (link_key, {})
        return self._pair[1]

    def _field(self, made: dict[str, str], key_id: str, link_key: str, side: str, name: str, value: str) -> str:
        named = f"{key_id}\x1f{side}\x1f{name}\x1f{value}"
        digest = made.get(named)
        if digest is None:
            place = f"{link_key}\x1f{side}\x1f{name}\x1f{value}"
            digest = made[named] = self._make("field", place, self._items, key_id)
        return digest

    def _candidates(self, purpose: str, plain: str, ring: KeyRing) -> tuple[str, ...]:
        ids = (ring.current, *(key_id for key_id in ring.keys if key_id != ring.current))
        return tuple(self._make(purpose, plain, ring, key_id) for key_id in ids)

    def _make(self, purpose: str, plain: str, ring: KeyRing, key_id: str) -> str:
        message = f"{purpose}\x1f{self._org_id}\x1f{plain}".encode("utf-8", "surrogatepass")
        return f"{key_id}:{hmac.digest(ring.keys[key_id], message, 'sha256')[:DIGEST_BYTES].hex()}"
