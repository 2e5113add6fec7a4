#!/usr/bin/env python3
"""Reads the golden messages with Python's email package and holds them to what test_mail_message.c put in."""

import email
import email.policy
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
BAD = "\N{REPLACEMENT CHARACTER}"
ADDRESS = "no-reply@counter.example"

WANT = {
    "ascii": ("Residence Application Counter", "taro@mail.example", "Your user ID", "en",
              "Your user ID:\nABCDE12345\n\nhttps://counter.example/login\n.\n..\nFrom here = there \nend\n"),
    "japanese": ("在留申請の窓口", "hanako..y@carrier.example",
                 "【在留申請の窓口】申請を受け付けました（202611230017）とても長い件名でも文字の途中では切れません", "ja",
                 "2026年11月23日 14時03分（日本時間）に、次の申請を受け付けました。\n\n整理番号：202611230017\n"
                 "仮受付番号：東オン留T26000123\n\n"),
    "both": ('窓口 "A", B', "o'neil+tag@mail.example",
             "[Counter] Application received (202611230017) – a subject longer than one line of seventy-six", "en, ja",
             "An application was received on 23 November 2026, 14:03 (Japan time). This line is long enough to be folded.\n"
             "Applicant: NGUYỄN VĂN 𠮷\n\n----\n\n申請を受け付けました。\n\t字下げ \n"),
    "hostile": ("=?UTF-8?Q?x?=", "a@b.example", "=?UTF-8?B?eA==?=", "en",
                f"\n.\nRSET\nMAIL FROM:<x@y.example>\n\n.\n\n.\n{BAD}{BAD}[2J{BAD}\n--b\nContent-Type: text/html\n\n<b>\n"),
    "empty": ("", "a@b.example", "", None, ""),
}


def check(name, want):
    raw = (HERE / f"{name}.eml").read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n") and raw.count(b"\r") == raw.count(b"\r\n"), "bare CR or LF"
    assert raw.isascii(), "not ASCII"
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert not message.defects, message.defects
    assert len(message["from"].addresses) == 1 and len(message["to"].addresses) == 1
    sender = message["from"].addresses[0]
    text = message.get_content().replace("\r\n", "\n")
    got = (sender.display_name, message["to"].addresses[0].addr_spec, message["subject"], message["content-language"], text)
    assert sender.addr_spec == ADDRESS
    assert got == want, f"\n{got}\n{want}"
    assert set(h.lower() for h in message.keys()) <= {
        "date", "from", "to", "subject", "message-id", "auto-submitted", "content-language", "mime-version",
        "content-type", "content-transfer-encoding"}
    assert len(set(message.keys())) == len(message.keys()), "a header twice"
    assert message.get_content_type() == "text/plain" and not message.is_multipart()
    assert message["date"].datetime is not None


for name, want in WANT.items():
    try:
        check(name, want)
    except AssertionError as fault:
        sys.exit(f"{name}.eml: {fault}")
assert {p.stem for p in HERE.glob("*.eml")} == set(WANT)
print(f"{len(WANT)} messages")
