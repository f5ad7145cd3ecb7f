"""Checks of billing: subscription, credit balance and its ledger, of users and organizations."""

from ..check import NO_ORG, NOBODY, covers, equal


def _register(kind, param, nobody, make, path):
    @covers(f"Get{kind}BillingSubscription", only="refusals; the local Clerk has no plans")
    def subscription(c):
        with c.part("unknown id"):
            c.refused(404, "resource_not_found", **{param: nobody})

    @covers(f"Get{kind}BillingCreditBalance")
    def balance(c):
        payer = {param: make(c)["id"]}
        with c.part("never had credits"):
            c.same(c.call(**payer), object="commerce_credit_balance", balance=None)
        with c.part("after an increase"):
            c.admin.must("POST", path.format(**payer),
                         {"amount": 1250, "action": "increase", "idempotency_key": c.admin.tag()})
            c.same(c.call(**payer)["balance"], amount=1250, currency="USD")
        with c.part("unknown id"):
            c.refused(404, "resource_not_found", **{param: nobody})

    @covers(f"Adjust{kind}BillingCreditBalance")
    def adjust(c):
        payer = {param: make(c)["id"]}
        key = c.admin.tag()

        def held():
            return c.admin.get(path.format(**payer))["balance"]["amount"]

        with c.part("increase"):
            entry = c.call(**payer, amount=1000, action="increase", idempotency_key=key, note="welcome")
            c.same(entry, object="commerce_credit_ledger", note="welcome")
            c.same(entry["amount"], amount=1000)
            equal(held(), 1000, "balance")
        with c.part("same key, once only"):
            again = c.call(**payer, amount=1000, action="increase", idempotency_key=key, note="welcome")
            equal(again["id"], entry["id"], "ledger entry")
            equal(held(), 1000, "balance")
        with c.part("decrease"):
            entry = c.call(**payer, amount=300, action="decrease", idempotency_key=c.admin.tag())
            c.same(entry["amount"], amount=-300)
            equal(held(), 700, "balance")
        with c.part("unknown id"):
            c.refused(404, "resource_not_found", **{param: nobody}, amount=1, action="increase",
                      idempotency_key=c.admin.tag())


_register("User", "user_id", NOBODY, lambda c: c.admin.user(), "/users/{user_id}/billing/credits")
_register("Organization", "organization_id", NO_ORG, lambda c: c.admin.organization(),
          "/organizations/{organization_id}/billing/credits")
