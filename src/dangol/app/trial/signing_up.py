"""What somebody in a story says when they sign up: where to reach them, and what they want."""

from collections.abc import Mapping


def sign_up(
    name: str,
    traits: Mapping[str, object],
    *,
    email: str | None,
    phone: str | None,
    push: bool,
    consent: bool,
) -> dict[str, object]:
    """Return the call to the tracking API with which somebody signs up.

    Without a word about it (``email`` empty) they have an address of the story's; with ``consent``
    they want advertising on every channel that reaches them.
    """
    given = dict(traits)
    context: dict[str, object] = {}
    wanted = ["email"]
    if email is not None:
        given["email"] = email or address_of(name)
    if phone:
        given["phone"] = phone
        wanted += ["sms", "kakao_brand"]
    if push:
        context["device"] = {"type": "android", "id": f"{name}-phone", "token": f"{name}:story"}
        wanted.append("push")
    if consent:
        context["dangol"] = {"consents": [entry("grant", channel=one) for one in wanted]}
    return {"userId": name, "traits": {"name": name, **given}, "context": context}


def entry(action: str, *, channel: str = "email", purpose: str = "marketing") -> dict[str, str]:
    """Return a word about consent as the tracking API takes it."""
    return {"channel": channel, "purpose": purpose, "action": action, "source": "story"}


def address_of(name: str) -> str:
    """Return the address that somebody has in a story."""
    return f"{name}@shop.example"
