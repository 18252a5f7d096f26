"""The page of the law has every rule of the packs, with its article and its examples."""

from dangol.guard.law.pack import read_packs


def test_no_rule_no_article_and_no_example_is_left_out(member):
    told = member.get("/api/law").json()["packs"]

    packs = read_packs()
    assert [one["code"] for one in told] == [pack.code for pack in packs]
    for one, pack in zip(told, packs, strict=True):
        assert [rule["article"]["ko"] for rule in one["rules"]] == [
            rule.article.ko for rule in pack.rules
        ]
        assert [len(rule["examples"]) for rule in one["rules"]] == [
            len(rule.examples) for rule in pack.rules
        ]
        assert len(one["duties"]) == len(pack.duties)


def test_an_example_says_whether_it_passes_and_else_why_not(member):
    korea = member.get("/api/law").json()["packs"][0]
    examples = [example for rule in korea["rules"] for example in rule["examples"]]

    assert {one["passes"] for one in examples} == {True, False}
    assert all(one["passes"] == (one["reason"] == "allowed") for one in examples)
    night = next(rule for rule in korea["rules"] if rule["hours"])
    assert night["hours"] == ["21:00", "08:00"]
    assert any(one["reason"] == "night_law" and one["until"] for one in night["examples"])


def test_only_members_read_it(client):
    assert client.get("/api/law").status_code == 401
