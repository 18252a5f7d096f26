"""What `dangol doctor` says of vendors in Korea: account, clock, number, channel, templates."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from dangol.app.clock import machine_time
from dangol.app.settings import Settings
from dangol.app.templates import standings
from dangol.app.vendor_templates import say_state, template_desks
from dangol.app.vendors import bizgo_account, nhn_account, solapi_account
from dangol.channels.approvals import Approval, list_approvals
from dangol.content.template import Template, list_templates
from dangol.providers.bizgo.poll import read_channel
from dangol.providers.bizgo.sender import BizgoAccount
from dangol.providers.nhn.ask import demand_kakao, demand_sms
from dangol.providers.nhn.sender import NhnAccount
from dangol.providers.solapi.account import SolapiAccount
from dangol.providers.vendor import VendorError
from dangol.providers.wire.call import Json, Place, object_of, objects_of, text_of
from dangol.providers.wire.numbers import split_number
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel, TemplateState

PATIENCE_SECONDS: Final = 10.0
# An answer is dated to the second and takes a while to come.
MOST_SKEW: Final = timedelta(seconds=60)
LEAST_BALANCE: Final = 10_000.0
# What Kakao's state of a channel must be, where it is said.
ACTIVE: Final = frozenset({"", "A"})
# Check, what was found, and the remedy or nothing.
Found = tuple[str, str, str]


def examine_vendors(
    settings: Settings, *, clock: Callable[[], datetime] = machine_time
) -> list[Found]:
    """Look at each vendor that is set up, which takes calls to it."""
    return asyncio.run(gather(settings, clock=clock))


async def gather(settings: Settings, *, clock: Callable[[], datetime]) -> list[Found]:
    found: list[Found] = []
    if solapi := solapi_account(settings):
        patient = replace(solapi, seconds=PATIENCE_SECONDS)
        found.append(await examine_clock("solapi", patient.place, clock=clock))
        found += [one async for one in examine_solapi(patient)]
    if nhn := nhn_account(settings):
        url = nhn.kakao_url if nhn.kakao_app_key else nhn.sms_url
        place = Place(url=url, seconds=PATIENCE_SECONDS)
        found.append(await examine_clock("nhn", place, clock=clock))
        found += [one async for one in examine_nhn(replace(nhn, seconds=PATIENCE_SECONDS))]
    if bizgo := bizgo_account(settings):
        patient_bizgo = replace(bizgo, seconds=PATIENCE_SECONDS)
        found.append(await examine_clock("bizgo", patient_bizgo.place, clock=clock))
        found += [one async for one in examine_bizgo(patient_bizgo)]
    return found


async def examine_clock(vendor: str, place: Place, *, clock: Callable[[], datetime]) -> Found:
    """Does this machine's clock agree with the vendor's? Signatures and windows go by it."""
    there = await place.read_clock()
    check = f"{vendor} clock"
    if there is None:
        return check, "does not say what time it is", "Let this machine call it over https."
    skew = clock() - there
    words = f"ours is {skew.total_seconds():+.0f} s from theirs"
    remedy = "Let this machine follow a time server." if abs(skew) > MOST_SKEW else ""
    return check, words, remedy


async def examine_solapi(account: SolapiAccount) -> AsyncIterator[Found]:
    """Are we let in, is there money, and are number and channel ours?"""
    try:
        balance = await account.read_balance()
        low = "Charge it: at nothing it sends nothing." if balance < LEAST_BALANCE else ""
        yield "solapi account", f"lets us in; {balance:,.0f} KRW left", low
        numbers = await account.list_numbers()
        yield judge_number(
            "solapi", account.number, is_known=split_number(account.number)[1] in numbers
        )
        channels = await account.list_channels()
        yield judge_channel(
            "solapi",
            account.channel,
            fault="" if account.channel in channels else "is not linked to the account",
        )
    except VendorError as fault:
        yield "solapi account", "does not let us in", str(fault)


async def examine_nhn(account: NhnAccount) -> AsyncIterator[Found]:
    """Do both products let us in, and are number and channel ours?"""
    try:
        if account.sms_app_key:
            number = split_number(account.number)[1]
            said = await demand_sms(account, "/sendNos", query={"sendNo": number})
            listed = objects_of(said, "body", "data")
            good = [one for one in listed if text_of(one, "blockYn") != "Y"]
            yield "nhn sms", "lets us in", ""
            is_known = number in {text_of(one, "sendNo") for one in good}
            yield judge_number("nhn", account.number, is_known=is_known)
    except VendorError as fault:
        yield "nhn sms", "does not let us in", str(fault)
    if not account.kakao_app_key:
        return
    if not account.sender_key:
        yield judge_channel("nhn", "", fault="")
        return
    try:
        said = await demand_kakao(account, "GET", f"/senders/{account.sender_key}")
        sender = object_of(said, "sender")
        yield judge_channel("nhn", account.sender_key, fault=channel_fault(sender))
        if object_of(sender, "alimtalk").get("isResend") is True:
            yield (
                "nhn fallback",
                "its console sends texts instead",
                "Turn 대체발송 off there: what follows is the journey's to say.",
            )
    except VendorError as fault:
        yield "nhn kakao", "does not let us in, or not for this channel", str(fault)


async def examine_bizgo(account: BizgoAccount) -> AsyncIterator[Found]:
    """Are we let in, and is the channel ours? It lists no sender numbers."""
    if not account.sender_key:
        yield judge_channel("bizgo", "", fault="")
        return
    try:
        fault = channel_fault(await read_channel(account))
        yield "bizgo account", "lets us in; it lists no sender numbers", ""
        yield judge_channel("bizgo", account.sender_key, fault=fault)
    except VendorError as refused:
        yield "bizgo account", "does not let us in, or not for this channel", str(refused)


def channel_fault(said: Json) -> str:
    """Say what keeps a Kakao channel from sending; nothing where nothing does."""
    for mark in ("block", "dormant"):
        if said.get(mark) is True:
            return {"block": "is blocked", "dormant": "is dormant"}[mark]
    state = text_of(said, "kakaoProfileStatus") or text_of(said, "profileStatus")
    return "" if state in ACTIVE else f"is not active ({state})"


def judge_number(vendor: str, number: str, *, is_known: bool) -> Found:
    check = f"{vendor} sender number"
    setting = f"DANGOL_{vendor.upper()}_NUMBER"
    if not number:
        return check, "none is set", f"Set {setting}: texts need a registered number (발신번호)."
    if is_known:
        return check, f"{number} is registered", ""
    return check, f"{number} is not registered", f"Register it there, or correct {setting}."


def judge_channel(vendor: str, channel: str, *, fault: str) -> Found:
    check = f"{vendor} Kakao channel"
    name = "CHANNEL" if vendor == "solapi" else "SENDER_KEY"
    setting = f"DANGOL_{vendor.upper()}_{name}"
    if not channel:
        return check, "none is set", f"Set {setting}, or nothing goes to Kakao."
    if fault:
        return check, f"{channel} {fault}", f"Mend it in the vendor's console, or {setting} here."
    return check, f"{channel} is linked", ""


def examine_templates(
    connection: Connection, settings: Settings, *, workspace_ids: list[int]
) -> Iterator[Found]:
    """Are Kakao templates approved, and do vendors keep what we would send? From the last poll."""
    if not template_desks(settings):
        return
    approvals = list_approvals(connection)
    waiting = [
        found
        for workspace_id in workspace_ids
        for template in list_templates(connection, workspace_id=workspace_id)
        if template.channel == Channel.KAKAO_ALIMTALK
        or (template.channel == Channel.KAKAO_BRAND and template.vendor_code)
        for found in judge_template(template, approvals)
    ]
    yield from waiting or [("Kakao templates", "all are approved and as the vendors have them", "")]


def judge_template(template: Template, approvals: list[Approval]) -> Iterator[Found]:
    check = f"template {template.name}"
    by = "" if template.channel == Channel.KAKAO_ALIMTALK else f" --channel {template.channel}"
    again = f"Mend it, then: dangol template register {template.name}{by}"
    if not template.vendor_code:
        yield check, "no vendor keeps it", again
        return
    found = standings(template, approvals)
    if not found:
        yield (
            check,
            f"no vendor lists {template.vendor_code}",
            "Correct its vendor_code, or wait for the next question to the vendors.",
        )
    for one in found:
        kept = one.approval.kept
        if kept.state is not TemplateState.APPROVED:
            waits = kept.state in {TemplateState.REGISTERED, TemplateState.INSPECTING}
            remedy = "Wait for Kakao; until then it is not sent." if waits else again
            yield check, f"{one.approval.provider}: {say_state(kept)}", remedy
        elif one.differences:
            said = f"{one.approval.provider} keeps another text: {one.differences[0]}"
            yield check, said, "Take theirs, or register ours under another name."
