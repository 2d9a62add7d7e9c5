"""The cache forgets what was used least recently."""

from acceptance_api.access.bounded import Bounded


def test_what_was_used_least_recently_is_forgotten_first() -> None:
    cache: Bounded[str, int] = Bounded(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)

    assert (cache.get("a"), cache.get("b"), cache.get("c"), len(cache)) == (1, None, 3, 2)
