"""Checks of the public key and of JWT templates."""

from .. import jwt
from ..check import Wrong, covers, equal, ids, nothing, rows
from .sessions import template, token

NO_TEMPLATE = nothing("jtmpl")
CLAIMS = {"aud": "shop", "camelKey": "{{user.id}}", "deep": {"list": [1, "a", None]}}


def stored(c, made):
    return c.admin.get("/jwt_templates/" + made["id"])


@covers("GetJWKS")
def get_jwks(c):
    with c.part("the public key of session tokens"):
        keys = c.call()["keys"]
        equal([(key["kty"], key["alg"], key["use"]) for key in keys], [("RSA", "RS256", "sig")] * len(keys), "keys")
        jwt.genuine(token(c, c.admin.session(c.admin.user())), keys)
    with c.part("no private part"):
        private = {"d", "p", "q", "dp", "dq", "qi"}
        equal([name for key in c.call()["keys"] for name in key if name in private], [], "private fields")


@covers("ListJWTTemplates")
def list_jwt_templates(c):
    made = [template(c) for _ in range(4)]
    with c.part("rows are templates"):
        got = c.call(limit=10)
        equal(sorted(ids(got)), sorted(one["id"] for one in made), "ids")
        row = next(row for row in rows(got) if row["id"] == made[0]["id"])
        c.same(row, object="jwt_template", name=made[0]["name"], lifetime=60, signing_algorithm="RS256")
    with c.part("pages by limit and offset"):
        c.pages(ids(c.admin.get("/jwt_templates", limit=10)), 3)
    if c.can("paginated"):
        with c.part("envelope when asked for"):
            got = c.call(paginated=True, limit=3)
            equal((len(rows(got)), got["total_count"]), (3, 4), "rows and total_count")
    with c.part("wrong key"):
        c.wrong_key()


@covers("CreateJWTTemplate")
def create_jwt_template(c):
    tag = c.admin.tag()

    def create(**fields):
        made = c.call(**fields)
        c.admin.made("/jwt_templates/" + made["id"])
        return made

    with c.part("every kind of field"):
        got = create(name=tag + "-1", claims=CLAIMS, lifetime=300, allowed_clock_skew=10)
        c.same(got, object="jwt_template", name=tag + "-1", lifetime=300, allowed_clock_skew=10,
               custom_signing_key=False, signing_algorithm="RS256")
        if not got["id"].startswith("jtmpl_"):
            raise Wrong(f"id {got['id']!r}")
        c.same(stored(c, got), name=tag + "-1", lifetime=300)
    with c.part("sends the claims"):
        equal(stored(c, create(name=tag + "-2", claims=CLAIMS))["claims"], CLAIMS, "stored claims")
    with c.part("reads the claims"):
        equal(create(name=tag + "-3", claims=CLAIMS)["claims"], CLAIMS, "claims")
    with c.part("smallest"):
        c.same(create(name=tag + "-4", claims={}), lifetime=60, allowed_clock_skew=5)
    with c.part("with a key of its own"):
        got = create(name=tag + "-5", claims={}, custom_signing_key=True, signing_algorithm="HS256",
                     signing_key="a secret that is long enough for it")
        c.same(got, custom_signing_key=True, signing_algorithm="HS256")
    with c.part("name taken"):
        c.refused((400, 422), None, name=template(c)["name"], claims={})
    with c.part("too short a lifetime"):
        c.refused(422, None, name=tag + "-6", claims={}, lifetime=29)
    with c.part("wrong key"):
        c.wrong_key(name=tag + "-7", claims={})


@covers("GetJWTTemplate")
def get_jwt_template(c):
    made = template(c, claims=CLAIMS, lifetime=300)
    with c.part("by id"):
        c.same(c.call(template_id=made["id"]), **{name: made[name] for name in (
            "id", "object", "name", "lifetime", "allowed_clock_skew", "custom_signing_key", "signing_algorithm",
            "created_at", "updated_at")})
    with c.part("reads the claims"):
        equal(c.call(template_id=made["id"])["claims"], CLAIMS, "claims")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", template_id=NO_TEMPLATE)


@covers("UpdateJWTTemplate")
def update_jwt_template(c):
    made, tag = template(c), c.admin.tag()
    target = {"template_id": made["id"]}
    with c.part("changes"):
        got = c.call(**target, name=tag, claims={}, lifetime=120)
        c.same(got, id=made["id"], name=tag, lifetime=120)
        c.same(stored(c, made), name=tag, lifetime=120)
    with c.part("sends the claims"):
        c.call(**target, name=tag, claims=CLAIMS)
        equal(stored(c, made)["claims"], CLAIMS, "stored claims")
    with c.part("name taken"):
        c.refused((400, 422), None, **target, name=template(c)["name"], claims={})
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", template_id=NO_TEMPLATE, name=tag, claims={})


@covers("DeleteJWTTemplate")
def delete_jwt_template(c):
    made = template(c)
    with c.part("deletes"):
        c.same(c.call(template_id=made["id"]), object="jwt_template", id=made["id"], deleted=True)
        equal(c.admin.request("GET", "/jwt_templates/" + made["id"])[0], 404, "status afterwards")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", template_id=made["id"])
