"""What the laws say about one message, read from their articles once more and written by hand.

It shares neither code nor data with the packs: where the two differ, one of them misread the law.
The articles are those of the Korean Network Act (Act on Promotion of Information and Communications
Network Utilization and Information Protection, article 50, and its decree, articles 61 and 62-3),
Directive 2002/58/EC article 13 with GDPR article 21 (in the United Kingdom PECR regulation 22), and
of the United States' CAN-SPAM Act (15 U.S.C. 7704) and 47 CFR 64.1200.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.guard.cases import Case, Fate

ALLOWED: Fate = ("allow", "allowed", None)
KOREA = ZoneInfo("Asia/Seoul")
# Member states of the European Union, Norway, Iceland and Liechtenstein, and the United Kingdom.
EUROPE = (
    "BE BG CZ DK DE EE IE GR ES FR HR IT CY LV LT LU HU MT NL AT PL PT RO SI SK FI SE NO IS LI GB"
)


def rule(
    case: Case, *, shop_country: str, shop_zone: str, similar_goods: bool, now: datetime
) -> Fate:
    """Say what must become of a message that nothing but the law speaks against."""
    if case.purpose == "informational":
        return ALLOWED
    country = jurisdiction(case.country) or jurisdiction(shop_country) or "europe"
    if country == "korea":
        return korean(case, similar_goods=similar_goods, now=now)
    if country == "america":
        return american(case, zone=case.zone or shop_zone, now=now)
    return european(case, similar_goods=similar_goods)


def jurisdiction(country: str | None) -> str | None:
    named = (country or "").upper()
    if named == "KR":
        return "korea"
    if named == "US":
        return "america"
    return "europe" if named and named in EUROPE.split(" ") else None


def korean(case: Case, *, similar_goods: bool, now: datetime) -> Fate:
    # Article 50(1) wants explicit prior consent; 50(1)1 with decree 61(1) spares the seller it for
    # the same kind of goods until six months after the transaction, where the buyer gave the
    # contact directly; 50(2) forbids all of it once somebody refused.
    today = now.astimezone(KOREA)
    if case.consent in ("refused", "withdrawn"):
        return skip("no_consent")
    if case.consent is None:
        half_a_year_ago = today.replace(
            year=today.year - (today.month <= 6), month=(today.month - 7) % 12 + 1
        )
        spared = (
            similar_goods
            and case.similar
            and case.channel in ("email", "sms")
            and case.bought_at is not None
            and case.bought_at >= half_a_year_ago
        )
        if not spared:
            return skip("no_consent")
    # Article 50(8) with decree 62-3: told again every two years before that same day comes.
    if case.consent == "granted" and case.channel != "kakao_alimtalk":
        given = case.confirmed_at.astimezone(KOREA).date()
        if (today.year, today.month, today.day) >= (given.year + 2, given.month, given.day):
            return skip("renewal_overdue")
    # Alimtalk is for information; advertising in its dress hides what it is, article 50(5).
    if case.channel == "kakao_alimtalk":
        return skip("channel_forbidden")
    # Article 50(3): from nine in the evening to eight in the morning only with a consent of its
    # own; decree 61(2) excepts e-mail. Kakao itself takes nothing from ten to nine on.
    minute = today.hour * 60 + today.minute
    if case.channel == "kakao_brand" and not 8 * 60 <= minute < 20 * 60 + 50:
        return hold(today)
    agreed = case.consent == "granted" and case.night
    if case.channel in ("sms", "push", "inapp") and not 8 * 60 <= minute < 21 * 60 and not agreed:
        return hold(today)
    return ALLOWED


def european(case: Case, *, similar_goods: bool) -> Fate:
    # Article 13(1): prior consent. Article 13(2): a customer's own address, obtained with a sale,
    # may be used for similar products as long as they do not object.
    if case.consent in ("refused", "withdrawn"):
        return skip("no_consent")
    customer = case.bought_at is not None and case.similar and similar_goods
    by_mail = case.channel in ("email", "sms")
    if case.consent is None and not (customer and by_mail):
        return skip("no_consent")
    return skip("channel_forbidden") if case.channel == "kakao_alimtalk" else ALLOWED


def american(case: Case, *, zone: str, now: datetime) -> Fate:
    # CAN-SPAM lets a sender write until somebody objects; text messages need written consent and
    # keep the hours of telephone solicitation where they are received; for everything else we ask.
    if case.consent in ("refused", "withdrawn"):
        return skip("no_consent")
    if case.consent is None and case.channel != "email":
        return skip("no_consent")
    if case.channel == "kakao_alimtalk":
        return skip("channel_forbidden")
    there = now.astimezone(ZoneInfo(zone))
    if case.channel == "sms" and not 8 <= there.hour < 21:
        return hold(there)
    return ALLOWED


def skip(reason: str) -> Fate:
    return ("skip", reason, None)


def hold(local: datetime) -> Fate:
    """Wait for the next eight in the morning there."""
    day = local if local.hour < 8 else local + timedelta(days=1)
    return ("hold", "night_law", day.replace(hour=8, minute=0, second=0, microsecond=0))
