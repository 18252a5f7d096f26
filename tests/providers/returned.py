# ruff: noqa: E501 - mail is quoted in the lines it comes in
"""Mail as other servers and people send it back, written after what theirs looks like."""

import base64

NAMED = "AAAAAQAAAAAAAAABc2lnbmF0dXJlLXNpZ25hdA"
GONE = "minji@mail.example"
HEAD = """Return-Path: <b+{token}@bounce.shop.example>
From: "=?utf-8?b?64uo6rOo?=" <hello@shop.example>
To: minji@mail.example
Subject: =?utf-8?b?KOq0keqzoCkg7IOIIOyGjOyLnQ==?=
Message-ID: <{token}@bounce.shop.example>
Feedback-ID: 3:1:marketing:dangol
List-Unsubscribe: <https://dangol.example/u/x>, <mailto:u+{refusal}@bounce.shop.example>
"""


def head(token: str = NAMED, refusal: str = NAMED) -> str:
    """The headers of our mail, as reports quote them."""
    return HEAD.format(token=token, refusal=refusal)


def report(text: str, status: str, *, to: str, headers: str = "", returned: str, charset="utf-8"):
    """A report of three parts."""
    return (
        f"Return-Path: <>\n{headers}To: {to}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status;\n boundary="=_r"\n\n'
        f"--=_r\nContent-Type: text/plain; charset={charset}\n\n{text}\n"
        f"--=_r\nContent-Type: message/delivery-status\n\n{status}\n"
        f"--=_r\nContent-Type: {returned}\n\n"
    )


def postfix(
    token: str = NAMED, *, status: str = "5.1.1", action: str = "failed", to: str = ""
) -> bytes:
    return (
        report(
            "This is the mail system at host relay.shop.example.\n\n"
            f"<{GONE}>: host mx.mail.example said: 550 {status} <{GONE}>: Recipient address\n"
            "    rejected: User unknown in virtual mailbox table (in reply to RCPT TO command)",
            "Reporting-MTA: dns; relay.shop.example\nX-Postfix-Queue-ID: 4FJk2l1Xyz\n"
            f"X-Postfix-Sender: rfc822; b+{token}@bounce.shop.example\n"
            "Arrival-Date: Tue,  2 Mar 2027 12:00:00 +0900 (KST)\n\n"
            f"Final-Recipient: rfc822; {GONE}\nOriginal-Recipient: rfc822;{GONE}\n"
            f"Action: {action}\nStatus: {status}\nRemote-MTA: dns; mx.mail.example\n"
            f"Diagnostic-Code: smtp; 550 {status} <{GONE}>: Recipient address rejected:\n"
            "    User unknown in virtual mailbox table\n",
            headers="From: MAILER-DAEMON@relay.shop.example (Mail Delivery System)\n"
            "Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n",
            to=to or f"b+{token}@bounce.shop.example",
            returned="text/rfc822-headers",
        )
        + head(token)
        + "\n--=_r--\n"
    ).encode()


def exim(token: str = NAMED) -> bytes:
    """Exim's own status says only that it failed; the other server's answer says why."""
    return (
        report(
            "A message that you sent could not be delivered to one or more of its\nrecipients.",
            f"Reporting-MTA: dns; relay.shop.example\n\nAction: failed\nFinal-Recipient: rfc822;{GONE}\n"
            "Status: 5.0.0\nRemote-MTA: dns; mx.mail.example\n"
            f"Diagnostic-Code: smtp; 550 5.1.1 <{GONE}>... User unknown\n",
            headers="From: Mail Delivery System <Mailer-Daemon@relay.shop.example>\n"
            f"X-Failed-Recipients: {GONE}\nAuto-Submitted: auto-replied\n"
            "Subject: Mail delivery failed: returning message to sender\n",
            to=f"b+{token}@bounce.shop.example",
            returned="message/rfc822",
        )
        + head(token)
        + "\nHello\n--=_r--\n"
    ).encode()


def exchange(token: str = NAMED) -> bytes:
    """Exchange writes in HTML for people, and its sender is the administrator."""
    return (
        "Return-Path: <>\nFrom: <postmaster@corp.example>\n"
        f"To: b+{token}@bounce.shop.example\nSubject: Undeliverable: (Ad) News\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="e"\n\n'
        '--e\nContent-Type: multipart/alternative; boundary="a"\n\n'
        '--a\nContent-Type: text/html; charset="ks_c_5601-1987"\nContent-Transfer-Encoding: base64\n\n'
        + base64.encodebytes("<b>메일을 배달하지 못했습니다</b>".encode("cp949")).decode()
        + "--a--\n--e\nContent-Type: message/delivery-status\n\nReporting-MTA: dns;EX01.corp.example\n"
        "Received-From-MTA: dns;relay.shop.example\n\n"
        f"Final-Recipient: rfc822;{GONE}\nAction: failed\nStatus: 5.1.10\n"
        "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP\n"
        "X-Display-Name: minji\n\n--e\nContent-Type: message/rfc822\n\n"
        + head(token)
        + "\nHello\n--e--\n"
    ).encode()


def gmail(token: str = NAMED, *, full: bool = False) -> bytes:
    status = "4.2.2" if full else "5.1.1"
    words = (
        "452 4.2.2 The recipient's inbox is out of storage space."
        if full
        else "550-5.1.1 The email account that you tried to reach does not exist."
    )
    return (
        report(
            f"** Address not found **\n\nYour message wasn't delivered to {GONE} because the address\n"
            "couldn't be found, or is unable to receive mail.",
            "Reporting-MTA: dns; googlemail.com\nArrival-Date: Mon, 01 Mar 2027 19:00:00 -0800 (PST)\n"
            f"X-Original-Message-ID: <{token}@bounce.shop.example>\n\n"
            f"Final-Recipient: rfc822; {GONE}\nAction: {'delayed' if full else 'failed'}\n"
            f"Status: {status}\nRemote-MTA: dns; gmail-smtp-in.l.google.com. (the server for mail)\n"
            f"Diagnostic-Code: smtp; {words}\nLast-Attempt-Date: Mon, 01 Mar 2027 19:00:01 -0800 (PST)\n",
            headers="From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\n"
            "Subject: Delivery Status Notification (Failure)\nAuto-Submitted: auto-replied\n",
            to=f"b+{token}@bounce.shop.example",
            returned="message/rfc822",
        )
        + head(token)
        + "\nHello\n--=_r--\n"
    ).encode()


def naver(token: str = NAMED) -> bytes:
    """For people only, in Korean, with the other server's answer quoted."""
    text = (
        "안녕하세요. 네이버 메일입니다.\n\n보내신 메일이 다음과 같은 이유로 발송되지 못했습니다.\n\n"
        f"받는사람 : {GONE}\n실패사유 : 550 5.1.1 {GONE} 존재하지 않는 사용자입니다.\n"
    )
    return (
        f"Return-Path: <>\nFrom: =?utf-8?b?{base64.b64encode('네이버 메일'.encode()).decode()}?="
        f" <postmaster@naver.example>\nTo: <b+{token}@bounce.shop.example>\n"
        f"Subject: =?utf-8?b?{base64.b64encode('[발송실패] 메일 발송 실패 안내'.encode()).decode()}?=\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(text.encode()).decode()
    ).encode()


def daum(token: str = NAMED) -> bytes:
    """In a charset of its time, as a page, with no code but three digits."""
    page = (
        "<html><body>메일이 반송되었습니다.<br>수신자: minji@mail.example<br>\n"
        "사유: 550 존재하지 않는 사용자 (User unknown)<br></body></html>"
    )
    return (
        b"Return-Path: <>\nFrom: MAILER-DAEMON@daum.example\nTo: b+"
        + token.encode()
        + b"@bounce.shop.example\nSubject: =?EUC-KR?B?"
        + base64.b64encode("메일 배달 실패".encode("euc-kr"))
        + b"?=\nContent-Type: text/html; charset=ksc5601\nContent-Transfer-Encoding: 8bit\n\n"
        + page.encode("cp949")
    )


def qmail(token: str = NAMED) -> bytes:
    return (
        f"Return-Path: <>\nFrom: MAILER-DAEMON@old.example\nTo: b+{token}@bounce.shop.example\n"
        "Subject: failure notice\n\nHi. This is the qmail-send program at old.example.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n"
        f"<{GONE}>:\n198.51.100.7 does not like recipient.\n"
        "Remote host said: 554 5.7.1 Service unavailable; client host blocked\nGiving up.\n\n"
        "--- Below this line is a copy of the message.\n\n" + head(token) + "\nHello\n"
    ).encode()


def expanded(token: str = NAMED) -> bytes:
    """One address of ours led to two; one of them failed."""
    return (
        report(
            "One of several failed.",
            "Reporting-MTA: dns; lists.example\n\n"
            "Final-Recipient: rfc822; old@mail.example\nAction: failed\nStatus: 5.1.1\n\n"
            "Final-Recipient: rfc822; new@mail.example\nAction: relayed\nStatus: 2.0.0\n",
            headers="From: MAILER-DAEMON@lists.example\n",
            to=f"b+{token}@bounce.shop.example",
            returned="text/rfc822-headers",
        )
        + head(token)
        + "\n--=_r--\n"
    ).encode()


def complaint(
    token: str = NAMED,
    *,
    kind: str = "abuse",
    refusal: str = NAMED,
    blackened: bool = False,
    to: str = "abuse@shop.example",
) -> bytes:
    """A feedback report (RFC 5965), with the original's names blackened where so asked."""
    returned = head(token, refusal)
    if blackened:
        returned = returned.replace(token, "redacted", 2).replace(GONE, "redacted@mail.example")
    sent = "" if blackened else f"Original-Mail-From: <b+{token}@bounce.shop.example>\n"
    return (
        f"From: <fbl@mailbox.example>\nTo: {to}\nSubject: FW: News\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="f"\n\n'
        "--f\nContent-Type: text/plain\n\nThis is an email abuse report.\n"
        f"--f\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\n"
        f"User-Agent: Mailbox-FBL/1.0\nVersion: 1\n{sent}Source-IP: 192.0.2.1\n\n"
        f"--f\nContent-Type: message/rfc822\n\n{returned}\nHello\n--f--\n"
    ).encode()


def answer(
    text: str,
    token: str = NAMED,
    *,
    subject: str = "Re: News",
    headers: str = "",
    charset: str = "utf-8",
) -> bytes:
    """What somebody answers to our mail."""
    coded = base64.b64encode(subject.encode(charset)).decode()
    return (
        f"From: minji@mail.example\nTo: hello@shop.example\n{headers}"
        f"Subject: =?{charset}?b?{coded}?=\nIn-Reply-To: <{token}@bounce.shop.example>\n"
        f"References: <{token}@bounce.shop.example>\n"
        f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(text.encode(charset)).decode()
    ).encode()
